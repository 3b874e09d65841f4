"""What is told at the start can be typed as it stands."""

import io
import os
from pathlib import Path

import pytest
from rich.console import Console

from simulators.up.folder import Folder
from simulators.up.screen import Screen


def _told(folder: Path) -> str:
    out = io.StringIO()
    Screen(Console(file=out, soft_wrap=True)).greet("http://localhost:8000", None, Folder(folder))
    return out.getvalue()


def test_the_command_line_that_is_told_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    command = _told(tmp_path).partition("then: ")[2].partition(" status")[0]
    assert os.access(command, os.X_OK)


def test_a_command_line_on_the_path_is_told_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "edge-shelf"
    program.touch(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "then: edge-shelf status" in _told(tmp_path)
