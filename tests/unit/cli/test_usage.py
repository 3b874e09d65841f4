"""What is wrong with a command line or its environment is said in a sentence, with exit code 2."""

import subprocess
import sys
from pathlib import Path

import pytest

from cloud_service.cli.errors import Refused
from cloud_service.cli.root import COMMANDS, fail
from tests.unit.cli.conftest import Run

LAZY = ("httpx", "rich.progress", "fastapi", "sqlalchemy", "azure", "PIL", "cloud_service.services")


def test_help_names_every_command_and_the_exit_codes(run: Run) -> None:
    shown = run("--help")
    assert shown.code == 0
    assert all(name in shown.out for name in COMMANDS)
    assert "Exit codes" in shown.out


def test_help_imports_neither_the_server_nor_the_http_client() -> None:
    program = (
        "import sys\n"
        "from cloud_service.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print('LOADED', *(name for name in sys.argv[1:] if name in sys.modules))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, *LAZY], capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines()[-1] == "LOADED"


@pytest.mark.parametrize(
    ("command", "package"), [("serve", "uvicorn"), ("users", "sqlalchemy"), ("dispatch", "azure")]
)
def test_a_command_of_the_cloud_says_what_to_install_where_it_is_not(
    command: str, package: str
) -> None:
    program = (
        "import sys\n"
        f"sys.modules[{package!r}] = None\n"
        "from cloud_service.cli import main\n"
        f"main([{command!r}, '--help'])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == f"edge-shelf: this command needs {package}: install edge-shelf[cloud]\n"


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"serve", "dispatch"}))
def test_every_command_explains_itself(run: Run, name: str) -> None:
    assert "Usage" in run(name, "--help").out


def test_an_unknown_command_is_wrong_usage_and_the_likely_one_is_named(run: Run) -> None:
    ran = run("pricse")
    assert ran.code == 2
    assert "'prices'" in ran.err


def test_a_missing_address_is_named_with_what_to_do(run: Run) -> None:
    ran = run("status")
    assert (ran.code, ran.out) == (2, "")
    assert "EDGE_SHELF_URL is not set" in ran.err


def test_a_missing_token_is_named_with_what_to_do(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGE_SHELF_URL", "http://localhost:8000")
    ran = run("status")
    assert ran.code == 2
    assert "EDGE_SHELF_TOKEN is not set" in ran.err


def test_an_address_that_is_none_is_wrong_usage(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGE_SHELF_URL", "http://localhost:eighty")
    monkeypatch.setenv("EDGE_SHELF_TOKEN", "es_x")
    ran = run("status")
    assert ran.code == 2
    assert "cannot be used to connect" in ran.err


def test_a_price_wants_a_sku_or_a_file_but_not_both(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.touch()
    assert run("prices", "set", "--store", "0204").code == 2
    assert run("prices", "set", "4711", "1.99", "--store", "0204", "--file", str(file)).code == 2


@pytest.mark.parametrize("price", ["-1", "-1.99", "-0,50"])
def test_a_negative_price_is_said_to_be_negative(run: Run, price: str) -> None:
    ran = run("prices", "set", "4011", price, "--store", "0204")
    assert (ran.code, ran.out) == (2, "")
    assert f"'{price}' is negative" in ran.err


@pytest.mark.parametrize("words", [("--fiel", "x.csv"), ("4011", "--wiat"), ("4011", "1", "--no")])
def test_an_option_that_is_none_is_named(run: Run, words: tuple[str, ...]) -> None:
    ran = run("prices", "set", *words, "--store", "0204")
    assert ran.code == 2
    assert next(word for word in words if word.startswith("--")) in ran.err


def test_a_file_that_is_not_there_is_wrong_usage(run: Run) -> None:
    ran = run("prices", "import", "/nowhere.csv", "--store", "0204", "--format", "csv")
    assert ran.code == 2
    assert "/nowhere.csv" in ran.err


def test_settings_that_cannot_be_read_are_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGE_SHELF_PORT", "eighty")
    ran = run("keys", "init")
    assert ran.code == 2
    assert "port" in ran.err


def test_keys_are_made_once_and_never_replaced(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("EDGE_SHELF_DATA_DIR", str(tmp_path))
    assert run("keys", "init", "--json").code == 0
    before = (tmp_path / "keys" / "root.pub").read_bytes()
    again = run("keys", "init")
    assert again.code == 1
    assert "not replaced" in again.err
    assert (tmp_path / "keys" / "root.pub").read_bytes() == before


def test_an_address_without_a_scheme_is_told_what_it_begins_with(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGE_SHELF_URL", "localhost:8000")
    monkeypatch.setenv("EDGE_SHELF_TOKEN", "es_x")
    ran = run("status")
    assert (ran.code, ran.out) == (2, "")
    assert "EDGE_SHELF_URL is localhost:8000; it begins with http:// or https://" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("prices", "set", "4011", "1.99", "--store", "../products"),
        ("prices", "set", "4011", "1.99", "--store", ""),
        ("tiles", "image", "1001", "../..", "--output", "x.png"),
    ],
)
def test_what_is_no_store_or_position_is_said_to_be_none(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("EDGE_SHELF_URL", "http://localhost:1")
    monkeypatch.setenv("EDGE_SHELF_TOKEN", "es_x")
    ran = run(*words)
    assert ran.code == 2
    assert "is no store; it is" in ran.err or "is no position; it is" in ran.err


def test_a_problem_with_one_reason_says_it_once(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        fail(Refused("nothing was read", ("nothing was read", "row 3: -1 is negative")))
    err = capsys.readouterr().err
    assert err == "edge-shelf: nothing was read\n  row 3: -1 is negative\n"
