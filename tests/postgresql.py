"""PostgreSQL for tests: a server of their own, from the machine's packages, that ends with them.

A keeper, a process of its own, makes the server and then waits for the end of its input: however
the tests end, killed too, the server ends and its folder goes. It listens on a Unix socket alone.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import URL

from cloud_service.services.schema import metadata
from cloud_service.storage import Storage
from cloud_service.storage.schema import migrate

CARELESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
"""What a server does without whose data nobody will miss."""
_ALWAYS = {"listen_addresses": "", "max_connections": "60"}
_ADMIN, _OWNER = "postgres", "edge_shelf"
_TEMPLATE = "migrated"


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL's programs; None where there is none."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    debian = (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return max(debian, key=_version, default=None)


def _version(folder: Path) -> int:
    command = [str(folder / "initdb"), "--version"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return int(said.split()[2].split(".")[0])


class Server:
    """A running server, which gives one database after another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count(1)
        self._admin = psycopg.connect(
            host=str(folder), user=_ADMIN, dbname="postgres", autocommit=True
        )
        self._admin.execute(SQL("CREATE ROLE {} LOGIN").format(Identifier(_OWNER)))
        with closing(Storage(self._create(_TEMPLATE, "template0"))) as storage:
            migrate(storage, metadata)

    @contextmanager
    def database(self) -> Iterator[str]:
        """Make a database as the migrations leave it; yield its URL, and drop it then."""
        yield from self._passing(_TEMPLATE)

    @contextmanager
    def empty(self) -> Iterator[str]:
        """Make a database without a table; yield its URL, and drop it then."""
        yield from self._passing("template0")

    def close(self) -> None:
        """Let go of the server."""
        self._admin.close()

    def _passing(self, template: str) -> Iterator[str]:
        name = f"book_{next(self._numbers)}"
        try:
            yield self._create(name, template)
        finally:
            self._admin.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

    def _create(self, name: str, template: str) -> str:
        create = SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
        self._admin.execute(create.format(*map(Identifier, (name, _OWNER, template))))
        url = URL.create("postgresql", _OWNER, database=name, query={"host": str(self.folder)})
        return url.render_as_string()


@contextmanager
def server(settings: Mapping[str, str]) -> Iterator[Server]:
    """Start a server with some settings beside those that tests always want, and end it."""
    words = [f"{name}={value}" for name, value in {**_ALWAYS, **settings}.items()]
    keeper = subprocess.Popen(
        [sys.executable, "-m", "tests.postgresql", *words],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    with keeper:
        said = keeper.stdout.readline().strip() if keeper.stdout else ""
        if not said:
            raise RuntimeError("PostgreSQL did not start; what it said stands above")
        with closing(Server(Path(said))) as running:
            yield running


def keep(settings: list[str]) -> None:
    """Run a server until standard input ends; say the folder of its socket once it answers."""
    found = programs()
    if found is None:
        sys.exit("there is no PostgreSQL on this machine")
    folder = Path(tempfile.mkdtemp(prefix="edge-shelf-pg-"))
    try:
        _run(found, folder, settings)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(found: Path, folder: Path, settings: list[str]) -> None:
    user, data = _user(folder), folder / "data"

    def run(program: str, *arguments: str) -> None:
        command = [str(found / program), "-D", str(data), *arguments]
        quiet = subprocess.DEVNULL
        subprocess.run(command, check=True, user=user, cwd=folder, stdin=quiet, stdout=quiet)

    run("initdb", "-U", _ADMIN, "--auth=trust", "--no-sync", "--encoding=UTF8", *_locale(found))
    words = (*settings, f"unix_socket_directories={folder}")
    options = " ".join(f"-c {word}" for word in words)
    run("pg_ctl", "start", "-w", "-s", "-l", str(folder / "log"), "-o", options)
    try:
        sys.stdout.write(f"{folder}\n")
        sys.stdout.flush()
        sys.stdin.read()
    finally:
        run("pg_ctl", "stop", "-m", "immediate", "-s")


def _locale(found: Path) -> list[str]:
    """Sort as people do, where the server can: nothing of ours may depend on how it sorts."""
    if _version(found) < 15:
        return ["--locale=C.UTF-8"]
    return ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=hr"]


def _user(folder: Path) -> str | None:
    """Give the folder to somebody who may run a server: root may not."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    shutil.chown(folder, user)
    return user


if __name__ == "__main__":
    keep(sys.argv[1:])
