"""Programs under supervision, with real processes: none is left behind, the dead come back."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from simulators.up.errors import WrongStart
from simulators.up.ports import Port, check_free
from simulators.up.supervision import Program, Supervisor

pytestmark = pytest.mark.integration

PATIENT = "import time, sys; print('ready', flush=True); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {PATIENT}"


def program(tmp_path: Path, code: str, name: str = "clerk", wave: int = 0) -> Program:
    command = (sys.executable, "-c", code)
    return Program(name, command, dict(os.environ), tmp_path / f"{name}.log", wave)


def ignore(_: object) -> None:
    """Take notice of nothing."""


def alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


async def until(condition: Callable[[], object], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - other processes set no event of ours
            await asyncio.sleep(0.01)


def said(path: Path, word: str) -> bool:
    return path.exists() and word in path.read_text()


async def test_a_program_that_dies_is_named_and_started_again(tmp_path: Path) -> None:
    told: list[str] = []
    supervisor = Supervisor(told.append, ignore)
    await supervisor.start(program(tmp_path, PATIENT))
    first = supervisor.pid("clerk")
    assert first is not None
    await until(lambda: said(tmp_path / "clerk.log", "ready"))
    os.kill(first, signal.SIGKILL)
    await until(lambda: supervisor.pid("clerk") not in {None, first})
    assert told == ["clerk ended (SIGKILL) and is started again"]
    assert supervisor.deaths("clerk") == 1
    await supervisor.stop()


async def test_stopping_leaves_no_process_and_names_no_death(tmp_path: Path) -> None:
    told: list[str] = []
    supervisor = Supervisor(told.append, ignore)
    await supervisor.start(program(tmp_path, PATIENT, "hub"))
    await supervisor.start(program(tmp_path, PATIENT, "fleet", wave=1))
    pids = [supervisor.pid("hub"), supervisor.pid("fleet")]
    await supervisor.stop()
    assert not any(alive(pid) for pid in pids if pid)
    assert told == []


async def test_which_process_runs_what_is_known_at_any_time(tmp_path: Path) -> None:
    noted: list[dict[str, int]] = []
    supervisor = Supervisor(ignore, lambda pids: noted.append(dict(pids)))
    await supervisor.start(program(tmp_path, PATIENT))
    first = supervisor.pid("clerk")
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: supervisor.pid("clerk") not in {None, first})
    await supervisor.stop()
    assert [list(pids) for pids in noted] == [["clerk"], ["clerk"], []]
    assert noted[0]["clerk"] == first != noted[1]["clerk"]


async def test_a_program_may_be_changed_for_nothing_and_back(tmp_path: Path) -> None:
    told: list[str] = []
    supervisor = Supervisor(told.append, ignore)
    usual = program(tmp_path, PATIENT)
    await supervisor.start(usual)
    first = supervisor.pid("clerk")
    assert first is not None
    supervisor.change(replace(usual, command=()))
    await until(lambda: supervisor.pid("clerk") is None)
    assert not alive(first)
    supervisor.change(usual)
    await until(lambda: supervisor.pid("clerk") not in {None, first})
    await supervisor.stop()
    assert supervisor.deaths("clerk") == 0
    assert told == []


async def test_a_program_that_will_not_end_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulators.up.supervision.END_TIMEOUT_S", 0.1)
    supervisor = Supervisor(ignore, ignore)
    await supervisor.start(program(tmp_path, STUBBORN))
    pid = supervisor.pid("clerk")
    assert pid is not None
    await until(lambda: said(tmp_path / "clerk.log", "ready"))
    await supervisor.stop()
    assert not alive(pid)


async def test_a_program_that_dies_at_once_is_not_started_in_a_busy_loop(tmp_path: Path) -> None:
    told: list[str] = []
    supervisor = Supervisor(told.append, ignore)
    await supervisor.start(program(tmp_path, "raise SystemExit('no shop today')"))
    await until(lambda: supervisor.deaths("clerk") == 2)
    await supervisor.stop()
    assert told[0] == "clerk ended (exit code 1) and is started again"
    assert (tmp_path / "clerk.log").read_text().count("no shop today") == len(told) == 2


async def test_the_log_of_the_last_time_is_kept_beside_the_new_one(tmp_path: Path) -> None:
    (tmp_path / "clerk.log").write_text("yesterday\n")
    supervisor = Supervisor(ignore, ignore)
    await supervisor.start(program(tmp_path, PATIENT))
    await until(lambda: said(tmp_path / "clerk.log", "ready"))
    await supervisor.stop()
    assert (tmp_path / "clerk.log.1").read_text() == "yesterday\n"
    assert "yesterday" not in (tmp_path / "clerk.log").read_text()


async def test_programs_die_with_a_supervisor_that_was_killed(tmp_path: Path) -> None:
    code = f"""
import asyncio, os, sys
from pathlib import Path
from simulators.up.supervision import Program, Supervisor

async def main():
    supervisor = Supervisor(print, lambda _: None)
    command = (sys.executable, "-c", {STUBBORN!r})
    await supervisor.start(Program("clerk", command, dict(os.environ), Path("clerk.log")))
    Path("pid.new").write_text(str(supervisor.pid("clerk")))
    Path("pid.new").rename("pid")
    await asyncio.sleep(600)

asyncio.run(main())
"""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=tmp_path)
    try:
        await until((tmp_path / "pid").exists)
        await until(lambda: said(tmp_path / "clerk.log", "ready"))
        pid = int((tmp_path / "pid").read_text())
        assert alive(pid)
    finally:
        process.kill()
        await process.wait()
    await until(lambda: not alive(pid))


def test_a_port_already_taken_is_named_in_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        port = Port("127.0.0.1", number, "the console", "choose another with --port")
        with pytest.raises(WrongStart) as refusal:
            check_free([port])
    sentence = (
        f"port {number} on 127.0.0.1, for the console, is already taken: choose another with --port"
    )
    assert str(refusal.value) == sentence
    check_free([port])


def test_an_address_that_is_not_of_this_machine_is_named() -> None:
    port = Port("192.0.2.1", 8000, "the console", "choose another with --host")
    with pytest.raises(WrongStart, match=r"192\.0\.2\.1, for the console, cannot be used"):
        check_free([port])
