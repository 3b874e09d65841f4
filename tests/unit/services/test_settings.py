"""Settings: from the environment, without telling secrets."""

from pathlib import Path

import pytest

from cloud_service.settings import Settings

HUB = "HostName=hub;SharedAccessKeyName=service;SharedAccessKey=c2VjcmV0"


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGE_SHELF_DATA_DIR", "/srv/shelf")
    monkeypatch.setenv("EDGE_SHELF_PORT", "9000")
    monkeypatch.setenv("IOTHUB_CONNECTION_STRING", HUB)
    settings = Settings()
    assert (settings.port, settings.keys) == (9000, Path("/srv/shelf/keys"))
    assert settings.database == "sqlite:////srv/shelf/edge-shelf.db"
    assert settings.iothub_connection_string is not None
    assert settings.iothub_connection_string.get_secret_value() == HUB


def test_a_printed_setting_tells_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IOTHUB_CONNECTION_STRING", HUB)
    monkeypatch.setenv("EDGE_SHELF_DATABASE_URL", "postgresql+psycopg://shelf:hidden@db/shelf")
    told = f"{Settings()!r} {Settings()}"
    assert "c2VjcmV0" not in told
    assert "hidden" not in told


def test_a_database_url_of_ones_own_wins(tmp_path: Path) -> None:
    url = "postgresql+psycopg://shelf@db/shelf"
    assert Settings(data_dir=tmp_path, database_url=url).database == url
