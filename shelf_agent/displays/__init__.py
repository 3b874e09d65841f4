"""The glass: one driver a module, found by the registry."""
