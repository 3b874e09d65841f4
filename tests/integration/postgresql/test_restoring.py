"""A database comes back from its backup, on PostgreSQL."""

import subprocess
from pathlib import Path

import pytest

from tests.integration.delivery.chain import Backup
from tests.integration.delivery.conftest import chain  # noqa: F401 - a fixture
from tests.integration.delivery.test_restoring import *  # noqa: F403 - the same tests
from tests.postgresql import programs

pytestmark = pytest.mark.integration


@pytest.fixture
def backup(tmp_path: Path, database: str) -> Backup:
    def run(program: str, *arguments: str) -> None:
        folder = programs()
        assert folder
        subprocess.run([folder / program, *arguments], check=True)

    file = str(tmp_path / "backup.dump")
    return Backup(
        lambda: run("pg_dump", "--format=custom", f"--file={file}", database),
        lambda: run("pg_restore", "--clean", "--if-exists", f"--dbname={database}", file),
    )
