"""The README's commands, in order, from a clean clone with an empty home."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.e2e.shop import ENVIRONMENT, wait_for

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1200)]

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(readme: str) -> list[str]:
    """The commands a reader is told to run; `make test` is not fenced as `sh`."""
    return [block.strip() for block in BLOCK.findall(readme)]


class Terminal:
    """A shell that runs one block after the other and keeps its variables."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self._shell = subprocess.Popen(
            ["/bin/bash", "--noprofile", "--norc"],
            cwd=folder, env=env, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def run(self, block: str) -> None:
        """Run a block; fail with what it printed where any command of it fails."""
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        for command in block.splitlines():
            self._shell.stdin.write(f'{command}\necho "exit code $?"\n')
            self._shell.stdin.flush()
            printed = []
            for line in self._shell.stdout:
                printed.append(line)
                if line.startswith("exit code "):
                    break
            assert printed[-1:] == ["exit code 0\n"], f"{command}\n{''.join(printed)}"

    def close(self) -> None:
        """End the shell."""
        self._shell.communicate(timeout=10)


@contextmanager
def running(command: str, folder: Path, env: dict[str, str], output: Path) -> Iterator[None]:
    """Run `make run ...` until it says how to end it; end it by what Ctrl-C sends."""
    with output.open("w") as sink:
        process = subprocess.Popen(
            ["/bin/bash", "-c", command], cwd=folder, env=env,
            stdout=sink, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def ready() -> bool:
        assert process.poll() is None, output.read_text()
        return "Ctrl-C" in output.read_text()

    try:
        wait_for("the store has opened", ready, 600)
        yield
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
        process.wait(60)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clean clone of what is committed."""
    folder = tmp_path / "edge-shelf"
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)  # noqa: S607
    return folder


@pytest.fixture
def bare_env(tmp_path: Path) -> dict[str, str]:
    """The environment of somebody who has nothing installed but Python, git and make."""
    home = tmp_path / "home"
    home.mkdir()
    kept = {name: value for name, value in ENVIRONMENT.items() if "VIRTUAL_ENV" not in name}
    folders = [f for f in kept["PATH"].split(os.pathsep) if not f.startswith(str(ROOT))]
    return {**kept, "HOME": str(home), "PATH": os.pathsep.join(folders)}


def first_picture(folder: Path) -> bool:
    """Whether any tile hangs yet."""
    return next(folder.glob("var/devices/*/*.png"), None) is not None


def test_the_readmes_commands_work_in_order(
    clone: Path,
    bare_env: dict[str, str],
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    began = time.monotonic()
    first, *others, last = blocks((clone / "README.md").read_text())
    assert first == "make run"
    assert last.startswith("make run ARGS=")
    with (
        running(first, clone, bare_env, tmp_path / "run.txt"),
        closing(Terminal(clone, bare_env)) as terminal,
    ):
        assert first_picture(clone)
        record_property("seconds from clone to the first store", time.monotonic() - began)
        for block in others:
            terminal.run(block)
    with running(last, clone, bare_env, tmp_path / "own.txt"):
        assert len(list(clone.glob("var-own/devices/*/*.png"))) == 5
    assert (clone / "still-the-old-price.png").read_bytes().startswith(b"\x89PNG")
    shutil.rmtree(clone)


def test_every_file_the_readme_links_to_is_there() -> None:
    readme = (ROOT / "README.md").read_text()
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", readme)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_installation_for_a_pi_gives_an_agent_that_runs(
    clone: Path, bare_env: dict[str, str], tmp_path: Path
) -> None:
    target = tmp_path / "opt"
    guide = (clone / "infra" / "pi" / "README.md").read_text()
    commands = [line for line in blocks(guide)[0].splitlines() if "/opt/" in line]
    terminal = Terminal(clone, bare_env)
    for command in commands:
        terminal.run(command.replace("sudo ", "").replace("/opt/edge-shelf", str(target)))
    terminal.run(f"{target}/bin/shelf-agent --help")
    terminal.close()
    unit = (clone / "infra" / "pi" / "shelf-agent.service").read_text()
    [page] = re.findall(r"^Documentation=file:/opt/edge-shelf/(\S+)$", unit, re.MULTILINE)
    assert (target / page).is_file()
