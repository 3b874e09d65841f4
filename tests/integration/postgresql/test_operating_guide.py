"""The commands of docs/operating.md for PostgreSQL, in order, on a chain with one device."""

import os
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from cloud_service.clock import SystemClock
from cloud_service.services import open_services
from tests.book import hang, open_book, settings_in
from tests.integration.delivery.test_operating_guide import GUIDE
from tests.postgresql import Server, programs

pytestmark = pytest.mark.integration
BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_guides_commands_for_postgresql_work(
    tmp_path: Path, database: str, postgresql: Server
) -> None:
    with closing(open_book(tmp_path)) as services:
        hang(services, "0204", "4711", device="guide-1")
    folders = (str(Path(sys.executable).parent), str(programs()), os.environ["PATH"])
    env = {
        **os.environ,
        "PATH": os.pathsep.join(folders),
        "PGHOST": str(postgresql.folder),
        "PGUSER": "postgres",
        "EDGE_SHELF_DATABASE_URL": database,
    }
    blocks = BLOCK.findall(GUIDE.read_text("utf-8"))
    assert len(blocks) == 3
    said = "".join(_run(block, tmp_path, env) for block in blocks)
    assert "the epoch rises from 0 to" in said
    with closing(open_services(settings_in(tmp_path), SystemClock())) as services:
        assert services.product(sku="4711", store="0204").name == "Kečap blagi"


def _run(block: str, folder: Path, env: dict[str, str]) -> str:
    command = ["/bin/bash", "--noprofile", "--norc", "-ec", block]
    ran = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, f"{block}\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout + ran.stderr
