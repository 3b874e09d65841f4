"""A chain for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.delivery.chain import Chain, chain_at


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    """A store with one device of two tiles, nothing pushed yet."""
    with chain_at(tmp_path) as opened:
        yield opened
