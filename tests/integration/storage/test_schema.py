"""The database's schema: migrations arrive at the models, both ways, whoever starts first."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

import cloud_service.storage
from cloud_service.services.schema import metadata
from cloud_service.storage import Storage
from cloud_service.storage.schema import differences, downgrade, migrate
from tests.book import hang, open_book, settings_in

pytestmark = pytest.mark.integration
STEPS = Path(cloud_service.storage.__file__).parent / "migrations"


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    storage = Storage(settings_in(tmp_path).database)
    yield storage
    storage.close()


def test_migrations_arrive_at_the_models(storage: Storage) -> None:
    migrate(storage, metadata)
    assert differences(storage, metadata) == []


def test_every_step_goes_down_and_up_again(storage: Storage) -> None:
    migrate(storage, metadata)
    downgrade(storage, metadata, "base")
    with storage.engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    migrate(storage, metadata)
    assert differences(storage, metadata) == []


def test_prices_of_an_earlier_schema_stay_as_they_were(tmp_path: Path) -> None:
    services = open_book(tmp_path)
    hang(services, "0204", "4711", "0815")
    services.set_price(store="0204", sku="4711", amount_minor=219, actor="ana")
    before = (
        services.search(store="0204"),
        services.changes(),
        services.bay(store="0204", number=1),
    )
    for step in ("0003", "0001"):
        downgrade(services.storage, metadata, step)
        migrate(services.storage, metadata)
    after = (
        services.search(store="0204"),
        services.changes(),
        services.bay(store="0204", number=1),
    )
    assert after == before
    services.close()


def test_the_steps_are_one_line() -> None:
    config = Config()
    config.set_main_option("script_location", str(STEPS))
    config.set_main_option("path_separator", "os")
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


def test_migrating_twice_does_nothing(storage: Storage) -> None:
    migrate(storage, metadata)
    migrate(storage, metadata)
    assert differences(storage, metadata) == []


_START = """
import sys
from cloud_service.clock import SystemClock
from cloud_service.services import open_services
from cloud_service.settings import Settings
services = open_services(Settings(data_dir=sys.argv[1]), SystemClock())
print(len(services.stores()))
services.close()
"""


def test_processes_that_start_at_once_migrate_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _START, str(tmp_path)]
    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    ended = [process.communicate(timeout=120) for process in started]
    assert [(process.returncode, *said) for process, said in zip(started, ended, strict=True)] == [
        (0, "0\n", "")
    ] * 3


_STORE = (
    "INSERT INTO stores (id, name, tz, currency, locale, jurisdiction, zone) VALUES"
    " ('0204', 'Zagreb', 'Europe/Zagreb', 'EUR', 'hr-HR', 'HR', '0204')"
)
_HUNG = (
    "INSERT INTO revisions (id, zone, at, actor, note) VALUES (7, '0204', 1782000000, 'ana', '')",
    "INSERT INTO devices (id, store_id) VALUES ('d1', '0204')",
    "INSERT INTO positions VALUES ('0204', 'b01-s1-p01', 'd1', 'epd-2.9-bwr', '4711', 7)",
)


def _rows(storage: Storage, query: str) -> list[tuple[object, ...]]:
    with storage.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_stores_and_planograms_of_before_come_along_to_the_catalogue_and_back(
    storage: Storage,
) -> None:
    migrate(storage, metadata, "0006")
    with storage.connect() as connection, connection.begin():
        for statement in (_STORE, *_HUNG):
            connection.execute(text(statement))
    migrate(storage, metadata)
    assert _rows(storage, "SELECT id, name, currency FROM price_zones") == [
        ("0204", "Zagreb", "EUR")
    ]
    assert _rows(storage, "SELECT day_begins, version FROM stores") == [("04:00", 1)]
    hung = "SELECT position, revision, device_id, sku, facings FROM planogram_entries"
    assert _rows(storage, hung) == [("b01-s1-p01", 7, "d1", "4711", 1)]
    with storage.connect() as connection, connection.begin():
        connection.execute(text("UPDATE positions SET device_id = NULL, panel = 'paper-70x37'"))
    downgrade(storage, metadata, "0006")
    assert _rows(storage, "SELECT id, zone FROM stores") == [("0204", "0204")]
    assert _rows(storage, "SELECT position FROM positions") == []
