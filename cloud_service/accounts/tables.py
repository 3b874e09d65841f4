"""What accounts keep. Secrets are kept as hashes only; instants are UTC seconds."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cloud_service.storage.base import Base


class UserRow(Base):
    """Somebody who may log in."""

    __tablename__ = "users"

    name: Mapped[str] = mapped_column(primary_key=True)
    password_hash: Mapped[str]
    created_at: Mapped[int]


class SessionRow(Base):
    """A browser that is logged in."""

    __tablename__ = "sessions"

    digest: Mapped[str] = mapped_column(primary_key=True)
    user_name: Mapped[str] = mapped_column(ForeignKey("users.name"), index=True)
    form_token: Mapped[str]
    created_at: Mapped[int]
    seen_at: Mapped[int]


class TokenRow(Base):
    """A program that may use the API."""

    __tablename__ = "api_tokens"

    digest: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    scope: Mapped[str]
    created_by: Mapped[str]
    created_at: Mapped[int]
    expires_at: Mapped[int | None]


class TriesRow(Base):
    """Wrong passwords under one key, see throttle."""

    __tablename__ = "login_tries"

    key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    last_at: Mapped[int] = mapped_column(index=True)
