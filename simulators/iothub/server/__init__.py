"""The hub's listeners, journal and certificates."""
