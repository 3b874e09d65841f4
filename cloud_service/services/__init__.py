"""Wiring, and the use cases that span rooms."""

from cloud_service.services.services import Services, open_services
from cloud_service.storage.events import Event

__all__ = ["Event", "Services", "open_services"]
