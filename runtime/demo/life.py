"""What becomes of one subject of the sample city, told in any order, and given as steps in that of the days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from runtime.facts.changes import Step
from runtime.facts.timeline import UNIT

FIRST, LAST = date(2026, 1, 1), date(2026, 10, 31)
"""The days that the city lives."""

DAY = timedelta(days=1)
NEVER = date(9999, 12, 31)


@dataclass(slots=True)
class Life:
    """A subject from the day on which it appears to the day on which it leaves.

    What is told of days before or after is dropped when steps are made, so that whoever tells of visits or
    payments need not know of deaths and removals. `known` is what has been said so far, whatever the day.
    """

    register: str
    id: str
    begin: date = FIRST
    end: date = NEVER
    known: dict[str, Any] = field(default_factory=dict)
    told: list[tuple[date, str, dict[str, Any]]] = field(default_factory=list)

    def say(self, day: date, **values: Any) -> None:
        """From `day` on these fields have these values; what is None is not said."""
        said = {name: value for name, value in values.items() if value is not None}
        self.known |= said
        self.told.append((day, "set", said))

    def confirm(self, day: date, *fields: str) -> None:
        """On `day` somebody saw that these are still so, whatever they are by then."""
        self.told.append((day, "confirm", dict.fromkeys(fields)))

    def clear(self, day: date, *fields: str) -> None:
        """From `day` on these no longer hold."""
        self.told.append((day, "clear", dict.fromkeys(fields)))

    def move(self, day: date, unit_id: int, **values: Any) -> None:
        """From `day` on it belongs to that unit."""
        self.say(day, **{UNIT: unit_id}, **values)

    def leave(self, day: date) -> None:
        """From `day` on it belongs to no unit; of two days the earlier counts."""
        self.end = min(self.end, day)

    def steps(self, ids: Random) -> Iterator[Step]:
        """The changes in the order of their days, each recorded on the evening of its day."""
        now: dict[str, Any] = {}
        for day, kind, told in sorted(self.told, key=lambda item: item[0]):
            if not self.begin <= day < self.end or day > LAST:
                continue
            if values := _meant(kind, told, now):
                now |= values
                yield self._step(day, kind, values, ids)
        if now and self.end <= LAST:
            yield self._step(self.end, "set", {UNIT: None}, ids)

    def _step(self, day: date, kind: str, values: dict[str, Any], ids: Random) -> Step:
        return Step(
            subject_id=self.id,
            values=values,
            kind=kind,
            effective=day,
            change_id=drawn_id(ids),
            provenance={"source": "sample-city"},
            recorded_at=datetime.combine(day, time(10), UTC),
        )


def _meant(kind: str, told: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """What a change says when its turn has come: only what is there can be confirmed or cleared."""
    if kind == "set":
        return told
    there = {name: now[name] for name in told if now.get(name) is not None}
    return there if kind == "confirm" else dict.fromkeys(there)


def drawn_id(rng: Random) -> str:
    """An identifier (UUID 4) that is the same again for the same random numbers."""
    return str(UUID(int=rng.getrandbits(128), version=4))


def years(since: date, day: date) -> int:
    """Whole years from `since` to `day`; who is born on 29 February turns on 1 March in common years."""
    return day.year - since.year - ((day.month, day.day) < (since.month, since.day))


def birthday(birth: date, age: int) -> date:
    """The day on which somebody turns `age`."""
    try:
        return birth.replace(year=birth.year + age)
    except ValueError:
        return date(birth.year + age, 3, 1)
