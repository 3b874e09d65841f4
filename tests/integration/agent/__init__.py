"""The shelf agent through the real device SDK, against the simulated hub."""
