"""How the service is served to clients that keep their connections."""

from pathlib import Path

import httpx
from fastapi import FastAPI

from cloud_service.server import server_config
from tests.book import settings_in


def test_idle_connections_outlive_those_that_clients_keep(tmp_path: Path) -> None:
    """Where the service closes first, a request sent at that moment is reset."""
    kept_by_clients = httpx.Limits().keepalive_expiry
    assert kept_by_clients is not None
    config = server_config(FastAPI(), settings_in(tmp_path))
    assert config.timeout_keep_alive > 2 * kept_by_clients
