"""Reading subjects: as they are, as they were on a day, and all those of a unit. Not for writing them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from runtime.errors import NotFound
from runtime.facts.registers import Register
from runtime.facts.timeline import as_of, last_change, unit_on
from runtime.facts.units import below_query, get
from runtime.language import gettext as _
from runtime.storage.tables import Belonging, Change, Subject


class Member(NamedTuple):
    """A subject as of a day: where it belonged, its document, and the day of its last change up to then."""

    subject_id: str
    unit_id: int
    document: dict[str, Any]
    changed: date | None = None


def current(session: Session, subject_id: str) -> Subject:
    """The subject with its document of today; raises `NotFound`."""
    subject = session.get(Subject, subject_id)
    if subject is None:
        raise NotFound(_("There is no such subject."))
    return subject


def document_as_of(session: Session, subject_id: str, day: date) -> dict[str, Any]:
    """What was known to hold of the subject at the end of `day`; raises `NotFound`."""
    return as_of(current(session, subject_id).timeline, day)


def changes_of(session: Session, subject_id: str) -> list[Change]:
    """Every change of the subject, in the order in which they were recorded."""
    return list(
        session.scalars(select(Change).where(Change.subject_id == subject_id).order_by(Change.seq))
    )


def newest_change(session: Session, subject_id: str) -> str | None:
    """The id of the change of the subject that was recorded last: what a page shows, and what is asked is based on."""
    newest = select(Change.id).where(Change.subject_id == subject_id).order_by(Change.seq.desc())
    return session.scalar(newest.limit(1))


def scan(session: Session, register: Register | str, unit_id: int, day: date) -> Iterator[Member]:
    """All members of the register that belonged on `day` to the unit or to one below it on that day.

    Each with its document at the end of that day, in no particular order. A subject that has moved or ended
    since is among them where it was then. Raises `NotFound` for an unknown unit.
    """
    get(session, unit_id)
    name = register if isinstance(register, str) else register.name
    there = select(Belonging.subject_id).where(
        Belonging.unit_id.in_(below_query(unit_id, day)),
        Belonging.from_day <= day,
        Belonging.to_day >= day,
    )
    rows = session.execute(
        select(Subject.id, Subject.timeline)
        # Wrapped, since without statistics SQLite would walk the whole register by its index.
        .where(func.coalesce(Subject.register, "") == name, Subject.id.in_(there))
        .execution_options(yield_per=1000)
    )
    for subject_id, timeline in rows:
        unit = unit_on(timeline, day)
        if unit is not None:
            yield Member(subject_id, unit, as_of(timeline, day), last_change(timeline, day))
