"""Engine, unit of work, migrations and the append-only events."""

from cloud_service.storage.engine import Storage, Unit

__all__ = ["Storage", "Unit"]
