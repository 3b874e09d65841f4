"""Wiring, and the use cases that span rooms."""

from cloud_service.services.services import Services, open_services

__all__ = ["Services", "open_services"]
