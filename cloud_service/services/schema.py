"""All tables of all rooms in one metadata: what migrations must arrive at."""

from sqlalchemy import MetaData

import cloud_service.accounts.audit
import cloud_service.accounts.tables
import cloud_service.catalog.tables
import cloud_service.changes.tables
import cloud_service.delivery.tables
import cloud_service.pricing.imports.arrivals
import cloud_service.pricing.tables
import cloud_service.shelves.tables
import cloud_service.storage.events  # noqa: F401 - imported for the tables they register
from cloud_service.storage.base import Base

metadata: MetaData = Base.metadata
