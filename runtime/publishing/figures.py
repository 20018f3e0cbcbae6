"""What the site knows for a form's burden: units of each level, seconds for a cell, usual rows, other forms."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from runtime import clock
from runtime.definitions.plan import Plan
from runtime.definitions.values import value_at
from runtime.entry import versions
from runtime.fields.choices import same
from runtime.publishing.burden import Burden, Counts, Says, burden, counted_cells, reckoned
from runtime.publishing.elsewhere import Elsewhere, known_in
from runtime.storage.engine import once
from runtime.storage.tables import Entry, EntryRevision, Unit, UnitParent

Found = TypeVar("Found")
LONGEST_PAUSE = timedelta(minutes=2)
"""Two saves of one person further apart than this say nothing: somebody was called away."""
LEAST_CELLS = 100
"""Cells that must have been typed for a time to be measured."""
_MOST_REVISIONS = 600
_MOST_ENTRIES = 300

_elsewhere: dict[tuple[tuple[str, str], ...], Elsewhere] = {}
_of_day: WeakKeyDictionary[Engine, tuple[date, dict[tuple[object, ...], Any]]] = WeakKeyDictionary()
"""What was found in a database's entries, and on which day."""


def burden_of(session: Session, plan: Plan, *, thoroughly: bool = False) -> Burden:
    """What the form of `plan` costs on this site as of today.

    `thoroughly` also asks the entries how long a cell takes, how many rows a list has and how often a form about a
    subject is filled; without it a page may ask after every step.
    """
    lists = {one.lists[0] for one in counted_cells(plan) if len(one.lists) == 1}
    return burden(
        plan,
        units_by_level(session),
        elsewhere_of(session),
        measured=_measured(session) if thoroughly else None,
        rows=usual_rows(session, plan.address, lists) if thoroughly else None,
        times=times_a_year(session, plan.address) if thoroughly else 0.0,
    )


def burden_of_counts(session: Session, address: str, form: Says, counts: Counts) -> Burden:
    """What the form at `address` costs as of today, where its cells are counted already: for lists of many forms.

    Entries are asked thoroughly, but once a day.
    """
    outermost = frozenset(one.pointer for one in counts.rows if "/*" not in one.pointer)
    usual = _in_the_day(
        session, (address, outermost), lambda: usual_rows(session, address, outermost)
    )
    rows = tuple(replace(one, rows=usual.get(one.pointer, 0.0)) for one in counts.rows)
    measured = _in_the_day(session, ("seconds",), lambda: seconds_per_cell(session))
    times = 0.0
    if not form.frequency:
        times = _in_the_day(session, ("times", address), lambda: times_a_year(session, address))
    units = units_by_level(session)
    return reckoned(form, counts._replace(rows=rows), units, measured=measured, times=times)


def _in_the_day(session: Session, key: tuple[object, ...], ask: Callable[[], Found]) -> Found:
    """What `ask` found first today: it goes through hundreds of entries, and a list asks for many forms."""
    today, engine = clock.today(), cast("Engine", session.get_bind())
    day, found = _of_day.get(engine, (None, {}))
    if day != today:
        _, found = _of_day[engine] = (today, {})
    if key not in found:
        found[key] = ask()
    return cast("Found", found[key])


def _measured(session: Session) -> float | None:
    return once(session, ("seconds per cell",), lambda: seconds_per_cell(session))


def units_by_level(session: Session) -> Mapping[str, int]:
    """Level -> how many units of it there are today."""
    today = clock.today()
    query = (
        select(Unit.level, func.count())
        .join(UnitParent, UnitParent.unit_id == Unit.id)
        .where(UnitParent.from_day <= today, UnitParent.to_day >= today)
        .group_by(Unit.level)
    )
    return once(session, ("levels", today), lambda: dict(iter(session.execute(query))))


def elsewhere_of(session: Session) -> Elsewhere:
    """What the forms in force ask for and fill; made anew only when one is published or retired."""
    published = versions.published(session)
    key = tuple((version.address, version.digest) for version in published)
    found = _elsewhere.get(key)
    if found is None:
        _elsewhere.clear()
        plans = [versions.plan_of(version) for version in published]
        found = _elsewhere[key] = known_in(plans)
    return found


def seconds_per_cell(session: Session) -> float | None:
    """What a cell took on this site, from the times between the saves of one person; None where too few are known."""
    query = (
        select(EntryRevision)
        .join(Entry, Entry.id == EntryRevision.entry_id)
        .order_by(EntryRevision.at.desc())
        .limit(_MOST_REVISIONS)
    )
    kept = {(one.entry_id, one.revision): one for one in session.scalars(query)}
    spent, cells = timedelta(), 0
    for (entry_id, revision), after in kept.items():
        before = kept.get((entry_id, revision - 1))
        if before is None or before.by is None or before.by != after.by:
            continue
        pause = after.at - before.at
        changed = _changed(before.data, after.data)
        if changed and timedelta() < pause <= LONGEST_PAUSE:
            spent, cells = spent + pause, cells + changed
    return spent.total_seconds() / cells if cells >= LEAST_CELLS else None


def _changed(before: Any, after: Any) -> int:
    """How many values differ."""
    old, new = dict(_leaves(before, "")), dict(_leaves(after, ""))
    return sum(p not in old or not same(old[p], value) for p, value in new.items())


def _leaves(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict | list) and value:
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in pairs:
            yield from _leaves(inner, f"{place}/{key}")
    else:
        yield place, value


def usual_rows(session: Session, address: str, lists: Collection[str]) -> Mapping[str, float]:
    """The mean number of rows of a form's lists in the reports of the last year, by the list's pointer."""
    if not lists:
        return {}
    since = clock.now() - timedelta(days=365)
    query = (
        select(Entry.data)
        .where(Entry.address == address, Entry.state != "draft", Entry.updated_at >= since)
        .order_by(Entry.updated_at.desc())
        .limit(_MOST_ENTRIES)
    )
    told = list(session.scalars(query))
    found = {}
    for pointer in lists:
        counts = [len(there) for data in told if isinstance(there := value_at(data, pointer), list)]
        if counts:
            found[pointer] = sum(counts) / len(counts)
    return found


def times_a_year(session: Session, address: str) -> float:
    """How often the form was filled within the last year."""
    since = clock.now() - timedelta(days=365)
    query = select(func.count()).where(
        Entry.address == address, Entry.submitted_at.is_not(None), Entry.submitted_at >= since
    )
    return float(session.scalar(query) or 0)
