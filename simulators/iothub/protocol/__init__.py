"""Wire formats without wires: bytes in, events out; answers in, bytes out."""
