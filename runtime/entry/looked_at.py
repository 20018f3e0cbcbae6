"""How sound each cell of an open report is as things stand, for the pages that show it. Not for its values.

Looked up when somebody asks, never kept with the entry: a fact grows old, is said again or is disputed at any time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from runtime.definitions.plan import Plan, Rule
from runtime.definitions.values import value_at
from runtime.entry.count import Seen, Shown, seen_of, shown
from runtime.entry.life import plan_for
from runtime.facts.freshness import stale_fields
from runtime.facts.proposals import waiting
from runtime.facts.units import below
from runtime.fields.base import MISSING
from runtime.fields.choices import same
from runtime.fill.filling import days
from runtime.fill.ground import Ground, fields_of
from runtime.fill.ground_of_unit import ground_of_unit, wanted_by
from runtime.fill.provenance import Provenance
from runtime.periods import Period
from runtime.storage.tables import Entry, Subject

Schemas = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found: the cells of which more is to be told than their provenance does, and that provenance."""

    cells: Mapping[str, Shown] = field(default_factory=dict)
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    whole: bool = True
    """False where the unit has more subjects than anybody waits for: then no cell was looked at."""

    def standing(self, data: Any, provenance: Mapping[str, Provenance]) -> dict[str, Shown]:
        """The cells that hold still what was looked at, and for the same reason."""
        return {
            pointer: one
            for pointer, one in self.cells.items()
            if provenance.get(pointer) == self.provenance.get(pointer)
            and same(value_at(data, pointer), one.value)
        }


@dataclass(frozen=True, slots=True)
class Marked:
    """What of one subject makes a figure unsound: the fields grown old, with the day on which each was said."""

    old: Mapping[str, date]
    disputed: tuple[str, ...] = ()


def marked(
    session: Session,
    rule: Rule,
    subjects: Collection[str],
    day: date,
    schemas: Schemas,
    readable: Collection[str],
) -> dict[str, Marked]:
    """Of these subjects those for which a figure of `rule` is to be looked at as of `day`, by id.

    What is disputed is told only of the `readable`: it is said today, not as of the day.
    """
    names, disputed = fields_of(rule), waiting(session, readable)
    fields = schemas.get(rule.register, {}).get("properties", {})
    query = select(Subject.id, Subject.timeline).where(Subject.id.in_(subjects))
    found: dict[str, Marked] = {}
    for subject_id, timeline in session.execute(query):
        old = stale_fields(fields, timeline, day, names)
        clash = tuple(name for name in names if (subject_id, name) in disputed)
        if old or clash:
            found[subject_id] = Marked(old, clash)
    return found


def looked_at(session: Session, entries: Iterable[Entry], schemas: Schemas) -> dict[str, Looked]:
    """Each of the entries by its id; those of one unit and day are looked at together. Reads only."""
    together: dict[tuple[int, date], list[tuple[Entry, Plan, date]]] = {}
    for entry in entries:
        first, last = days(Period.parse(entry.period) if entry.period else None)
        together.setdefault((entry.unit_id, last), []).append(
            (entry, plan_for(session, entry), first)
        )
    found: dict[str, Looked] = {}
    for (unit_id, day), some in together.items():
        found |= _of_unit(session, unit_id, day, some, schemas)
    return found


def _of_unit(
    session: Session,
    unit_id: int,
    day: date,
    entries: list[tuple[Entry, Plan, date]],
    schemas: Schemas,
) -> dict[str, Looked]:
    named = {s for entry, _plan, _first in entries for s in named_in(entry)}
    wanted = wanted_by(plan for _entry, plan, _first in entries)
    ground = ground_of_unit(session, schemas, day, unit_id, wanted, named)
    if ground is None:
        return {entry.id: Looked(whole=False) for entry, _plan, _first in entries}
    units = below(session, unit_id, day)
    return {entry.id: _of(entry, plan, ground, units, first) for entry, plan, first in entries}


def _of(entry: Entry, plan: Plan, ground: Ground, units: list[int], first: date) -> Looked:
    content = entry.data, entry.choices, entry.provenance
    told = entry.provenance
    cells = [
        one
        for one in seen_of(ground, plan, units, first, content)
        if _speaks(one, told.get(one.pointer))
    ]
    return Looked(
        {one.pointer: shown(one) for one in cells},
        {one.pointer: told[one.pointer] for one in cells if one.pointer in told},
    )


def _speaks(one: Seen, told: Provenance | None) -> bool:
    """Whether it is not sound, or is sound again; pages go through these at each check of a cell."""
    if one.state == "fresh":
        return bool(told and (told.get("stale") or told.get("state")))
    return one.state not in ("typed", "overridden") and one.value is not MISSING


def named_in(entry: Entry) -> set[str]:
    """Those of whom single facts stand in the entry's cells."""
    told = entry.provenance.values()
    return {one["subject"] for one in told if one.get("kind") == "subject"}


def day_of(entry: Entry) -> date:
    """The day as of which an entry is looked at: its period's last, or today."""
    return days(Period.parse(entry.period) if entry.period else None)[1]
