"""What the reports of one unit rest on: only its own subjects, so that a page can ask. Not for a whole city."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session

from runtime import clock
from runtime.definitions.plan import Plan
from runtime.facts.proposals import waiting
from runtime.facts.timeline import Timeline, as_of
from runtime.facts.units import below
from runtime.fill.ground import Ground, fields_of, ground_of
from runtime.storage.tables import Belonging, Change, Subject

MOST = 5_000
"""Of more subjects nobody waits until the age of all their facts was looked at."""
MOST_ELSEWHERE = 30_000
"""In a larger register nobody looks through all subjects for one of whom a field is known."""
_KEPT = 1000
_AT_ONCE = 500
_found: dict[tuple[str, str, str, date], str | int | None] = {}
"""Of whom a field is known; the newest change when it was known of nobody."""
_large: dict[tuple[str, str], tuple[date, bool]] = {}
"""Whether a register is large, and the day on which that was counted."""

Fields = Mapping[str, Collection[str]]
"""Register -> its fields."""


def ground_of_unit(
    session: Session,
    schemas: Mapping[str, Mapping[str, Any]],
    day: date,
    unit_id: int,
    wanted: Fields,
    also: Collection[str] = (),
) -> Ground | None:
    """The ground as of `day` of the unit and all below it, and of the subjects `also`, wherever those are.

    As `read_ground` gives it, as far as figures that rest on the `wanted` fields can tell. None where that would be
    more than `MOST` subjects.
    """
    there = _subjects(session, below(session, unit_id, day), day, wanted)
    if len(there) > MOST or len(also) > MOST:
        return None
    rows = list(_rows(session, {*there, *also}))
    ground = ground_of(rows, schemas, day, waiting(session, {row[0] for row in rows}))
    return replace(ground, known=ground.known | set(_known_elsewhere(session, ground, wanted)))


def wanted_by(plans: Iterable[Plan]) -> dict[str, set[str]]:
    """The fields that the figures of these forms rest on, by register."""
    found: dict[str, set[str]] = {}
    for plan in plans:
        for rule in plan.rules.values():
            found.setdefault(rule.register, set()).update(fields_of(rule))
    return found


def _subjects(
    session: Session, units: Collection[int], day: date, registers: Iterable[str]
) -> Sequence[str]:
    """Who belongs to the units on the day, of these registers; of more than `MOST` so many that one can tell.

    The units are named one by one, since PostgreSQL thinks that a query for them finds a hundred, and then reads the
    whole register. SQLite has no statistics and would walk the register by its index, so there that is wrapped.
    """
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    register = func.coalesce(Subject.register, "") if on_sqlite else Subject.register
    query = select(Belonging.subject_id).join(Subject, Subject.id == Belonging.subject_id)
    there = query.where(
        Belonging.unit_id.in_(units),
        Belonging.from_day <= day,
        Belonging.to_day >= day,
        register.in_(list(registers)),
    )
    return session.scalars(there.limit(MOST + 1)).all()


def _rows(session: Session, ids: Iterable[str]) -> Iterator[tuple[str, str, Timeline]]:
    """Id, register and timeline of each of them, some at a time: of thousands at once a table is read whole."""
    query, rest = select(Subject.id, Subject.register, Subject.timeline), iter(sorted(ids))
    while part := list(islice(rest, _AT_ONCE)):
        for row in session.execute(query.where(Subject.id.in_(part))):
            yield row.id, row.register, row.timeline


def _known_elsewhere(session: Session, ground: Ground, wanted: Fields) -> Iterator[tuple[str, str]]:
    """Of the fields that are known of nobody here, those that are known of anybody else."""
    for register, names in wanted.items():
        for name in names:
            if (register, name) not in ground.known and _is_known(
                session, register, name, ground.day
            ):
                yield register, name


def _is_known(session: Session, register: str, name: str, day: date) -> bool:
    """Whether the field is known of anybody on the day: the first that is found is enough.

    In a register with more than `MOST_ELSEWHERE` subjects it is taken to be.
    """
    newest = session.scalar(select(func.max(Change.seq)))
    key = str(session.get_bind().engine.url), register, name, day
    kept = _found.get(key)
    if kept == newest:
        return False
    if isinstance(kept, str) and _is_known_of(session, kept, name, day):
        return True
    if _is_large(session, register):
        return True
    somebody = _somebody(session, register, name, day)
    if len(_found) >= _KEPT:
        _found.clear()
    _found[key] = newest if somebody is None else somebody
    return somebody is not None


def _is_large(session: Session, register: str) -> bool:
    """Whether it has more than `MOST_ELSEWHERE` subjects, counted once a day."""
    key, today = (str(session.get_bind().engine.url), register), clock.today()
    if key not in _large or _large[key][0] != today:
        some = select(Subject.id).where(Subject.register == register).limit(MOST_ELSEWHERE + 1)
        count = session.scalar(select(func.count()).select_from(some.subquery())) or 0
        _large[key] = today, count > MOST_ELSEWHERE
    return _large[key][1]


def _is_known_of(session: Session, subject_id: str, name: str, day: date) -> bool:
    timeline = session.scalar(select(Subject.timeline).where(Subject.id == subject_id))
    return timeline is not None and name in as_of(timeline, day)


def _somebody(session: Session, register: str, name: str, day: date) -> str | None:
    """One of whom the field is known on the day."""
    spoken_of = cast(Subject.timeline, Text).contains(f'"{name}"', autoescape=True)
    query = select(Subject.id, Subject.timeline).where(Subject.register == register, spoken_of)
    with session.execute(query.execution_options(yield_per=20)) as found:
        return next((row.id for row in found if name in as_of(row.timeline, day)), None)
