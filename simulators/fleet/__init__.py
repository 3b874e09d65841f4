"""Simulated devices: the real agent, many at a time."""
