"""Which visits would fill the most: subjects of a unit by how many facts about them are missing or old. Reads only.

It counts facts that the reports owed by the unit ask for, and orders addresses by that. It says nothing of persons.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from runtime import clock
from runtime.accounts.access import departments
from runtime.definitions.plan import Plan
from runtime.entry import versions
from runtime.facts.groups import Group
from runtime.facts.timeline import Timeline
from runtime.facts.units import below_query, path
from runtime.fill.asked import Asked, asked_of
from runtime.storage.tables import Change, Subject, Unit, User


@dataclass(slots=True)
class Visit:
    """One address, or one subject: who is there, and what is to be asked of each."""

    unit_id: int
    subjects: list[tuple[str, str, list[str]]] = field(default_factory=list)
    """Subject, its register, and the fields that are missing or old; the group's own subject comes first."""
    group: tuple[str, str] = ("", "")
    """The register and the number of what holds them together; empty: one subject alone."""

    @property
    def count(self) -> int:
        """How many facts are missing or old."""
        return sum(len(fields) for _subject, _register, fields in self.subjects)


@dataclass(frozen=True, slots=True)
class Found:
    """The visits that fill the most, and how many there are in all."""

    first: list[Visit]
    count: int
    facts: int
    """How many facts are missing or old at all of them."""


MOST = 300
"""So many visits are listed: nobody pages on to the least of a city's, and all of them are not to lie in memory."""
_KEPT = 8
_found: OrderedDict[tuple[Any, ...], Found] = OrderedDict()
_turn = Lock()


def owed_forms(session: Session, user: User | None, unit_id: int) -> list[Plan]:
    """The reports that the unit, those above it and those below it owe, of the departments that the user fills for."""
    today = clock.today()
    allowed = departments(session, user, "entry.fill")
    below = select(Unit.level).where(Unit.id.in_(below_query(unit_id, today))).distinct()
    levels = {*session.scalars(below), *(unit.level for unit in path(session, unit_id, today))}
    plans = [
        versions.plan_of(version)
        for version in versions.published(session)
        if allowed is None or version.department in allowed
    ]
    return [p for p in plans if p.form.frequency and levels & set(p.form.levels)]


def visits(
    session: Session,
    plans: Sequence[Plan],
    schemas: Mapping[str, Mapping[str, Any]],
    groups: Sequence[Group],
    unit_id: int,
) -> Found:
    """The visits in the unit and below it that something is to be asked at, those that fill the most first.

    What was found is kept until somebody records a change; on PostgreSQL one that began earlier and ends later may be
    missed until the next.
    """
    newest = session.scalar(select(func.max(Change.seq)))
    site = str(session.get_bind().engine.url)
    key = (site, unit_id, clock.today(), newest, tuple(plan.digest for plan in plans))
    with _turn:
        kept = _found.get(key)
    found = kept or _cut(_visits(session, asked_of(plans, schemas), groups, unit_id))
    with _turn:
        _found[key] = found
        _found.move_to_end(key)
        while len(_found) > _KEPT:
            _found.popitem(last=False)
    return found


def reports(
    session: Session,
    plans: Sequence[Plan],
    schemas: Mapping[str, Mapping[str, Any]],
    some: Sequence[Visit],
) -> list[int]:
    """For each of these visits, how many of the reports lack something that is to be asked there."""
    today = clock.today()
    ids = [subject_id for one in some for subject_id, _register, _fields in one.subjects]
    rows = session.execute(select(Subject.id, Subject.timeline).where(Subject.id.in_(ids)))
    timelines: dict[str, Timeline] = {one.id: one.timeline for one in rows}
    asked = [asked_of([plan], schemas) for plan in plans]
    return [sum(_lacks(each, one, timelines, today) for each in asked) for one in some]


def _lacks(
    asked: Mapping[str, Asked], visit: Visit, timelines: Mapping[str, Timeline], day: date
) -> bool:
    return any(
        register in asked and asked[register].lacking(timelines[subject_id], day)
        for subject_id, register, _fields in visit.subjects
        if subject_id in timelines
    )


def _cut(every: list[Visit]) -> Found:
    return Found(every[:MOST], len(every), sum(one.count for one in every))


def _visits(
    session: Session, asked: Mapping[str, Asked], groups: Sequence[Group], unit_id: int
) -> list[Visit]:
    today = clock.today()
    there = Subject.unit_id.in_(below_query(unit_id, today))
    # Wrapped, since without statistics SQLite would walk whole registers by their index.
    wanted = func.coalesce(Subject.register, "").in_(list(asked))
    rows = session.execute(
        select(Subject.id, Subject.register, Subject.unit_id, Subject.timeline)
        .where(there, wanted)
        .execution_options(yield_per=1000)
    )
    of = {name: group for group in groups for name in (group.register, *group.members)}
    found: dict[tuple[Any, ...], Visit] = {}
    for subject_id, register, unit, timeline in rows:
        fields = asked[register].lacking(timeline, today)
        if fields:
            place = _place(of.get(register), register, subject_id, timeline, today)
            visit = found.setdefault((unit, *place), Visit(unit, group=place[:2]))
            visit.subjects.append((subject_id, register, fields))
    for visit in found.values():
        visit.subjects.sort(key=lambda one: (one[1] != visit.group[0], one[0]))
    return sorted(found.values(), key=lambda v: (-v.count, v.group, v.subjects[0][0]))


def _place(
    group: Group | None, register: str, subject_id: str, timeline: Timeline, day: date
) -> tuple[str, str, str]:
    """What the subject is visited with: register and number of the group, or itself."""
    number = None
    for since, patch in timeline if group else ():
        if group and since <= day.isoformat() and group.field in patch:
            number = patch[group.field]
    return (group.register, str(number), "") if group and number else ("", register, subject_id)
