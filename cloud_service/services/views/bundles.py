"""Views of template bundles and of the stores that use them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BundleView:
    """A template bundle and the stores that use it."""

    digest: str
    templates: tuple[str, ...]
    files: int
    size: int
    """Bytes of all templates and files."""
    added_at: int
    added_by: str
    installed: bool
    """It came with this installation: what a store uses that chose no other."""
    stores: tuple[str, ...]


@dataclass(frozen=True)
class BundleAdded:
    """A bundle that was brought in; `new` is False where it was here already."""

    bundle: BundleView
    new: bool


@dataclass(frozen=True)
class BundleUsed:
    """What having a store use a bundle did; `change_id` is None where it used that already."""

    change_id: str | None
    revision: int | None
    store_id: str
    bundle: str
    tiles: int
    """How many tiles must follow."""
