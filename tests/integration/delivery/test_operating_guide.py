"""The commands of docs/operating.md, in order, on a chain with one device."""

import os
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from cloud_service.clock import SystemClock
from cloud_service.delivery.pushed import current_epoch
from cloud_service.services import open_services
from cloud_service.settings import Settings
from simulators.iothub.server.hub import SimulatedHub
from tests.book import hang, open_book

pytestmark = pytest.mark.integration

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "operating.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")


def test_the_guides_commands_work_in_order(tmp_path: Path, simulated_hub: SimulatedHub) -> None:
    data = tmp_path / "var"
    data.mkdir()
    with closing(open_book(data)) as services:
        hang(services, "0204", "4711", device="guide-1")
    env = {
        **{name: value for name, value in os.environ.items() if "EDGE_SHELF" not in name},
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "IOTHUB_CONNECTION_STRING": simulated_hub.connection_string,
    }
    said = ""
    for block in BLOCK.findall(GUIDE.read_text("utf-8")):
        ran = subprocess.run(
            ["/bin/bash", "--noprofile", "--norc", "-ec", block],
            cwd=tmp_path, env=env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ran.returncode == 0, f"{block}\n{ran.stdout}\n{ran.stderr}"
        said += ran.stdout + ran.stderr
    assert (tmp_path / "installation" / "guide-1" / "connection_string").exists()
    assert "SharedAccessKey" not in said
    with closing(open_services(Settings(data_dir=data), SystemClock())) as services:
        assert services.product(sku="4711", store="0204").name == "Kečap blagi"
        with services.storage.read() as unit:
            assert f"the epoch rises from 0 to {current_epoch(unit)}" in said


def test_every_file_the_guide_links_to_is_there() -> None:
    links = LINK.findall(GUIDE.read_text("utf-8"))
    assert links
    assert [link for link in links if not (GUIDE.parent / link).exists()] == []


def test_every_command_that_needs_no_server_is_in_the_guide() -> None:
    guide = GUIDE.read_text("utf-8")
    for command in ("keys init", "keys add", "users add", "tokens issue", "devices register",
                    "database restored"):  # fmt: skip
        assert f"edge-shelf {command}" in guide
