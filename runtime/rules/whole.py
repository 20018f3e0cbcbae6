"""Whole years, months and days between two dates, and on which day they turn. Not for what they are asked of.

What turns on a day that a month does not have turns on the first of the next: whoever was born on 29 February is a
year older on 1 March of a common year.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date
from typing import Any

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTHS = {"years": 12, "months": 1}


def whole(measure: str, start: date, end: date) -> int:
    """How many whole years, months or days lie between; below zero where `end` comes first."""
    if end < start:
        return -whole(measure, end, start)
    if measure == "days":
        return (end - start).days
    months = 12 * (end.year - start.year) + end.month - start.month - (end.day < start.day)
    return months // 12 if measure == "years" else months


def reached(measure: str, start: date, count: int) -> date | None:
    """The first day on which `count` (not below zero) of them lie between it and `start`, if the calendar has it."""
    if measure == "days":
        return _ordinal(start.toordinal() + count)
    year, month = _month(start, count * _MONTHS[measure])
    if not MINYEAR <= year <= MAXYEAR:
        return None
    if start.day <= monthrange(year, month)[1]:
        return date(year, month, start.day)
    return _ordinal(date(year, month, 28).toordinal() + monthrange(year, month)[1] - 27)


def left(measure: str, end: date, count: int) -> date | None:
    """The first day on which fewer than `count` of them lie between it and `end`, if the calendar has it."""
    if count <= 0:
        return reached(measure, end, 1 - count)
    if measure == "days":
        return _ordinal(end.toordinal() - count + 1)
    year, month = _month(end, -count * _MONTHS[measure])
    if not MINYEAR <= year <= MAXYEAR:
        return None
    last = min(end.day, monthrange(year, month)[1])
    return _ordinal(date(year, month, last).toordinal() + 1)


def day_of(value: Any) -> date | None:
    """The date that a document's value is, or None when it is none."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _month(day: date, months: int) -> tuple[int, int]:
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    return year, month + 1


def _ordinal(number: int) -> date | None:
    inside = date.min.toordinal() <= number <= date.max.toordinal()
    return date.fromordinal(number) if inside else None
