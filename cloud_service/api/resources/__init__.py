"""What the API shows: resources made of the services' views. Instants are UTC, RFC 3339."""
