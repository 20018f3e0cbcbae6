"""How long what is known of a subject is kept after it has left its last unit. Not for the erasing itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from runtime.facts.freshness import later
from runtime.facts.timeline import UNIT, Timeline
from runtime.storage.tables import FOREVER, Belonging, Change, Subject

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Due:
    """What of a subject is past its time: these fields, or the `whole` of it; nothing where both say so."""

    fields: frozenset[str] = frozenset()
    whole: bool = False

    def __bool__(self) -> bool:
        return self.whole or bool(self.fields)


def due(fields: Mapping[str, Any], timeline: Timeline, left: date, day: date) -> Due:
    """What is to be erased on `day` of a subject that left on `left`, the first day on which it belonged nowhere.

    `fields` are the register's `properties`. A field is kept for its `retention` after that day. Once the
    longest of all retentions is over the whole subject is due, fields without a retention included; a register
    that names none keeps everything.
    """
    kept = {name: field["retention"] for name, field in fields.items() if "retention" in field}
    past = {name for name, duration in kept.items() if day > later(left, duration)}
    if kept and past == kept.keys():
        return Due(whole=True)
    known = {name for _day, patch in timeline for name in patch}
    return Due(frozenset(past & known))


def gone(
    session: Session, register: str, fields: Mapping[str, Any], day: date
) -> list[tuple[str, date]]:
    """The subjects of the register that have left so long ago that something may be due, each with that day."""
    durations = [field["retention"] for field in fields.values() if "retention" in field]
    if not durations:
        return []
    last = func.max(Belonging.to_day)
    rows = session.execute(
        select(Subject.id, last)
        .join(Belonging, Belonging.subject_id == Subject.id, isouter=True)
        .where(
            Subject.register == register,
            Subject.unit_id.is_(None),
            Subject.erased_on.is_(None),
        )
        .group_by(Subject.id)
        .having(or_(last < day, last.is_(None)))
        .order_by(Subject.id)
    ).all()
    lasts: list[tuple[str, date | None]] = [(one[0], one[1]) for one in rows]
    taken = _taken_out(session, [id_ for id_, last_day in lasts if last_day is None])
    days = {id_: last_day + timedelta(days=1) for id_, last_day in lasts if last_day is not None}
    left = sorted((taken | days).items())
    return [(id_, since) for id_, since in left if any(day > later(since, d) for d in durations)]


def left_on(session: Session, subject_id: str) -> date | None:
    """The first day on which the subject belonged nowhere any more; None while it belongs somewhere.

    Of one that was taken out of its register as if it had never been there, the day on which that was done.
    """
    last = session.scalar(
        select(func.max(Belonging.to_day)).where(Belonging.subject_id == subject_id)
    )
    if last is None:
        return _taken_out(session, [subject_id]).get(subject_id)
    return last + timedelta(days=1) if last != FOREVER else None


def _taken_out(session: Session, ids: Sequence[str]) -> dict[str, date]:
    """Of subjects without any stretch of days in a unit, when that was said last (else anything of them)."""
    found: dict[str, tuple[bool, date]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        some = Change.subject_id.in_(ids[start : start + _AT_ONCE])
        told = select(Change.subject_id, Change.values, Change.recorded_at).where(some)
        for subject_id, values, recorded in session.execute(told.order_by(Change.seq)):
            said = (UNIT in values, recorded.astimezone().date())
            if said[0] >= found.get(subject_id, said)[0]:
                found[subject_id] = said
    return {subject_id: day for subject_id, (_moved, day) in found.items()}
