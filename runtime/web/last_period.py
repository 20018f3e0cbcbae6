"""What the same cell held in the period before, told beside why it has its value. Not for forms about one subject."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from runtime.definitions.address import pointer, tokens
from runtime.definitions.values import value_at
from runtime.entry import life
from runtime.entry.drawn import Drawn
from runtime.entry.earlier import MOST, Earlier, Numbers, difference, numbers_of
from runtime.entry.names import pointer_of_name
from runtime.fields.base import MISSING
from runtime.periods import Period
from runtime.storage.tables import Entry
from runtime.web.asking import db

if TYPE_CHECKING:
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
    return difference(cell.face, cell.data, before)


def earlier(filling: Filling) -> Earlier | None:
    """What the same unit reported with the same version of the form for the periods before; None where nothing."""
    entry = filling.entry
    if filling.period is None or entry.subject_id:
        return None
    known = _known.get(entry.id)
    if known is None or known[0] < monotonic():
        if len(_known) > _KEPT:
            _known.clear()
        known = _known[entry.id] = (monotonic() + _FRESH, _looked_up(filling, filling.period))
    return known[1]


_FRESH = 20.0
"""Seconds for which it is not looked up again: many cells are checked one after the other."""
_known: dict[str, tuple[float, Earlier | None]] = {}


def _looked_up(filling: Filling, period: Period) -> Earlier | None:
    entry = filling.entry
    periods = [str(p) for p in _before(period)]
    if not periods:
        return None
    columns = select(Entry.period, Entry.id, Entry.revision).where(
        Entry.key.in_(f"{entry.address} {entry.unit_id} {period} -" for period in periods),
        Entry.state.in_(_REPORTED),
        Entry.form_version_id == entry.form_version_id,
    )
    there = {period: (key, revision) for period, key, revision in db().execute(columns)}
    if not there:
        return None
    numbers = _read(list(there.values()))
    found = {period: numbers[key] for period, key in there.items()}
    reports = tuple(found[period] for period in periods if period in found)
    return Earlier(tuple(there.values()), found.get(periods[0], {}), reports)


def _before(period: Period) -> Iterator[Period]:
    for _n in range(MOST):
        try:
            period = period.previous()
        except ValueError:  # there is none before the first
            return
        yield period


_KEPT = 2000
_numbers: dict[tuple[str, int], Numbers] = {}
"""Of reports at a revision, which never change."""


def _read(keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Numbers]:
    found = {key: _numbers[key] for key in keys if key in _numbers}
    if missing := [key for key in keys if key not in found]:
        query = select(Entry.id, Entry.revision, Entry.data)
        rows = db().execute(query.where(Entry.id.in_(entry for entry, _revision in missing)))
        found |= {(entry, revision): numbers_of(data) for entry, revision, data in rows}
        if len(_numbers) > _KEPT:
            _numbers.clear()
        _numbers.update(found)
    return found
