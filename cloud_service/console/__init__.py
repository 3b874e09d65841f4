"""The console: pages for people in head office and in the store, over the services' use cases."""
