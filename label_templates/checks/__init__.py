"""Checks of a tile before it hangs: can it be drawn, can it be read, does it say what it must."""
