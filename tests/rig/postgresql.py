"""A PostgreSQL server of a test run's own: no network, nothing on disk is flushed, gone at the end."""

import contextlib
import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import psycopg
from psycopg import sql

PREFIX = "yibiao-postgres-"
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_min_messages": "warning",
}


class PostgresMissing(RuntimeError):
    """PostgreSQL cannot be started here; the message says why."""


def programs() -> Path:
    """The folder of the newest PostgreSQL on this machine."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda path: float(path.parents[1].name), default=None)
    if newest is None:
        raise PostgresMissing("PostgreSQL is not installed: run `.ci/setup test`.")
    return newest.parent


class PrivatePostgres:
    """Starts on entering, stops and disappears on leaving; `owner` is the process that it must not outlive."""

    def __init__(self, settings: Mapping[str, str] = SETTINGS, owner: int | None = None) -> None:
        self.settings = {**SETTINGS, **settings}
        self.owner = owner or os.getpid()
        self.bin = programs()
        # PostgreSQL refuses to run as root.
        self.user = "postgres" if os.geteuid() == 0 else getpass.getuser()
        self.folder = Path()

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.bin / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", self.user, "--", *command]
        # Its own session: an interrupt at the terminal reaches the tests first, and they stop it.
        # Output goes to a file, since the server that pg_ctl leaves behind would hold a pipe open.
        log = self.folder / "log"
        with log.open("ab") as out:
            done = subprocess.run(
                command,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=self.folder,
                start_new_session=True,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            )
        if done.returncode:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
            raise PostgresMissing(f"{program} failed with {done.returncode}:\n{tail}")

    def __enter__(self) -> Self:
        _sweep()
        # pytest's own folders are closed to the server's user; a socket's path must be short.
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_short_temporary_folder()))
        (self.folder / "owner").write_text(str(self.owner))
        if os.geteuid() == 0:
            account = pwd.getpwnam(self.user)
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        try:
            data = str(self.folder / "data")
            self._run(
                "initdb", "--pgdata", data, "--username", "yibiao", "--auth", "trust",
                "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions",
            )  # fmt: skip
            settings = [f"-c {name}='{value}'" for name, value in self.settings.items()]
            options = " ".join([f"-k '{self.folder}'", *settings])
            self._run(
                "pg_ctl", "start", "--wait", "--silent", "--pgdata", data, "--options", options
            )
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._run(
                "pg_ctl", "stop", "--mode", "immediate", "--pgdata", str(self.folder / "data")
            )
        finally:
            self._remove()

    def _remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def address(self, database: str) -> str:
        """The SQLAlchemy address of a database of this server."""
        return f"postgresql+psycopg://yibiao@/{database}?host={self.folder}"

    def _administer(self, statement: sql.Composed) -> None:
        options = {"host": str(self.folder), "user": "yibiao", "dbname": "postgres"}
        with psycopg.connect(**options, autocommit=True) as connection:
            connection.execute(statement)

    def create(self, name: str, template: str = "") -> str:
        """Make a database, empty or as a copy of the one at the address `template`; return its address."""
        source = _database(template) if template else "template0"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        self._administer(statement.format(sql.Identifier(name), sql.Identifier(source)))
        return self.address(name)

    def transactions(self, address: str) -> list[str]:
        """The last statements of the transactions that stand open in a database and do nothing."""
        options = {"host": str(self.folder), "user": "yibiao", "dbname": "postgres"}
        asked = "SELECT query FROM pg_stat_activity WHERE datname = %s AND state LIKE 'idle in%%'"
        with psycopg.connect(**options, autocommit=True) as connection:
            return [query for (query,) in connection.execute(asked, [_database(address)])]

    def drop(self, address: str) -> None:
        """Remove a database, whoever is still connected to it."""
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        self._administer(statement.format(sql.Identifier(_database(address))))


def _database(address: str) -> str:
    return address.partition("@/")[2].partition("?")[0]


def _short_temporary_folder() -> str:
    folder = tempfile.gettempdir()
    return folder if len(folder) < 60 else "/tmp"


def _sweep() -> None:
    """Stop and remove what a run that was killed left behind."""
    for folder in Path(_short_temporary_folder()).glob(PREFIX + "*"):
        if is_abandoned(folder):
            _stop(folder)


def is_abandoned(folder: Path) -> bool:
    """Whether it is this user's, and the process that owned it is gone."""
    try:
        owner = int((folder / "owner").read_text())
        mine = (folder / "owner").stat().st_uid == os.geteuid()
    except (OSError, ValueError):
        return False
    return mine and not Path(f"/proc/{owner}").exists()


def stop_all(within: Path) -> None:
    """Stop the servers whose folders lie in this one, and remove those."""
    for folder in within.glob(PREFIX + "*"):
        _stop(folder)


def _stop(folder: Path) -> None:
    """Stop the server in that folder, and remove both; another worker may be faster."""
    abandoned = PrivatePostgres()
    abandoned.folder = folder
    with contextlib.suppress(OSError, PostgresMissing):
        abandoned.__exit__()
