"""When a fact grows old: a field's `maxAge` against the day on which it was last said or confirmed. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from runtime.facts.timeline import Timeline, since

_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")


def later(day: date, duration: str) -> date:
    """The day that lies an ISO 8601 duration (`P1Y6M`, whole days only) after `day`.

    What falls on a day that its month does not have falls on the first of the next, as in `derive`; a day beyond
    the calendar is its last. Raises `ValueError` for what is no duration.
    """
    found = _DURATION.fullmatch(duration)
    if found is None or duration == "P":
        raise ValueError(duration)
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    try:
        moved = _months_later(day, 12 * years + months)
        return moved + timedelta(days=7 * weeks + days)
    except (OverflowError, ValueError):
        return date.max


def stale_from(said: date, max_age: str) -> date:
    """The first day on which a fact last said or confirmed on `said` counts as stale."""
    return min(later(said, max_age), date.max - timedelta(days=1)) + timedelta(days=1)


def is_last_time(field: Mapping[str, Any]) -> bool:
    """Whether a field tells when something was last done: a day that has come (`latest`) and grows old (`maxAge`).

    Whoever is there again does not say that the old day is still correct, but that it was today.
    """
    return bool(field.get("maxAge")) and field.get("latest") == "today"


@lru_cache(maxsize=4096)
def fresh_from(day: date, max_age: str) -> date:
    """What was said before this day has grown old by `day`."""
    said = range(1, day.toordinal() + 1)
    fresh = bisect_left(said, True, key=lambda n: stale_from(date.fromordinal(n), max_age) > day)
    return date.fromordinal(fresh + 1)


def stale_fields(
    fields: Mapping[str, Any], timeline: Timeline, day: date, among: Iterable[str] | None = None
) -> dict[str, date]:
    """Of the fields that hold on `day`, those grown old by then, with the day on which each was last said.

    `fields` are the register's `properties`; `among` narrows what is looked at. A field without `maxAge` never
    grows old.
    """
    said = since(timeline, day)
    names = said if among is None else [name for name in among if name in said]
    return {
        name: said[name]
        for name in names
        if (age := fields.get(name, {}).get("maxAge")) and said[name] < fresh_from(day, age)
    }


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return day.replace(year=year, month=month + 1)
    except ValueError:
        if month == 11 or not 1 <= year <= 9999:
            raise
        return date(year, month + 2, 1)
