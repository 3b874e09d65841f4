"""One device: twin in, pixels out."""
