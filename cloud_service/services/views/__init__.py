"""What the services hand to the doors: plain values that pages, the API and the CLI show alike."""
