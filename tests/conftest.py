"""Fixtures that every room's tests may use."""

from pathlib import Path

import pytest

_SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real price files; skips where they are not beside the checkout."""
    if not _SHARED.is_dir():
        pytest.skip(f"no real price files: {_SHARED} is absent")
    return _SHARED
