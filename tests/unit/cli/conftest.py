"""The command line as a script sees it: an exit code, stdout and stderr."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from cloud_service.cli import main


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "200")

    def running(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        captured = capsys.readouterr()
        return Ran(int(ended.value.code or 0), captured.out, captured.err)

    return running


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("EDGE_SHELF_URL", "EDGE_SHELF_TOKEN", "SSL_CERT_FILE", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
