"""Benchmarks: each module has `lines()`, which yields one JSON object a measurement."""
