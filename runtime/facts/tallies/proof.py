"""Tallies proved against the timelines, unit by unit, and made anew where they differ. Not for single figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from runtime.facts.tallies import pages
from runtime.facts.tallies.basis import load
from runtime.facts.tallies.upkeep import keep_members
from runtime.rules.figures import Number
from runtime.rules.tallying import Contributions, Event, Membership, contributions
from runtime.storage.engine import reading, writing
from runtime.storage.tables import Belonging, Subject
from runtime.storage.tally_tables import TallyLeaf, TallyMember, TallyPage


@dataclass(frozen=True, slots=True)
class Damage:
    """How many tallies of a unit, and memberships in it, are not what the timelines say."""

    unit_id: int
    tallies: int
    members: int


def units(session: Session) -> list[int]:
    """The units that have tallies, or subjects that ever belonged to them."""
    found = {*session.scalars(select(TallyLeaf.unit_id))}
    return sorted(found | {*session.scalars(select(Belonging.unit_id).distinct())})


def verify(engine: Engine, unit_ids: Iterable[int] | None = None) -> Iterator[Damage]:
    """Compare each unit's tallies with its subjects' timelines; yields those that differ. Writes nothing."""
    if unit_ids is None:
        with reading(engine) as session:
            unit_ids = units(session)
    for unit in unit_ids:
        with reading(engine) as session:
            if damage := compared(session, unit):
                yield damage


def rebuild(engine: Engine, unit_id: int) -> None:
    """Write the unit's tallies, and the memberships of all who ever belonged there, anew from the timelines."""
    with writing(engine) as session:
        ids = select(Belonging.subject_id).where(Belonging.unit_id == unit_id)
        session.execute(
            select(Subject.id).where(Subject.id.in_(ids)).order_by(Subject.id).with_for_update()
        ).all()
        found, members = _of_unit(session, unit_id)
        kept = select(TallyMember.unit_id).where(TallyMember.subject_id.in_(ids)).distinct()
        elsewhere = {one.unit_id for some in members.values() for one in some}
        elsewhere |= set(session.scalars(kept))
        pages.replace(session, unit_id, found.events, elsewhere)
        keep_members(session, members)


def compared(session: Session, unit_id: int) -> Damage | None:
    """What is wrong with one unit's tallies, or None."""
    found, members = _of_unit(session, unit_id)
    expected = {m for some in members.values() for m in some if m.unit_id == unit_id}
    wrong = _differences(_kept_events(session, unit_id), found.events)
    columns = (getattr(TallyMember, name) for name in Membership._fields)
    rows = session.execute(select(*columns).where(TallyMember.unit_id == unit_id))
    odd = len({Membership(*row) for row in rows} ^ expected)
    return Damage(unit_id, wrong, odd) if wrong or odd else None


def _of_unit(session: Session, unit_id: int) -> tuple[Contributions, dict[str, set[Membership]]]:
    """What the timelines of all who ever belonged to the unit say of it; and all memberships of each."""
    ids = select(Belonging.subject_id).where(Belonging.unit_id == unit_id)
    rows = session.execute(
        select(Subject.id, Subject.timeline, Subject.basis).where(Subject.id.in_(ids))
    )
    total, members = Contributions(), {}
    for subject_id, timeline, basis in rows:
        if not basis:
            continue
        one = contributions(timeline, load(session, basis).tallied)
        members[subject_id] = one.members
        for event, amount in one.events.items():
            if event.unit_id == unit_id:
                total.add(event, amount)
    return total, members


def _kept_events(session: Session, unit_id: int) -> dict[Event, Number]:
    """The unit's events; where a base is not what went before adds up to, the difference as an event of day 0."""
    rows = session.execute(
        select(TallyPage.base, TallyPage.events)
        .where(TallyPage.unit_id == unit_id)
        .order_by(TallyPage.quarter)
    )
    found: dict[Event, Number] = {}
    running: pages.Values = {}
    for text, happens in rows:
        base, events = pages.events_of(text, happens)
        for slot in running.keys() | base.keys():
            if running.get(slot, 0) != base.get(slot, 0):
                found[Event(unit_id, 0, slot)] = 1
        running = base
        for (day, slot), amount in events.items():
            found[Event(unit_id, day, slot)] = amount
            pages.add(running, slot, amount)
    return found


def _differences(kept: dict[Event, Number], expected: dict[Event, Number]) -> int:
    return sum(kept.get(key, 0) != expected.get(key, 0) for key in kept.keys() | expected.keys())
