"""The hub's wires, sans-I/O."""
