"""Subjects and changes as they are seen while an import settles: its rows laid over those of the tables.

The switch that makes a whole import seen is one row in `settling`. From then on until its rows have been moved, whoever
selects from `subject` or `change` reads views of these names instead, in front of the tables: temporary ones on SQLite,
those of the schema `overlay` on PostgreSQL. No reader has to know of it, and while nothing settles there is no view.
Whoever writes to these two tables does it within `tables(session)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, event, inspect, text
from sqlalchemy.orm import Session, SessionTransaction

LATE = 1 << 40
"""Staged changes come after all that are recorded: what is added to their number."""

_ON, _READY = "yibiao_overlay", "yibiao_tables"
_CHANGE = "id, subject_id, kind, field_values, effective, recorded_at, actor_id, provenance, based_on, reason"
VIEWS = {
    "subject": """
        SELECT s.id, s.register,
          CASE WHEN x.subject_id IS NULL THEN s.unit_id ELSE x.unit_id END AS unit_id,
          CASE WHEN x.subject_id IS NULL THEN s.document ELSE x.document END AS document,
          CASE WHEN x.subject_id IS NULL THEN s.timeline ELSE x.timeline END AS timeline,
          CASE WHEN x.subject_id IS NULL THEN s.revision ELSE x.revision END AS revision,
          CASE WHEN x.subject_id IS NULL THEN s.basis ELSE x.basis END AS basis,
          s.erased_on
        FROM {schema}.subject AS s LEFT JOIN {schema}.staged_subject AS x
          ON x.subject_id = s.id AND x.import_id = (SELECT import_id FROM {schema}.settling)""",
    "change": """
        SELECT seq, {columns} FROM {schema}.change
        UNION ALL
        SELECT {late} + n + (SELECT after FROM {schema}.settling), {columns}
        FROM {schema}.staged_change WHERE import_id = (SELECT import_id FROM {schema}.settling)""",
}
_PATH = text("SELECT set_config('search_path', :path, true)")


class LaidOver(Session):
    """A session that sees an import that settles, whole."""


@event.listens_for(LaidOver, "after_begin")
def _begin(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    look(session, connection)


def look(session: Session, connection: Connection) -> None:
    """See whether an import settles, as each transaction does once at its beginning, and lay it over if so."""
    settling = _is_ready(connection) and _settles(connection)
    session.info[_ON] = settling
    if settling:
        if connection.dialect.name == "postgresql":
            session.info["search_path"] = connection.execute(text("SHOW search_path")).scalar_one()
        _lay(session, connection)
    elif connection.info.get(_ON):
        _take_off(session, connection)


def forget(connection: Connection) -> None:
    """On SQLite, before a transaction begins, drop the views of an import that has settled.

    Within a transaction that would be undone with it, and each later one would have to do it again.
    """
    if connection.info.get(_ON) and not _settles(connection):
        _drop(connection)
        connection.info[_ON] = False


def _settles(connection: Connection) -> bool:
    return bool(connection.exec_driver_sql("SELECT 1 FROM settling").scalar())


def _is_ready(connection: Connection) -> bool:
    """Whether the database has our tables, asked until it has: a plugin may have some before."""
    if not connection.info.get(_READY):
        connection.info[_READY] = inspect(connection).has_table("settling")
    return bool(connection.info[_READY])


def is_laid(session: Session) -> bool:
    """Whether the session's transaction sees an import that settles."""
    session.connection()
    return bool(session.info.get(_ON))


@contextmanager
def tables(session: Session) -> Iterator[None]:
    """Within this, the tables themselves are read and written, without what lies over them."""
    if not is_laid(session):
        yield
        return
    session.info[_ON] = False
    _take_off(session, session.connection())
    try:
        yield
    finally:
        if session.is_active:
            _lay(session, session.connection())
            session.info[_ON] = True


def _lay(session: Session, connection: Connection) -> None:
    """Let the views stand before the tables until the transaction ends, at least."""
    if connection.dialect.name == "postgresql":
        connection.execute(_PATH, {"path": f"overlay, {session.info['search_path']}"})
        return
    # On SQLite what a transaction makes is gone again when it is rolled back, so it is not remembered but made anew.
    connection.info[_ON] = True
    with _may_write(connection):
        for name, query in VIEWS.items():
            told = query.format(schema="main", late=LATE, columns=_CHANGE)
            connection.exec_driver_sql(f"CREATE TEMP VIEW IF NOT EXISTS {name} AS {told}")


def _take_off(session: Session, connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(_PATH, {"path": session.info["search_path"]})
    else:
        _drop(connection)


def _drop(connection: Connection) -> None:
    with _may_write(connection):
        for name in VIEWS:
            connection.exec_driver_sql(f"DROP VIEW IF EXISTS temp.{name}")


@contextmanager
def _may_write(connection: Connection) -> Iterator[None]:
    """A session that only reads may make its own views all the same."""
    readonly = connection.exec_driver_sql("PRAGMA query_only").scalar()
    if readonly:
        connection.exec_driver_sql("PRAGMA query_only = OFF")
    try:
        yield
    finally:
        if readonly:
            connection.exec_driver_sql("PRAGMA query_only = ON")
