"""Products, stores, planograms and devices."""
