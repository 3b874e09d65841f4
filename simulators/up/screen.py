"""What a person sees while the store starts and runs."""

import os
import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cloud_service.accounts import Login
from cloud_service.cli.printing import counted
from simulators.up.folder import Folder
from simulators.up.shop import HungStore


def _command() -> str:
    """Return how a shell finds `edge-shelf` from here: by name only where it is on the PATH."""
    if shutil.which("edge-shelf"):
        return "edge-shelf"
    beside = Path(sys.executable).with_name("edge-shelf")
    return shlex.quote(os.path.relpath(beside))


class Screen:
    """Sentences and a progress bar, on one console."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False, soft_wrap=True)
        self._bar: Progress | None = None

    def say(self, sentence: str) -> None:
        """Print one sentence; what it quotes is never read as markup."""
        self._console.print(sentence, markup=False)

    @contextmanager
    def progress(self) -> Iterator[None]:
        """Show a bar while something is done; see `advance`."""
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self._console, transient=True) as bar:
            self._bar = bar
            try:
                yield
            finally:
                self._bar = None

    def advance(self, label: str, done: int, total: int) -> None:
        """Move the bar; a new label begins a new line."""
        if self._bar is None:
            return
        tasks = {task.description: task.id for task in self._bar.tasks}
        task = tasks.get(label)
        if task is None:
            task = self._bar.add_task(label, total=total)
        self._bar.update(task, completed=done, total=total)

    def greet(self, url: str, login: Login | None, folder: Folder) -> None:
        """Say where everything is. The login is told once: nobody keeps its password."""
        rows = [("Console", url)]
        if login is not None:
            rows.append(("Log in", f"{login.name}  {login.password}   (told only now)"))
        rows += [
            ("Pictures", f"{folder.root}/devices/DEVICE/POSITION.png"),
            ("Command line", f". {shlex.quote(str(folder.env))}   then: {_command()} status"),
            ("End", "Ctrl-C"),
        ]
        self.say("")
        for name, value in rows:
            self.say(f"  {name:<13} {value}")
        self.say("")

    def name_stores(self, stores: Sequence[HungStore]) -> None:
        """Say which stores hang and how large they are."""
        for store in stores:
            tiles = sum(map(len, store.devices.values()))
            size = f"{counted(tiles, 'tile')} on {counted(len(store.devices), 'device')}"
            before = "" if store.hung_now else ", as it was left"
            self.say(f"{store.name} ({store.id}): {size}{before}")
