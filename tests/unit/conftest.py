"""Unit tests open no sockets; what talks is tested in tests/integration."""

from collections.abc import Iterator

import pytest
from pytest_socket import disable_socket, enable_socket


@pytest.fixture(autouse=True)
def _no_sockets() -> Iterator[None]:
    """Refuse every socket but the pairs that an event loop makes for itself."""
    disable_socket(allow_unix_socket=True)
    yield
    enable_socket()
