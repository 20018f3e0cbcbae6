"""A subject's timeline: dated patches in effective order. Pure: knows no table and no clock.

It is a list of `[day, {field: value}]`, one item per day (ISO text, so that days sort as texts), days
ascending. A field that is cleared on a day has the value None there. `_unit` (the id of the unit where the
subject belongs, None from the day on which it has left) is a field like others.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

UNIT = "_unit"
"""The field that says where the subject belongs."""

FOREVER = date(9999, 12, 31)

Timeline = list[list[Any]]
"""`[[day, {field: value}], …]`"""


def insert(timeline: Timeline, day: date, values: Mapping[str, Any]) -> Timeline:
    """The timeline with `values` said of `day`; per field and day the last one inserted wins."""
    text = day.isoformat()
    at = bisect_left(timeline, text, key=_day)
    if at < len(timeline) and timeline[at][0] == text:
        return [*timeline[:at], [text, {**timeline[at][1], **values}], *timeline[at + 1 :]]
    return [*timeline[:at], [text, dict(values)], *timeline[at:]]


def state(timeline: Timeline, day: date) -> dict[str, Any]:
    """All that holds at the end of `day`, reserved fields too; what is cleared is absent."""
    return {field: value for field, value in _said(timeline, day).items() if value is not None}


def as_of(timeline: Timeline, day: date) -> dict[str, Any]:
    """The subject's document at the end of `day`: field -> value."""
    said = _said(timeline, day)
    return {f: value for f, value in said.items() if value is not None and f[:1] != "_"}


def unit_on(timeline: Timeline, day: date) -> int | None:
    """The id of the unit where the subject belonged on `day`, or None when it belonged to none."""
    unit: int | None = _said(timeline, day).get(UNIT)
    return unit


def since(timeline: Timeline, day: date) -> dict[str, date]:
    """For each field that holds at the end of `day`, the day of the newest patch that says so."""
    found: dict[str, date] = {}
    for text, patch in timeline:
        if text <= day.isoformat():
            found.update(dict.fromkeys(patch, date.fromisoformat(text)))
    return {field: found[field] for field in state(timeline, day)}


def said_otherwise(timeline: Timeline, field: str, day: date, value: Any) -> list[date]:
    """The days after `day` on which something else than `value` is said of the field.

    Who corrects a field from `day` on until now must say it on these days again: a later word counts otherwise.
    """
    text = day.isoformat()
    return [
        date.fromisoformat(said)
        for said, patch in timeline
        if said > text and field in patch and patch[field] != value
    ]


def last_change(timeline: Timeline, day: date) -> date | None:
    """The day of the newest patch up to and including `day`, or None before the first."""
    at = bisect_right(timeline, day.isoformat(), key=_day)
    return date.fromisoformat(timeline[at - 1][0]) if at else None


def belongings(timeline: Timeline) -> Iterator[tuple[date, date, int]]:
    """`(first day, last day, unit)` of each stretch of days within one unit, in order."""
    moves = [(date.fromisoformat(day), patch[UNIT]) for day, patch in timeline if UNIT in patch]
    start: date | None = None
    held: int | None = None
    for day, unit in moves:
        if unit == held:
            continue
        if held is not None and start is not None:
            yield start, day - timedelta(days=1), held
        start, held = day, unit
    if held is not None and start is not None:
        yield start, FOREVER, held


def _said(timeline: Timeline, day: date) -> dict[str, Any]:
    """The last that was said of each field by the end of `day`."""
    text = day.isoformat()
    said: dict[str, Any] = {}
    for since, patch in timeline:
        if since > text:
            break
        said.update(patch)
    return said


def _day(item: list[Any]) -> str:
    text: str = item[0]
    return text
