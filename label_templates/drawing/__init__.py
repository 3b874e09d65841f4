"""Boxes to ink indices: text, barcodes, palettes, frames."""
