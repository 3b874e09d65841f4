"""What shelves keep: template bundles, as they were brought in. Instants are UTC seconds."""

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from cloud_service.storage.base import Base


class BundleRow(Base):
    """A template bundle. Its manifest lists the blobs that it is made of; see `BlobRow`."""

    __tablename__ = "bundles"

    digest: Mapped[str] = mapped_column(primary_key=True)
    """`sha256:` and 64 hex digits, over the manifest."""
    manifest: Mapped[str]
    """In its canonical form."""
    added_at: Mapped[int]
    added_by: Mapped[str]


class BlobRow(Base):
    """The bytes of a template or file, once for all bundles that have it."""

    __tablename__ = "bundle_blobs"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
