"""The database's schema: migrations arrive at the models, both ways, whoever starts first."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

import cloud_service.storage
from cloud_service.services.schema import metadata
from cloud_service.storage import Storage
from cloud_service.storage.schema import differences, downgrade, migrate

pytestmark = pytest.mark.integration
STEPS = Path(cloud_service.storage.__file__).parent / "migrations"


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    storage = Storage(f"sqlite:///{tmp_path / 'book.db'}")
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
