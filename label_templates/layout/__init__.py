"""Tile markup to boxes by an integer flex; text is measured by a function passed in."""
