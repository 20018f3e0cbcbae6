"""Fresh databases for tests: SQLite files, and databases of a PostgreSQL that belongs to this run."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.rig.postgresql import PrivatePostgres

KINDS = ("sqlite", "postgresql")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for a database runs on both, or on those that its mark `databases` names."""
    if "database_kind" in metafunc.fixturenames:
        mark = metafunc.definition.get_closest_marker("databases")
        kinds = mark.args if mark else KINDS
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


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    """A PostgreSQL of this worker's own, started when the first test asks for it."""
    with PrivatePostgres() as server:
        yield server


class Databases:
    """Makes empty databases, and copies of prepared ones."""

    def __init__(self, request: pytest.FixtureRequest, folder: Path) -> None:
        self._request = request
        self._folder = folder
        self._made = 0
        self._prepared: dict[tuple[str, str], str] = {}

    def _postgres(self) -> PrivatePostgres:
        return self._request.getfixturevalue("postgres")

    def empty(self, kind: str) -> str:
        """The address of a new, empty database."""
        self._made += 1
        if kind == "sqlite":
            return f"sqlite:///{self._folder / f'{self._made}.sqlite3'}"
        return self._postgres().create(f"test_{self._made}")

    def copy(self, kind: str, name: str, prepare: Callable[[str], object]) -> str:
        """The address of a new copy of the database that `prepare(address)` once filled."""
        if (kind, name) not in self._prepared:
            template = self.empty(kind)
            prepare(template)
            self._prepared[kind, name] = template
        template = self._prepared[kind, name]
        if kind == "postgresql":
            self._made += 1
            return self._postgres().create(f"test_{self._made}", template=template)
        address = self.empty(kind)
        with closing(sqlite3.connect(_path(template))) as source:
            source.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(_path(template), _path(address))
        return address

    def remove(self, address: str) -> None:
        """Give the space back that a database of this run takes."""
        if address.startswith("sqlite:"):
            for suffix in ("", "-wal", "-shm", "-journal"):
                Path(_path(address) + suffix).unlink(missing_ok=True)
        else:
            self._postgres().drop(address)


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
def prepared_database(
    database_kind: str, databases: Databases
) -> Iterator[Callable[[str, Callable[[str], object]], str]]:
    """`prepared_database(name, prepare)`: a copy of what `prepare(address)` once made under `name`.

    Migrations and sample data are made once per run and kind, and copied for each test, which takes
    milliseconds. `prepare` must close its connections. The test runs once for each kind.
    """
    made: list[str] = []

    def copy(name: str, prepare: Callable[[str], object]) -> str:
        made.append(databases.copy(database_kind, name, prepare))
        return made[-1]

    yield copy
    for address in made:
        databases.remove(address)
