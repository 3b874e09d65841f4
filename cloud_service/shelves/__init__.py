"""From a position and its price to the tile it must show."""
