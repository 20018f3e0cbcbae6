"""Carrying out how long facts are kept: what is past its time is erased, day by day, wherever it is told."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from runtime.definitions.load import Library
from runtime.entry.erasing import erase_everywhere, lock_entries
from runtime.errors import NotFound
from runtime.facts.registers import Register, register_of
from runtime.facts.retention import Due, due, gone, left_on
from runtime.facts.staged.settle import hold
from runtime.facts.subjects import current
from runtime.language import gettext as _
from runtime.storage.engine import reading, writing
from runtime.storage.tables import Subject

REASON = "retention"
"""Why, in the ledger and the audit log."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased of one subject, or would be; no fields: all of it."""

    register: str
    subject_id: str
    fields: tuple[str, ...] = ()


def retain(engine: Engine, library: Library, day: date) -> list[Erased]:
    """Erase what is past its time on `day`, each subject in a short transaction of its own; again finds nothing.

    Whoever has come back since it was looked for is left alone.
    """
    return [done for one in overdue(engine, library, day) if (done := _erase(engine, one, day))]


def planned(engine: Engine, library: Library, day: date) -> list[Erased]:
    """What `retain` would erase."""
    return [_told(one) for one in overdue(engine, library, day)]


def erase_on_request(
    engine: Engine, register: Register, subject_id: str, reason: str, fields: Collection[str] = ()
) -> None:
    """Erase a subject, or these fields of it, whatever its time; for the command line.

    Raises `NotFound` where the register has no such subject, `EntryError` as `facts.erasing.erase` does.
    """
    with writing(engine) as session:
        if current(session, subject_id).register != register.name:
            raise NotFound(_("There is no such subject."))
        erase_everywhere(session, register, subject_id, None, reason, fields=fields)


@dataclass(frozen=True, slots=True)
class Overdue:
    """A subject of which something is past its time."""

    register: Register
    subject_id: str
    due: Due


def overdue(engine: Engine, library: Library, day: date) -> Iterator[Overdue]:
    """Every subject of which something is past its time on `day`."""
    for name in library.registers():
        register = register_of(library, name)
        with reading(engine) as session:
            left = gone(session, register.name, register.schema["properties"], day)
        for subject_id, _since in left:
            with reading(engine) as session:
                found = _due(session, register, subject_id, day)
            if found:
                yield Overdue(register, subject_id, found)


def _due(session: Session, register: Register, subject_id: str, day: date) -> Due:
    left = left_on(session, subject_id)
    timeline = session.scalar(select(Subject.timeline).where(Subject.id == subject_id))
    if left is None or timeline is None:
        return Due()
    return due(register.schema["properties"], timeline, left, day)


def _erase(engine: Engine, one: Overdue, day: date) -> Erased | None:
    with writing(engine) as session:
        entries = lock_entries(session, one.subject_id)
        hold(session, [one.subject_id])
        erased = select(Subject.erased_on).where(Subject.id == one.subject_id)
        if session.scalar(erased) is not None:
            return None
        found = _due(session, one.register, one.subject_id, day)
        if not found:
            return None
        erase_everywhere(
            session,
            one.register,
            one.subject_id,
            None,
            REASON,
            fields=() if found.whole else found.fields,
            entries=entries,
        )
    return _told(Overdue(one.register, one.subject_id, found))


def _told(one: Overdue) -> Erased:
    fields = () if one.due.whole else tuple(sorted(one.due.fields))
    return Erased(one.register.name, one.subject_id, fields)
