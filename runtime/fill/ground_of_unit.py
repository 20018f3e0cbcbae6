"""What the reports of one unit rest on: only its own subjects, so that a page can ask. Not for a whole city."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Select, Text, cast, func, or_, select
from sqlalchemy.orm import Session

from runtime.definitions.plan import Plan
from runtime.facts.proposals import waiting
from runtime.facts.timeline import as_of
from runtime.facts.units import below_query
from runtime.fill.ground import Ground, fields_of, ground_of
from runtime.storage.tables import Belonging, Change, Subject

MOST = 5_000
"""Of more subjects nobody waits until the age of all their facts was looked at."""
MOST_ELSEWHERE = 30_000
"""In a larger register nobody looks through all subjects for one of whom a field is known."""
_KEPT = 1000
_nobody: dict[tuple[str, str, str, date], int | None] = {}
"""The newest change when a field was known of nobody."""

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
    there = _subjects(unit_id, day, wanted)
    some = there.limit(MOST + 1).subquery()
    if len(also) > MOST or (session.scalar(select(func.count()).select_from(some)) or 0) > MOST:
        return None
    query = select(Subject.id, Subject.register, Subject.timeline)
    found = session.execute(query.where(or_(Subject.id.in_(there), Subject.id.in_(also)))).all()
    rows = [(row.id, row.register, row.timeline) for row in found]
    ground = ground_of(rows, schemas, day, waiting(session, {row[0] for row in rows}))
    return replace(ground, known=ground.known | set(_known_elsewhere(session, ground, wanted)))


def wanted_by(plans: Iterable[Plan]) -> dict[str, set[str]]:
    """The fields that the figures of these forms rest on, by register."""
    found: dict[str, set[str]] = {}
    for plan in plans:
        for rule in plan.rules.values():
            found.setdefault(rule.register, set()).update(fields_of(rule))
    return found


def _subjects(unit_id: int, day: date, registers: Iterable[str]) -> Select[Any]:
    here = select(Belonging.subject_id).where(
        Belonging.unit_id.in_(below_query(unit_id, day)),
        Belonging.from_day <= day,
        Belonging.to_day >= day,
    )
    # Wrapped, since without statistics SQLite would walk whole registers by their index.
    wanted = func.coalesce(Subject.register, "").in_(list(registers))
    return select(Subject.id).where(Subject.id.in_(here), wanted)


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
    if _nobody.get(key) == newest:
        return False
    if _is_large(session, register) or _is_found(session, register, name, day):
        return True
    if len(_nobody) >= _KEPT:
        _nobody.clear()
    _nobody[key] = newest
    return False


def _is_large(session: Session, register: str) -> bool:
    some = select(Subject.id).where(Subject.register == register).limit(MOST_ELSEWHERE + 1)
    return len(session.scalars(some).all()) > MOST_ELSEWHERE


def _is_found(session: Session, register: str, name: str, day: date) -> bool:
    spoken_of = cast(Subject.timeline, Text).contains(f'"{name}"', autoescape=True)
    query = select(Subject.timeline).where(Subject.register == register, spoken_of)
    with session.execute(query.execution_options(yield_per=20)) as found:
        return any(name in as_of(row.timeline, day) for row in found)
