"""How it really is: the sample city in a database of its own, asked as of any day. Not for what anybody knows of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine, select

from runtime.facts.timeline import UNIT, Timeline, since, state
from runtime.fill.ground import Ground, ground_of
from runtime.storage.engine import reading
from runtime.storage.tables import Change, Subject, Unit


@dataclass(frozen=True, slots=True)
class Told:
    """A change of the city: what became so of a subject, or was seen to be so still."""

    register: str
    subject_id: str
    kind: str
    values: Mapping[str, Any]
    day: date


@dataclass(frozen=True, slots=True)
class Truth:
    """The city, with the units of the database where it is lived over again."""

    registers: Mapping[str, str]
    """Subject -> its register, by id."""
    timelines: Mapping[str, Timeline]
    by_month: Mapping[str, Sequence[Told]]

    def on(self, subject_id: str, day: date) -> dict[str, Any]:
        """All that is so of the subject at the end of `day`, where it belongs among it; empty before it is there."""
        return state(self.timelines.get(subject_id, []), day)

    def since(self, subject_id: str, day: date) -> dict[str, date]:
        """For each field, from which day on it is so."""
        return since(self.timelines.get(subject_id, []), day)

    def between(self, first: date, last: date) -> list[Told]:
        """All that changed on these days, in order."""
        months = [m for m in sorted(self.by_month) if f"{first:%Y%m}" <= m <= f"{last:%Y%m}"]
        return [t for m in months for t in self.by_month[m] if first <= t.day <= last]

    def ground(self, day: date) -> Ground:
        """Everybody as they really are on `day`; nothing of it is ever stale."""
        rows = ((i, self.registers[i], timeline) for i, timeline in self.timelines.items())
        return ground_of(rows, {}, day)


def read_truth(engine: Engine, there: Engine) -> Truth:
    """The city that `engine` holds, to be lived over again in the database `there`, which has the same units."""
    with reading(there) as session:
        codes = {unit.code: unit.id for unit in session.scalars(select(Unit))}
    with reading(engine) as session:
        units = {unit.id: codes[unit.code] for unit in session.scalars(select(Unit))}
        rows = session.execute(select(Subject.id, Subject.register, Subject.timeline))
        subjects = {row.id: (row.register, _moved(row.timeline, units)) for row in rows}
        by_month: dict[str, list[Told]] = defaultdict(list)
        order = Change.effective, Change.seq
        for change in session.scalars(
            select(Change).order_by(*order).execution_options(yield_per=2000)
        ):
            told = Told(
                subjects[change.subject_id][0],
                change.subject_id,
                change.kind,
                _translated(change.values, units),
                change.effective,
            )
            by_month[f"{told.day:%Y%m}"].append(told)
    return Truth(
        {subject_id: register for subject_id, (register, _) in subjects.items()},
        {subject_id: timeline for subject_id, (_, timeline) in subjects.items()},
        by_month,
    )


def _moved(timeline: Timeline, units: Mapping[int, int]) -> Timeline:
    return [[day, _translated(patch, units)] for day, patch in timeline]


def _translated(values: Mapping[str, Any], units: Mapping[int, int]) -> dict[str, Any]:
    unit = values.get(UNIT)
    return {**values, UNIT: units[unit]} if unit is not None else dict(values)
