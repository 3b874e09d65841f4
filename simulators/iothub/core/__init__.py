"""The hub's decisions, pure: registry, twins, etags, tokens, queries."""
