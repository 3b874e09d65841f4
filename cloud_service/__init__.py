"""The chain: prices in, twins out, confirmations back."""
