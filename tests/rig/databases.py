"""Fresh databases for tests: SQLite files, and databases of a PostgreSQL that belongs to this run."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.rig.postgresql import PrivatePostgres
from tests.rig.profiles import FULL_MATRIX
from tests.rig.room import once, owner

KINDS = ("sqlite", "postgresql")
Prepare = Callable[[str], object]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for a database runs on both, or on those that its mark `databases` names.

    In a quick run it may be fewer, where pages stand on what is tried on both beneath them: `quick=`.
    """
    if "database_kind" in metafunc.fixturenames:
        mark = metafunc.definition.get_closest_marker("databases")
        kinds = (mark.args or KINDS) if mark else KINDS
        if mark and not FULL_MATRIX:
            kinds = mark.kwargs.get("quick", kinds)
        unknown = set(kinds) - set(KINDS)
        if unknown:
            raise pytest.UsageError(f"{metafunc.definition.nodeid}: unknown databases {unknown}")
        metafunc.parametrize(
            "database_kind",
            [pytest.param(k, marks=[pytest.mark.postgresql] * (k == "postgresql")) for k in kinds],
            indirect=True,
        )


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """`sqlite` or `postgresql`: asking for it, or for a database, runs the test on each."""
    return request.param


# One server for all workers, and databases that live for seconds: nobody copies their log, nobody counts their rows.
SHARED = {
    "max_connections": "250",
    "shared_buffers": "128MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "dynamic_shared_memory_type": "mmap",  # in the server's folder, and gone with it
}


@pytest.fixture(scope="session")
def postgres() -> PrivatePostgres:
    """The PostgreSQL of this run, started by the first of its workers that asks for it."""
    server = PrivatePostgres(SHARED, owner())
    server.folder = Path(once("postgres", lambda: str(server.__enter__().folder)))
    return server


class Databases:
    """Makes empty databases, and copies of prepared ones."""

    def __init__(self, request: pytest.FixtureRequest, folder: Path) -> None:
        self._request = request
        self._folder = folder
        self._made = 0
        self._worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")

    def _postgres(self) -> PrivatePostgres:
        return self._request.getfixturevalue("postgres")

    def empty(self, kind: str) -> str:
        """The address of a new, empty database."""
        self._made += 1
        if kind == "sqlite":
            return f"sqlite:///{self._folder / f'{self._made}.sqlite3'}"
        return self._postgres().create(self._name())

    def _name(self) -> str:
        return f"{self._worker}_{self._made}"

    def copy(
        self, kind: str, name: str, prepare: Prepare, after: tuple[str, Prepare] | None = None
    ) -> str:
        """The address of a new copy of the database that `prepare(address)` once filled.

        It was given an empty one, or what was prepared by the name and function `after`.
        """
        template = once(f"{kind} {name}", lambda: self._prepared(kind, prepare, after))
        if kind == "postgresql":
            self._made += 1
            return self._postgres().create(self._name(), template=template)
        address = self.empty(kind)
        shutil.copyfile(_path(template), _path(address))
        return address

    def _prepared(self, kind: str, prepare: Prepare, after: tuple[str, Prepare] | None) -> str:
        template = self.copy(kind, *after) if after else self.empty(kind)
        prepare(template)
        if kind == "sqlite":
            with closing(sqlite3.connect(_path(template))) as source:
                source.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return template

    def remove(self, address: str) -> None:
        """Give the space back that a database of this run takes."""
        if address.startswith("sqlite:"):
            for suffix in ("", "-wal", "-shm", "-journal"):
                Path(_path(address) + suffix).unlink(missing_ok=True)
        else:
            left = self._postgres().transactions(address)
            self._postgres().drop(address)
            # Whatever test the garbage collector ends it in would fail for it.
            assert not left, f"a transaction was never ended; its last statement: {left[0]}"


def _path(sqlite_address: str) -> str:
    return sqlite_address.removeprefix("sqlite:///")


@pytest.fixture(scope="session")
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Databases:
    """Makes databases for the fixtures below."""
    return Databases(request, tmp_path_factory.mktemp("databases"))


@pytest.fixture
def database_url(database_kind: str, databases: Databases) -> Iterator[str]:
    """The SQLAlchemy address of an empty database; the test runs once for each kind."""
    address = databases.empty(database_kind)
    yield address
    databases.remove(address)


@pytest.fixture
def sqlite_url(databases: Databases) -> Iterator[str]:
    """The SQLAlchemy address of an empty SQLite database."""
    address = databases.empty("sqlite")
    yield address
    databases.remove(address)


@pytest.fixture
def prepared_database(database_kind: str, databases: Databases) -> Iterator[Callable[..., str]]:
    """`prepared_database(name, prepare, after=None)`: a copy of what `prepare(address)` once made under `name`.

    Migrations and sample data are made once per run and kind, by the worker that asks first, and copied
    for each test, which takes milliseconds. `prepare` must close its connections. The test runs once for
    each kind.
    """
    made: list[str] = []

    def copy(name: str, prepare: Prepare, after: tuple[str, Prepare] | None = None) -> str:
        made.append(databases.copy(database_kind, name, prepare, after))
        return made[-1]

    yield copy
    for address in made:
        databases.remove(address)
