"""What the same cell held in the period before, told beside why it has its value. Not for forms about one subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from runtime.definitions.address import pointer, tokens
from runtime.definitions.values import value_at
from runtime.entry import life
from runtime.entry.drawn import Drawn
from runtime.entry.names import pointer_of_name
from runtime.fields.base import MISSING
from runtime.fields.numbers import Number
from runtime.rules.where import exact, is_number
from runtime.storage.tables import Entry
from runtime.web.asking import db
from runtime.web.filling import Filling

_REPORTED = ("submitted", "accepted")


@dataclass(frozen=True, slots=True)
class LastPeriod:
    """A value as it was reported: the period's title, the value, and by how much it has changed since (or "")."""

    title: str
    shown: str
    change: str


def last_period(filling: Filling, cell: Drawn) -> LastPeriod | None:
    """What the same unit reported for the period before; None when nothing, and for a cell in a list.

    The n-th row of a list may be about somebody else each time, so rows are never set beside each other; nor are
    reports of two versions of a form, whose cells may mean different things.
    """
    entry = filling.entry
    at = pointer_of_name(cell.name)
    if filling.period is None or entry.subject_id or _in_list(entry.data, at):
        return None
    try:
        period = filling.period.previous()
    except ValueError:  # there is none before the first
        return None
    before = life.find(db(), entry.address, entry.unit_id, period, None)
    value = _reported(before, entry.form_version_id, at)
    if value is MISSING:
        return None
    return LastPeriod(period.title(), cell.face.display(value), change(cell, value))


def _reported(entry: Entry | None, version: int, at: str) -> Any:
    if entry is None or entry.state not in _REPORTED or entry.form_version_id != version:
        return MISSING
    value = value_at(entry.data, at)
    return MISSING if isinstance(value, list | dict) or value is None else value


def _in_list(data: Any, at: str) -> bool:
    steps = tokens(at)
    above = (pointer(*steps[:n]) for n in range(len(steps)))
    return any(isinstance(value_at(data, one), list) for one in above)


def change(cell: Drawn, before: Any) -> str:
    """By how much a number has changed since it was `before`, with its sign; "" for what is no number."""
    counts = isinstance(cell.face.type, Number)  # a code may be a number too, and has no difference
    if not (counts and is_number(cell.data) and is_number(before)):
        return ""
    difference = exact(cell.data) - exact(before)
    sign = "+" if difference > 0 else "−" if difference < 0 else "±"
    shown: str = cell.face.display(abs(difference))
    return sign + shown
