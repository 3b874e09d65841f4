"""The price book, its imports, and what a product costs where and when."""
