"""Sockets, files and threads around the pure hub."""
