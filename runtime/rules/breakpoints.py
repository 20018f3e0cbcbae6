"""The days on which the calendar alone changes what a register's derived fields answer. Not for what a rule asks.

Between two neighbouring breakpoints a document that does not change gives the same answers, so that a figure needs
no look at the days between. All is worked out in closed form: nothing walks along the calendar.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

from runtime.rules.where import exact, is_number
from runtime.rules.whole import day_of, left, reached, whole

DeriveRule = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Course:
    """A derived number that moves with the calendar: since a day upwards, until a day downwards."""

    measure: str
    day: date
    falls: bool

    def turns(self, threshold: int) -> date | None:
        """The day on which the number passes between `threshold - 1` and `threshold` (or first is there, at 0)."""
        if self.falls:
            return left(self.measure, self.day, threshold)
        return reached(self.measure, self.day, threshold) if threshold >= 0 else None

    def between(self, first: date, last: date) -> range:
        """All thresholds that it passes within (first, last]."""
        ends = sorted((self._at(first), self._at(last)))
        return range(ends[0] + 1, ends[1] + 1)

    def passed(self, numbers: Iterable[int], first: date, last: date) -> list[int]:
        """Of these thresholds those that it passes within (first, last]: most are passed in a life, few in a year."""
        here = self.between(first, last)
        return [number for number in numbers if number in here]

    def _at(self, day: date) -> int:
        if self.falls:
            return whole(self.measure, day, self.day)
        return whole(self.measure, self.day, day) if day >= self.day else -1


def breakpoints(
    rules: Mapping[str, DeriveRule],
    thresholds: Mapping[str, Collection[int]],
    document: Mapping[str, Any],
    first: date,
    last: date,
) -> set[date]:
    """The days within (first, last] on which a derived field of `document` passes one of its thresholds.

    `rules` are such as `compile_derive` takes. `thresholds[name]` are the whole numbers n such that an answer may
    change between n - 1 and n; 0 also stands for the day from which a `since` is there at all. A comparison wants no
    numbers, it is enough that it is named: it turns only where it compares a derived number, and then on no other
    days than those given here.
    """
    courses: dict[str, _Course | None] = {}
    wanted: dict[str, set[int]] = {name: set(thresholds[name]) for name in thresholds}
    for name, definition in rules.items():
        rule = definition.get("rule", definition)
        if "compare" in rule and name in thresholds:
            for operand, numbers in _compared(rule["compare"], courses, document, first, last):
                wanted.setdefault(operand, set()).update(numbers)
        courses[name] = _course(rule, courses, document)
    days = {
        course.turns(number)
        for name, numbers in wanted.items()
        if (course := courses.get(name)) is not None
        for number in course.passed(numbers, first, last)
    }
    return {day for day in days if day is not None and first < day <= last}


def _course(
    rule: DeriveRule, above: Mapping[str, _Course | None], document: Mapping[str, Any]
) -> _Course | None:
    end = "until" if "until" in rule else "since"
    name = rule.get(end)
    if name is None or name in above:  # no derived field is a date
        return None
    day = day_of(document.get(name))
    return None if day is None else _Course(rule["whole"], day, falls=end == "until")


def _compared(
    compare: Iterable[Any],
    above: Mapping[str, _Course | None],
    document: Mapping[str, Any],
    first: date,
    last: date,
) -> Iterator[tuple[str, Collection[int]]]:
    """The derived numbers that are compared, each with the thresholds at which the answer may change."""
    one, _sign, other = compare
    for name, opposite in ((one, other), (other, one)):
        course = above.get(name)
        if course is None:
            continue
        if opposite not in above:
            yield name, _around(document.get(opposite))
        elif above[opposite] is not None:  # both move: whenever either does
            yield name, course.between(first, last)


def _around(value: Any) -> Collection[int]:
    """The thresholds at which a whole number may compare differently with this value."""
    if not is_number(value):
        return ()
    up = int(Decimal(exact(value)).to_integral_value(ROUND_CEILING))
    return (0, up, up + 1)
