"""What is installed on a Pi: the unit is valid and closed, the example can be used."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shelf_agent import settings
from tests.unit.agent.cloud import DEVICE

PI = Path(__file__).resolve().parents[3] / "infra" / "pi"
UNIT = PI / "shelf-agent.service"
ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    assert ANALYZE is not None
    return subprocess.run([ANALYZE, *words], capture_output=True, text=True, check=False)


@needs_systemd
def test_the_unit_is_valid(tmp_path: Path) -> None:
    here = tmp_path / UNIT.name
    written = UNIT.read_text().replace("/opt/edge-shelf/bin/shelf-agent", sys.executable)
    here.write_text(written)
    verdict = analyze("verify", "--man=no", str(here))
    about = [line for line in verdict.stderr.splitlines() if UNIT.name in line]
    assert (verdict.returncode, about) == (0, [])


@needs_systemd
def test_the_unit_is_as_closed_as_it_was_measured() -> None:
    verdict = analyze("security", "--offline=true", "--no-pager", str(UNIT))
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", verdict.stdout)
    assert found is not None, verdict.stderr
    assert float(found[1]) <= 1.5


CONNECTION = f"HostName=chain.azure-devices.net;DeviceId={DEVICE};SharedAccessKey=a2V5"


def test_the_example_can_be_used_with_a_connection_string_from_systemd(tmp_path: Path) -> None:
    credential = re.search(r"LoadCredential=(\w+):", UNIT.read_text())
    assert credential is not None
    (tmp_path / credential[1]).write_text(CONNECTION + "\n")
    code = (
        "import sys, pathlib; from shelf_agent import settings;"
        "found = settings.load(pathlib.Path(sys.argv[1]));"
        "print(found.connection_string.get_secret_value())"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(PI / "agent.example.toml")],
        env={"CREDENTIALS_DIRECTORY": str(tmp_path)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout.strip() == CONNECTION


def test_the_example_names_each_driver_once_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELF_AGENT_CONNECTION_STRING", CONNECTION)
    found = settings.load(PI / "agent.example.toml")
    assert {display.driver for display in found.displays} == {"waveshare", "lcd", "capture"}
