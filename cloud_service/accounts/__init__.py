"""Users, sessions and tokens: who may come in."""
