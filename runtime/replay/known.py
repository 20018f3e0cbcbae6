"""What is known where a city is lived over again: written here, by imports and by staff. Not for how it really is."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select

from runtime.facts.changes import Step, record_many
from runtime.facts.registers import Register
from runtime.facts.timeline import UNIT, Timeline, insert, state
from runtime.fill.ground import Fact
from runtime.storage.engine import reading
from runtime.storage.tables import Subject

BATCH = 2000
"""Changes per transaction: nobody else waits for this database."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What somebody says of a subject: that something is so from a day on, or still so on it."""

    register: str
    subject_id: str
    values: Mapping[str, Any]
    day: date
    kind: str = "set"


@dataclass(slots=True)
class Known:
    """The database that is lived in, and a copy in memory of what was written to it."""

    engine: Engine
    registers: Mapping[str, Register]
    ids: random.Random
    timelines: dict[str, Timeline] = field(default_factory=dict)
    conflicts: set[Fact] = field(default_factory=set)
    """Kept here, since the ledger keeps what was said and not what waits for a decision."""
    asked: dict[tuple[str, str], int] = field(default_factory=dict)
    """How often a person had to type each fact or figure: by subject or unit, and field or indicator."""

    def on(self, subject_id: str, day: date) -> dict[str, Any]:
        """All that is known of the subject as of `day`; empty where it is not known at all."""
        return state(self.timelines.get(subject_id, []), day)

    def reread(self, subject_ids: Collection[str]) -> None:
        """Take over what others wrote of these subjects: a report that was submitted writes back by itself."""
        query = select(Subject.id, Subject.timeline).where(Subject.id.in_(sorted(subject_ids)))
        with reading(self.engine) as session:
            self.timelines.update((row.id, row.timeline) for row in session.execute(query))

    def ask(self, whose: str, what: str) -> bool:
        """Note that a person types this; says whether it is the first time."""
        times = self.asked.get((whose, what), 0)
        self.asked[whose, what] = times + 1
        return not times


def remember(known: Known, learned: Iterable[Learned], source: Mapping[str, Any]) -> int:
    """Record what departments' files, people at doors and lists behind figures told; says how many changes that were.

    It goes by the one door of the facts, as imports and corrections do. What is typed into reports needs none of this.
    """
    by_register: dict[str, list[Step]] = {}
    for one in learned:
        said = dict(one.values)
        before = known.timelines.get(one.subject_id, [])
        if not before and said.get(UNIT) is None:
            continue  # nobody has heard of that subject, and this does not say where it belongs
        known.timelines[one.subject_id] = insert(
            before, one.day, said if one.kind != "clear" else dict.fromkeys(said)
        )
        change_id = str(UUID(int=known.ids.getrandbits(128), version=4))
        by_register.setdefault(one.register, []).append(
            Step(
                subject_id=one.subject_id,
                values=said,
                effective=one.day,
                kind=one.kind,
                change_id=change_id,
                provenance=source,
            )
        )
    return sum(
        record_many(known.engine, known.registers[register], steps, BATCH)
        for register, steps in by_register.items()
    )
