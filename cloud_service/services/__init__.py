"""Wiring, and the use cases that span rooms."""
