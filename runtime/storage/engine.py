"""Engines for SQLite and PostgreSQL, and the two kinds of transaction. Not for what is stored."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from sqlite3 import OperationalError as SQLiteError
from typing import Any, TypeVar

import msgspec
import simplejson
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session

from runtime.errors import OperatorError
from runtime.language import gettext as _
from runtime.storage import overlay, turns
from runtime.storage.overlay import LaidOver

CACHE_KB = 32_000
"""Of the pages of a SQLite file that a connection holds: with 2 MB, long writes read the same ones again and again."""

_READING = "yibiao_reading"
Found = TypeVar("Found")

# Exact both ways: what is not an integer is a Decimal. Made once, for a decoder costs as much as a small document.
_dumps = simplejson.JSONEncoder(
    use_decimal=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
).encode
_loads = msgspec.json.Decoder(float_hook=Decimal).decode


def make_engine(url: str) -> Engine:
    """An engine for `sqlite:///file.db` or `postgresql://…`; connects to nothing yet.

    What a statement was given stands in no error and so in no log: it is about people.
    A relative SQLite path is taken from the current folder now, once and for all, and its folder is made.
    Raises `OperatorError` when the address is none of ours.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    return create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        json_serializer=_dumps,
        json_deserializer=_loads,
        hide_parameters=True,
        pool_pre_ping=True,
    )


def is_made(url: str) -> bool:
    """Whether there is a database to ask at all: a SQLite file that is not there would be made by asking."""
    parsed = _parsed(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return True
    return parsed.database == ":memory:" or Path(parsed.database).is_file()


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that sees one moment of the whole database and can write nothing.

    Asked for more once its block has ended, it raises: it would begin anew, and nobody would ever close that.
    """
    with (
        clear_errors(),
        LaidOver(
            _to_read(engine), autoflush=False, close_resets_only=False, info={_READING: True}
        ) as session,
    ):
        yield session


def _to_read(engine: Engine) -> Engine:
    """The same engine for sessions that only read; made once, and kept with it."""
    kept: Engine | None = vars(engine).get(_READING)
    if kept is None:
        options: dict[str, Any] = {_READING: True}
        if engine.dialect.name == "postgresql":
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        kept = vars(engine)[_READING] = engine.execution_options(**options)
    return kept


def is_reading(session: Session) -> bool:
    """Whether the session was made by `reading`: it sees one moment, and only what is committed."""
    return bool(session.info.get(_READING))


def once(session: Session, key: tuple[object, ...], ask: Callable[[], Found]) -> Found:
    """What `ask` finds, asked once in a session that only reads, since that sees one moment of the database."""
    if not is_reading(session):
        return ask()
    if key not in session.info:
        session.info[key] = ask()
    found: Found = session.info[key]
    return found


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session whose changes are kept when the block ends well, all of them, and none when it raises.

    On SQLite it holds the one write lock from its first statement on: do slow things before or after.
    """
    with (
        clear_errors(),
        LaidOver(engine, expire_on_commit=False, close_resets_only=False) as session,
        session.begin(),
    ):
        yield session


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turn what only an operator can mend (no server, a locked file) into an `OperatorError`."""
    try:
        yield
    except OperationalError as error:
        if (message := _operators(error)) is None:
            raise
        raise OperatorError(message) from error


def _operators(error: OperationalError) -> str | None:
    reason = str(error.orig).strip().splitlines()[0] if error.orig else ""
    if isinstance(error.orig, Exception) and "database is locked" in reason:
        return _("The database is busy with another long write; try again in a moment.")
    if "unable to open database file" in reason:
        return _("The database file cannot be opened; check its folder and the rights to it.")
    if error.connection_invalidated or error.statement is None:
        return _("The database cannot be reached: %(reason)s", reason=reason)
    return None


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        known = parsed.get_backend_name() in ("sqlite", "postgresql")
    except (ArgumentError, NoSuchModuleError, ValueError):
        parsed, known = None, False
    if parsed is None or not known:
        raise OperatorError(
            _(
                "“%(url)s” is not the address of a database; "
                "write sqlite:///data/yibiao.db or postgresql://user@host/name.",
                url=_without_password(url),
            )
        )
    return parsed


def _without_password(url: str) -> str:
    before, at, after = url.rpartition("@")
    scheme, colon, _rest = before.partition("://")
    return f"{scheme}{colon}…@{after}" if at else url


def _sqlite(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        file = Path(url.database).absolute()
        _make_folder(file.parent)
        url = url.set(database=str(file))
    engine = create_engine(
        url,
        json_serializer=_dumps,
        json_deserializer=_loads,
        hide_parameters=True,
        connect_args={"isolation_level": None, "timeout": turns.BUSY_SECONDS},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OperatorError(
            _(
                "The folder “%(folder)s” for the database cannot be made: %(reason)s",
                folder=folder,
                reason=error.strerror,
            )
        ) from error


def _prepare(connection: SQLiteConnection, _record: object) -> None:
    """Each connection once: durable, checked, patient, and no row replaced behind a trigger's back."""
    turns.be_patient(connection, turns.BUSY_SECONDS)
    _write_ahead(connection)
    for pragma in (
        "synchronous = FULL",
        "foreign_keys = ON",
        "recursive_triggers = ON",
        f"cache_size = -{CACHE_KB}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: SQLiteConnection) -> None:
    """Let the file have a log that is written ahead; of two that begin at once the later one waits.

    SQLite itself does not wait for this change of mode, whatever the timeout.
    """
    end = time.monotonic() + turns.BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except SQLiteError:
            if time.monotonic() >= end:
                raise
            time.sleep(0.02)


def _begin(connection: Connection) -> None:
    """Begin by ourselves: the driver would begin late, and a read that turns into a write fails at once."""
    readonly = bool(connection.get_execution_options().get(_READING))
    if connection.info.get(_READING) is not readonly:
        connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if readonly else 'OFF'}")
        connection.info[_READING] = readonly
    overlay.forget(connection)
    if readonly:
        connection.exec_driver_sql("BEGIN")
    else:
        turns.begin_to_write(connection)
