"""Tallies in pages, one for each unit and quarter in which something happens. Not for what is counted, nor in a page.

A page holds the values at its quarter's start and the dated changes within it. What is dated back changes the page
of its own quarter and the base of every later one. Writers lock units in the order of their ids.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from runtime.facts.tallies.page import Page, change, events_of, quarter_of, row
from runtime.rules.figures import Number
from runtime.rules.tallying import Event
from runtime.storage.staged_tables import StagedPage
from runtime.storage.tally_tables import TallyLeaf, TallyPage


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


def _by_unit(events: Iterable[Event]) -> dict[int, list[Event]]:
    ordered = sorted(events, key=attrgetter("unit_id", "day", "slot"))
    return {u: list(found) for u, found in groupby(ordered, key=attrgetter("unit_id"))}


def _change_all(
    pages: dict[int, list[Page]], by_unit: Mapping[int, list[Event]], of: Mapping[Event, Number]
) -> None:
    for unit, found in by_unit.items():
        held = pages.setdefault(unit, [])
        for quarter, within in groupby(found, key=lambda event: quarter_of(event.day)):
            change(held, quarter, [(event, of[event]) for event in within])


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
    held: list[Page] = []
    ordered = sorted(events, key=attrgetter("day", "slot"))
    for quarter, within in groupby(ordered, key=lambda event: quarter_of(event.day)):
        change(held, quarter, [(event, events[event]) for event in within])
    _store(session, {unit_id: held})


def _load(session: Session, since: Mapping[int, int]) -> dict[int, list[Page]]:
    """The pages of these units from a quarter on, and the last one before it."""
    told = {"ids": list(since), "earliest": min(since.values())}
    return _read(session.execute(_SINCE, told))


def _read(rows: Iterable[Any]) -> dict[int, list[Page]]:
    """Pages by unit, of rows in the order of unit and quarter."""
    found: dict[int, list[Page]] = {}
    for unit, quarter, base, events in rows:
        found.setdefault(unit, []).append(Page(quarter, *events_of(base, events)))
    return found


def _store(
    session: Session,
    pages: Mapping[int, list[Page]],
    table: type[TallyPage] | type[StagedPage] = TallyPage,
    key: Mapping[str, str] | None = None,
) -> None:
    new: list[dict[str, Any]] = []
    old: list[dict[str, Any]] = []
    for unit, held in pages.items():
        for page in held:
            if page.changed:
                (new if page.is_new else old).append({**row(unit, page), **(key or {})})
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
