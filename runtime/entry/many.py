"""Entries of one form begun for many units, filled, in few transactions. Not for a single one: that is `life.start`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Engine, insert, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from runtime import clock
from runtime.entry import life, versions
from runtime.entry.begin import prefilled_each
from runtime.fill.filling import Filled
from runtime.periods import Period
from runtime.storage.engine import reading, writing
from runtime.storage.tables import AuditEvent, Entry, EntryRevision, FormVersion

AT_ONCE = 80
"""Units of one transaction, so that the write lock is held some 50 ms."""


def start_all(
    engine: Engine,
    address: str,
    unit_ids: Iterable[int],
    period: Period | None = None,
    actor: int | None = None,
) -> dict[int, str]:
    """Unit -> the id of its entry for the newest version of the form, filled and begun where there was none.

    Stopped half-way it leaves what was begun, and goes on from there when it is asked again. Raises `NotFound` for
    a form that is not published, `EntryError` for a period of another frequency, and what `fill` raises.
    """
    rest, found = iter(unit_ids), dict[int, str]()
    with reading(engine) as session:
        version_id = versions.require_latest(session, address).id
    while some := list(islice(rest, AT_ONCE)):
        read_at = clock.now()
        with reading(engine) as session:
            filled = _filled(session, versions.get(session, version_id), some, period)
        with writing(engine) as session:
            version = versions.get(session, version_id)
            _begin(session, version, period, actor, filled, read_at)
            found |= _begun(session, address, some, period)
    return found


def _filled(
    session: Session, version: FormVersion, units: list[int], period: Period | None
) -> dict[int, Filled]:
    plan = versions.plan_of(version)
    life.require_period(plan, period)
    begun = _begun(session, version.address, units, period)
    return prefilled_each(session, plan, [unit for unit in units if unit not in begun], period)


def _begin(
    session: Session,
    version: FormVersion,
    period: Period | None,
    actor: int | None,
    filled: Mapping[int, Filled],
    read_at: datetime,
) -> None:
    """Write the entries that nobody else has begun meanwhile, each with its first revision and a line in the log."""
    rows = [life.row_of(version, u, period, None, actor, one) for u, one in filled.items()]
    if not rows:
        return
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    adding = dialect.insert(Entry.__table__).on_conflict_do_nothing(index_elements=["key"])
    session.connection().execute(adding, rows)
    added = Entry.id.in_([row["id"] for row in rows])
    session.execute(
        insert(EntryRevision).from_select(list(_REVISION), select(*_REVISION.values()).where(added))
    )
    details = literal({"read": read_at.isoformat()}, AuditEvent.details.type)
    logged = _LOGGED | {"details": details}
    session.execute(
        insert(AuditEvent).from_select(list(logged), select(*logged.values()).where(added))
    )


_REVISION = {
    "entry_id": Entry.id,
    "revision": Entry.revision,
    "data": Entry.data,
    "choices": Entry.choices,
    "at": Entry.created_at,
    "by": Entry.created_by,
}
"""The first revision of an entry, taken from its own row."""
_LOGGED: dict[str, Any] = {
    "at": Entry.created_at,
    "actor_id": Entry.created_by,
    "action": literal("entry.start"),
    "object_kind": literal("entry"),
    "object_id": Entry.id,
    "unit_id": Entry.unit_id,
}


def _begun(
    session: Session, address: str, units: Iterable[int], period: Period | None
) -> dict[int, str]:
    keys = [life.key_of(address, unit, period, None) for unit in units]
    rows = session.execute(select(Entry.unit_id, Entry.id).where(Entry.key.in_(keys)))
    return {unit: entry_id for unit, entry_id in rows}  # noqa: C416 - rows are no pairs to mypy
