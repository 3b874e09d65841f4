"""The API over PostgreSQL."""
