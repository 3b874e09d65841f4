"""Engine, unit of work, migrations and the append-only events."""
