"""Price lists into files: what the book says of a zone now, as the import takes it back."""
