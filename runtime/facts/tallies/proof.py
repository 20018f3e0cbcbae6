"""Tallies proved against the timelines, unit by unit, and made anew where they differ. Not for single figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Engine, literal, select, true
from sqlalchemy.orm import Session

from runtime.errors import Conflict
from runtime.facts.staged.settle import hold, settle, settling
from runtime.facts.tallies import page, pages
from runtime.facts.tallies.basis import load
from runtime.facts.tallies.upkeep import keep_members
from runtime.language import gettext as _
from runtime.rules.figures import Number
from runtime.rules.tallying import Contributions, Event, Membership, contributions
from runtime.storage.engine import reading, writing
from runtime.storage.staged_tables import Settling, StagedMember, StagedPage
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
    settle(engine)
    with writing(engine) as session:
        ids = select(Belonging.subject_id).where(Belonging.unit_id == unit_id)
        hold(session, session.scalars(ids))
        if settling(session) is not None:
            raise Conflict(
                _("An import is just becoming part of the register; try again in a moment.")
            )
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
    odd = len(_kept_members(session, unit_id) ^ expected)
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


def _kept_members(session: Session, unit_id: int) -> set[Membership]:
    """The memberships in the unit, with those that an import brings and without those that it ends."""
    found: set[Membership] = set()
    for table in (TallyMember, StagedMember):
        columns = [getattr(table, name) for name in Membership._fields]
        counts = StagedMember.counts if table is StagedMember else literal(1)
        rows = select(*columns, counts).where(table.unit_id == unit_id)
        if table is StagedMember:
            rows = rows.where(StagedMember.import_id.in_(select(Settling.import_id)))
        for *row, n in session.execute(rows):
            (found.add if n > 0 else found.discard)(Membership(*row))
    return found


def _kept_events(session: Session, unit_id: int) -> dict[Event, Number]:
    """The unit's events; where a base is not what went before adds up to, the difference as an event of day 0."""
    total = Contributions()
    staged = StagedPage.import_id.in_(select(Settling.import_id))
    for table, which in ((TallyPage, true()), (StagedPage, staged)):
        rows = session.execute(
            select(table.base, table.events)
            .where(table.unit_id == unit_id, which)
            .order_by(table.quarter)
        )
        for event, amount in _added_up(unit_id, rows):
            total.add(event, amount)
    return total.events


def _added_up(unit_id: int, rows: Iterable[tuple[str, str]]) -> Iterator[tuple[Event, Number]]:
    running: page.Values = {}
    for text, happens in rows:
        base, events = page.events_of(text, happens)
        for slot in running.keys() | base.keys():
            if running.get(slot, 0) != base.get(slot, 0):
                yield Event(unit_id, 0, slot), 1
        running = base
        for (day, slot), amount in events.items():
            yield Event(unit_id, day, slot), amount
            page.add(running, slot, amount)


def _differences(kept: dict[Event, Number], expected: dict[Event, Number]) -> int:
    return sum(kept.get(key, 0) != expected.get(key, 0) for key in kept.keys() | expected.keys())
