"""The tests of what touches the database, once more on PostgreSQL, and what only PostgreSQL is."""
