"""The data folder: private files, one user, a careful fresh start."""

import json
from pathlib import Path

import pytest

from cloud_service.delivery.private_file import write_private
from simulators.up.errors import WrongStart
from simulators.up.folder import Folder, read_env, write_env


def test_what_is_written_for_a_shell_is_private_and_read_back_as_it_was(tmp_path: Path) -> None:
    values = {"URL": "http://localhost:8000", "KEY": "HostName=a;Key=b+c/d==", "ODD": "it's $HOME"}
    write_env(tmp_path / "env", values)
    assert (tmp_path / "env").stat().st_mode & 0o777 == 0o600
    assert read_env(tmp_path / "env") == values


def test_no_env_file_reads_as_nothing(tmp_path: Path) -> None:
    assert read_env(tmp_path / "env") == {}


def test_a_private_file_is_private_even_where_a_public_one_lay(tmp_path: Path) -> None:
    path = tmp_path / "agent.toml"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, b"new")
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "var")
    refused = pytest.raises(WrongStart, match="is in use by another")
    with folder.taken(), refused, folder.taken():
        pass
    with folder.taken():
        pass


def test_a_data_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused = pytest.raises(WrongStart, match=r"file/var cannot hold the data: Not a directory")
    with refused, Folder(tmp_path / "file" / "var").taken():
        pass


def test_which_process_runs_what_is_written_down(tmp_path: Path) -> None:
    Folder(tmp_path).note_processes({"hub": 17})
    assert json.loads((tmp_path / "processes.json").read_text()) == {"hub": 17}


def test_a_fresh_start_deletes_what_an_earlier_one_made_and_nothing_else(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.make()
    folder.device("1001-001").mkdir()
    folder.env.write_text("secret")
    (tmp_path / "mine.txt").write_text("a person's")
    folder.clear()
    assert (tmp_path / "mine.txt").read_text() == "a person's"
    assert not folder.env.exists()
    assert not folder.device("1001-001").exists()


def test_a_fresh_start_refuses_a_folder_that_it_did_not_make(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    with pytest.raises(WrongStart, match="nothing was deleted"):
        Folder(tmp_path).clear()
    assert (tmp_path / "logs").is_dir()


def test_a_fresh_start_in_an_empty_or_absent_folder_is_fine(tmp_path: Path) -> None:
    Folder(tmp_path).clear()
    Folder(tmp_path / "absent").clear()
    assert list(tmp_path.iterdir()) == []


def test_a_link_in_the_folder_is_not_followed_when_it_is_cleared(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "keep").touch()
    root = tmp_path / "var"
    folder = Folder(root)
    folder.make()
    folder.lists.rmdir()
    folder.lists.symlink_to(elsewhere)
    folder.clear()
    assert (elsewhere / "keep").exists()


def test_a_file_in_place_of_the_data_folder_is_said_to_be_one(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.touch()
    with pytest.raises(WrongStart, match="it is a file"), Folder(file).taken():
        pass
