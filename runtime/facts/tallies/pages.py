"""Tallies in pages, one for each unit and quarter in which something happens. Not for what is counted.

A page holds the values at its quarter's start and the dated changes within it. What is dated back changes the page
of its own quarter and the base of every later one. Writers lock units in the order of their ids.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from itertools import groupby
from operator import attrgetter
from typing import Any

import msgspec
from sqlalchemy import BindParameter, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from runtime.rules.figures import EXACT, Number, added
from runtime.rules.tallying import Event
from runtime.storage.staged_tables import StagedPage
from runtime.storage.tally_tables import TallyLeaf, TallyPage

Values = dict[int, Number]

decode = msgspec.json.Decoder(float_hook=Decimal).decode
_encode = msgspec.json.Encoder(decimal_format="number").encode


def quarter_of(day: int) -> int:
    """The quarter (year times 4, and 0 to 3) in which a day (an ordinal) lies."""
    found = date.fromordinal(day)
    return found.year * 4 + (found.month - 1) // 3


@dataclass(slots=True)
class _Page:
    """A page while it is changed."""

    quarter: int
    base: Values
    events: dict[tuple[int, int], Number]
    is_new: bool = False
    changed: bool = False

    def end(self) -> Values:
        """The values after all that happens within the quarter."""
        found = dict(self.base)
        for (_day, slot), amount in self.events.items():
            add(found, slot, amount)
        return found


def apply(session: Session, events: Mapping[Event, Number], also: Collection[int] = ()) -> None:
    """Change the tallies by what stands in `events`, within the session's transaction.

    `also` names units in which memberships change: they are locked and marked changed with the others.
    """
    if not events and not also:
        return
    by_unit = _by_unit(events)
    lock(session, {*by_unit, *also})
    if not events:
        return
    pages = _load(session, {u: quarter_of(found[0].day) for u, found in by_unit.items()})
    _change_all(pages, by_unit, events)
    _store(session, pages)


def stage(session: Session, import_id: str, events: Mapping[Event, Number]) -> None:
    """Change what an import has staged of the tallies by what stands in `events`; nobody else writes there."""
    by_unit = _by_unit(events)
    these = (StagedPage.import_id == import_id, StagedPage.unit_id.in_(list(by_unit)))
    columns = (getattr(StagedPage, name) for name in ("unit_id", "quarter", "base", "events"))
    query = select(*columns).where(*these).order_by(StagedPage.unit_id, StagedPage.quarter)
    pages = _read(session.execute(query))
    _change_all(pages, by_unit, events)
    _store(session, pages, StagedPage, {"import_id": import_id})


def mark(session: Session, import_id: str, units: Iterable[int]) -> None:
    """Let the import have a page of these units, an empty one if need be: at its end they are marked changed."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    empty = {"import_id": import_id, "quarter": 0, "base": "[]", "events": "[]"}
    if rows := [{"unit_id": unit, **empty} for unit in sorted(units)]:
        session.execute(dialect.insert(StagedPage).on_conflict_do_nothing(), rows)


def events_in(rows: Iterable[tuple[int, str, str]]) -> dict[Event, Number]:
    """All that happens within pages, given as unit, base and events: what makes them from nothing."""
    return {
        Event(unit, day, slot): amount
        for unit, _base, events in rows
        for day, slot, amount in _triples(decode(events))
    }


def _by_unit(events: Iterable[Event]) -> dict[int, list[Event]]:
    ordered = sorted(events, key=attrgetter("unit_id", "day", "slot"))
    return {u: list(found) for u, found in groupby(ordered, key=attrgetter("unit_id"))}


def _change_all(
    pages: dict[int, list[_Page]], by_unit: Mapping[int, list[Event]], of: Mapping[Event, Number]
) -> None:
    for unit, found in by_unit.items():
        held = pages.setdefault(unit, [])
        for quarter, within in groupby(found, key=lambda event: quarter_of(event.day)):
            _change(held, quarter, [(event, of[event]) for event in within])


def lock(session: Session, units: Iterable[int]) -> None:
    """Hold these units against other writers of tallies until the transaction ends, and mark them changed."""
    ids = sorted(units)
    there = _hold(session, ids)
    if missing := [unit for unit in ids if unit not in there]:
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        rows = [{"unit_id": unit, "revision": 0} for unit in missing]
        session.execute(dialect.insert(TallyLeaf).on_conflict_do_nothing(), rows)
        _hold(session, ids)


def _hold(session: Session, ids: list[int]) -> set[int]:
    """Lock those of the units that there are, in their order, and mark them changed."""
    if len(ids) > 1 and session.get_bind().dialect.name == "postgresql":
        session.execute(_HELD, {"ids": ids}).all()  # an update alone takes them in no order
    return set(session.scalars(_CHANGED, {"ids": ids}))


# Made once: putting such statements together takes as long as the database does to answer them.
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_leaf: Any = TallyLeaf.__table__
_page: Any = TallyPage.__table__
_HELD = select(_leaf.c.unit_id).where(_leaf.c.unit_id.in_(_IDS))
_HELD = _HELD.order_by(_leaf.c.unit_id).with_for_update()
_CHANGED = update(_leaf).where(_leaf.c.unit_id.in_(_IDS)).values(revision=_leaf.c.revision + 1)
_CHANGED = _CHANGED.returning(_leaf.c.unit_id)
_before = (
    select(func.max(_page.c.quarter))
    .where(_page.c.unit_id == _leaf.c.unit_id, _page.c.quarter <= bindparam("earliest"))
    .correlate(_leaf)
    .scalar_subquery()
)
_SINCE = (
    select(_page.c.unit_id, _page.c.quarter, _page.c.base, _page.c.events)
    .join(_leaf, _leaf.c.unit_id == _page.c.unit_id)
    .where(
        _leaf.c.unit_id.in_(_IDS), _page.c.quarter >= func.coalesce(_before, bindparam("earliest"))
    )
    .order_by(_page.c.unit_id, _page.c.quarter)
)
"""The pages of these units from a quarter on, and of each the last one before it."""
_REWRITTEN = update(_page).where(
    _page.c.unit_id == bindparam("of"), _page.c.quarter == bindparam("at")
)


def replace(
    session: Session, unit_id: int, events: Mapping[Event, Number], also: Collection[int] = ()
) -> None:
    """Write all pages of the unit anew from these events of it alone; `also` as in `apply`."""
    lock(session, {unit_id, *also})
    session.execute(
        delete(TallyPage)
        .where(TallyPage.unit_id == unit_id)
        .execution_options(synchronize_session=False)
    )
    held: list[_Page] = []
    ordered = sorted(events, key=attrgetter("day", "slot"))
    for quarter, within in groupby(ordered, key=lambda event: quarter_of(event.day)):
        _change(held, quarter, [(event, events[event]) for event in within])
    _store(session, {unit_id: held})


def total(rows: Iterable[tuple[str, str]], day: int) -> Values:
    """The sums over several units' pages (`base`, `events`) at the end of `day`."""
    found: defaultdict[int, Number] = defaultdict(int)
    with localcontext(EXACT):
        for base, events in rows:
            flat = decode(base)
            pairs = zip(flat[::2], flat[1::2], strict=True)
            if not found:
                found.update(pairs)
            else:
                for slot, amount in pairs:
                    found[slot] += amount
            for when, slot, amount in _triples(decode(events)):
                if when > day:
                    break
                found[slot] += amount
    return {slot: amount for slot, amount in found.items() if amount}


def together(several: Iterable[Values]) -> Values:
    """The sums of all of these."""
    found: defaultdict[int, Number] = defaultdict(int)
    with localcontext(EXACT):
        for values in several:
            for slot, amount in values.items():
                found[slot] += amount
    return {slot: amount for slot, amount in found.items() if amount}


def events_of(base: str, events: str) -> tuple[Values, dict[tuple[int, int], Number]]:
    """A page's values at the start, and its events by day and slot."""
    return _values(base), {(day, slot): v for day, slot, v in _triples(decode(events))}


def _change(held: list[_Page], quarter: int, events: list[tuple[Event, Number]]) -> None:
    """Put events of one quarter into its page (made where there is none), and into all later bases."""
    page = next((one for one in held if one.quarter == quarter), None)
    if page is None:
        before = [one for one in held if one.quarter < quarter]
        page = _Page(quarter, before[-1].end() if before else {}, {}, is_new=True)
        held.insert(len(before), page)
    later = [one for one in held if one.quarter > quarter]
    page.changed = True
    for event, amount in events:
        key = (event.day, event.slot)
        total = added(page.events.get(key, 0), amount)
        if total:
            page.events[key] = total
        else:
            page.events.pop(key, None)
        for one in later:
            add(one.base, event.slot, amount)
            one.changed = True


def _load(session: Session, since: Mapping[int, int]) -> dict[int, list[_Page]]:
    """The pages of these units from a quarter on, and the last one before it."""
    told = {"ids": list(since), "earliest": min(since.values())}
    return _read(session.execute(_SINCE, told))


def _read(rows: Iterable[Any]) -> dict[int, list[_Page]]:
    """Pages by unit, of rows in the order of unit and quarter."""
    found: dict[int, list[_Page]] = {}
    for unit, quarter, base, events in rows:
        found.setdefault(unit, []).append(_Page(quarter, *events_of(base, events)))
    return found


def _store(
    session: Session,
    pages: Mapping[int, list[_Page]],
    table: type[TallyPage] | type[StagedPage] = TallyPage,
    key: Mapping[str, str] | None = None,
) -> None:
    new: list[dict[str, Any]] = []
    old: list[dict[str, Any]] = []
    for unit, held in pages.items():
        for page in held:
            if page.changed:
                (new if page.is_new else old).append({**_row(unit, page), **(key or {})})
    if new:
        session.execute(insert(table), new)
    if old:
        _rewrite(session, table, old)


def _rewrite(
    session: Session, table: type[TallyPage] | type[StagedPage], rows: list[dict[str, Any]]
) -> None:
    if table is StagedPage:
        session.execute(update(table), rows)
        return
    session.execute(_REWRITTEN, [_changed(row) for row in rows])


def _changed(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "of": row["unit_id"],
        "at": row["quarter"],
        "base": row["base"],
        "events": row["events"],
    }


def _row(unit: int, page: _Page) -> dict[str, Any]:
    base = [part for slot in sorted(page.base) for part in (slot, page.base[slot])]
    events = [part for key in sorted(page.events) for part in (*key, page.events[key])]
    return {
        "unit_id": unit,
        "quarter": page.quarter,
        "base": _encode(base).decode(),
        "events": _encode(events).decode(),
    }


def _values(text: str) -> Values:
    flat = decode(text)
    return dict(zip(flat[::2], flat[1::2], strict=True))


def _triples(flat: list[Any]) -> Iterator[tuple[int, int, Number]]:
    return zip(flat[::3], flat[1::3], flat[2::3], strict=True)


def add(values: Values, slot: int, amount: Number) -> None:
    """Add to a slot; what comes to nothing does not stand there."""
    total = added(values.get(slot, 0), amount)
    if total:
        values[slot] = total
    else:
        values.pop(slot, None)
