"""What an entry shows of subjects and has grown old: which cells, and the one tap that says it is still correct."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from runtime.definitions.place import cells as cells_of
from runtime.definitions.place import place
from runtime.definitions.plan import Cell, Plan
from runtime.entry import audit
from runtime.entry.bound import Bound, as_of_day, bound_cells
from runtime.entry.hold import locked, require_open
from runtime.entry.life import by, plan_for, put
from runtime.entry.provenance import typed_by
from runtime.entry.shown import still_shown
from runtime.entry.write_back import Registers, said_by_form
from runtime.facts.changes import Step, record_all
from runtime.facts.freshness import is_last_time, stale_fields
from runtime.facts.staged.settle import hold
from runtime.facts.timeline import Timeline, as_of, since, unit_on
from runtime.facts.units import within
from runtime.fields.base import MISSING
from runtime.fields.choices import same
from runtime.fill.provenance import Provenance
from runtime.storage.tables import Entry, Subject


@dataclass(frozen=True, slots=True)
class Fact:
    """A cell that holds a fact of a subject as it is known, and how long ago that was said."""

    cell: Bound
    since: date
    stale: bool
    ages: bool
    """Whether it can grow old and be still correct then."""
    anew: bool
    """The day of what was last done: nobody says that it is still correct, but when it was done again."""


def facts_of(
    session: Session, entry: Entry, plan: Plan, registers: Registers, among: Collection[str] = ()
) -> dict[str, Fact]:
    """Pointer -> fact, for the cells (those `among`, if any are named) that hold what is known as of the entry's day.

    A cell that somebody typed over, one whose fact has changed since it was filled, and one of a subject that
    belonged elsewhere on that day, are not among them.
    """
    cells = [
        one
        for one in bound_cells(plan, entry)
        if one.told.get("kind") == "subject"
        and one.value is not MISSING
        and (not among or one.pointer in among)
    ]
    theirs: dict[str, list[Bound]] = {}
    for one in cells:
        theirs.setdefault(one.subject_id, []).append(one)
    day, found = as_of_day(entry), {}
    for subject_id, timeline in _timelines_here(session, entry.unit_id, theirs.keys(), day).items():
        known, said = as_of(timeline, day), since(timeline, day)
        for one in theirs[subject_id]:
            name = one.fact.field
            fields = registers(one.fact.register).schema.get("properties", {})
            if name in fields and name in said and same(known.get(name), one.value):
                old = name in stale_fields(fields, timeline, day, [name])
                anew = is_last_time(fields[name])
                ages = bool(fields[name].get("maxAge")) and not anew
                found[one.pointer] = Fact(one, said[name], old, ages, anew)
    return {one.pointer: found[one.pointer] for one in cells if one.pointer in found}


def confirm(
    session: Session,
    entry: Entry,
    registers: Registers,
    actor: int | None,
    pointers: Collection[str],
    revision: int,
) -> set[str]:
    """Record that the facts in these cells still held on the entry's day; gives the cells that were confirmed.

    At once, without waiting for the entry to be submitted: somebody has looked. What the page showed, at
    `revision`, is what is confirmed, so a cell that holds something else by now is left out, and one whose fact
    has changed since: subjects are held before they are compared.
    Of a default that nobody has touched it is said that it is right: from then on it counts as typed.
    Raises `EntryError` when the entry is submitted, `Conflict` where that revision is not kept.
    """
    held = locked(session, entry.id)
    require_open(held)
    plan = plan_for(session, held)
    wanted = still_shown(session, held, plan, revision, pointers)
    hold(session, {one.subject_id for one in bound_cells(plan, held) if one.pointer in wanted})
    known = facts_of(session, held, plan, registers, wanted) if wanted else {}
    facts = {pointer: fact for pointer, fact in known.items() if not fact.anew}
    by_subject: dict[tuple[str, str], list[Bound]] = {}
    for fact in facts.values():
        key = (fact.cell.fact.register, fact.cell.subject_id)
        by_subject.setdefault(key, []).append(fact.cell)
    for register, subject_id in sorted(by_subject):
        step = _step(held, plan, subject_id, by_subject[register, subject_id], actor)
        record_all(session, registers(register), [step])
        _log(session, held, subject_id, by_subject[register, subject_id], actor)
    agreed = [*_offered(held, plan, wanted)]
    if facts or agreed:
        _keep(session, held, facts, agreed, actor)
    return {*facts, *agreed}


def _offered(entry: Entry, plan: Plan, wanted: Container[str]) -> Iterator[str]:
    """The cells among those wanted in which a default stands as the form proposes it."""
    for one in cells_of(place(plan, entry.data, entry.choices)):
        free = isinstance(one.node, Cell) and not (one.node.computed or one.node.read_only)
        empty = one.value is MISSING or one.value == "" or one.locked
        if free and not empty and one.pointer in wanted and one.pointer not in entry.provenance:
            yield one.pointer


def _step(entry: Entry, plan: Plan, subject_id: str, cells: list[Bound], actor: int | None) -> Step:
    places = {one.fact.field: one.pointer for one in cells}
    told = said_by_form(entry, plan) | {"cell": cells[0].pointer}
    return Step(
        subject_id=subject_id,
        values={one.fact.field: one.value for one in cells},
        effective=as_of_day(entry),
        kind="confirm",
        actor=actor,
        provenance=told | ({"cells": places} if len(places) > 1 else {}),
    )


def _log(
    session: Session, held: Entry, subject_id: str, cells: list[Bound], actor: int | None
) -> None:
    """Of whom something was said, for whoever looks after the subject."""
    details = {"entry": held.id, "fields": sorted(one.fact.field for one in cells)}
    audit.log(
        session,
        "subject.confirm",
        "subject",
        subject_id,
        actor=actor,
        unit_id=held.unit_id,
        details=details,
    )


def _keep(
    session: Session,
    held: Entry,
    facts: Mapping[str, Fact],
    agreed: Iterable[str],
    actor: int | None,
) -> None:
    """The entry's own account of where its values come from is fresh again too."""
    day, who = as_of_day(held).isoformat(), by(session, actor)
    fresh = {pointer: _fresh(fact.cell.told, day, who.name) for pointer, fact in facts.items()}
    fresh |= dict.fromkeys(agreed, typed_by(who))
    put(session, held, held.data, held.choices, {**held.provenance, **fresh}, actor)
    audit.log(
        session,
        "entry.confirm",
        "entry",
        held.id,
        actor=actor,
        unit_id=held.unit_id,
        details={"revision": held.revision, "cells": sorted(fresh)},
    )


def _fresh(told: Provenance, day: str, name: str) -> Provenance:
    kept = {key: value for key, value in told.items() if key not in ("state", "stale")}
    return {**kept, "since": day, "lastChange": {"day": day, "actor": name}}


def _timelines_here(
    session: Session, unit_id: int, ids: Iterable[str], day: date
) -> dict[str, Timeline]:
    """The timelines of those subjects that belonged on the day to the unit, or to one below it."""
    rows = session.execute(select(Subject.id, Subject.timeline).where(Subject.id.in_(list(ids))))
    found = {one.id: one.timeline for one in rows}
    units = {subject_id: unit_on(timeline, day) for subject_id, timeline in found.items()}
    here = within(session, unit_id, units.values(), day)
    return {one: timeline for one, timeline in found.items() if units[one] in here}
