"""The units with tallies at and below a unit on a day, in groups, and the sums of their tallies. Not for memberships.

The pages of a large unit are thousands, and few of them change between two reports: they are added up in groups, and
what a group comes to is remembered (`remembered`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import BindParameter, Integer, Row, bindparam, cast, func, select
from sqlalchemy.orm import Session

from runtime.facts.tallies import page
from runtime.facts.tallies.remembered import remembered
from runtime.storage.engine import is_reading
from runtime.storage.tables import Base, Unit, UnitParent
from runtime.storage.tally_tables import TallyLeaf, TallyPage

FEW = 64
"""So many pages are read by one statement and added up without further ado."""
GROUP_BITS = 5
"""Units whose ids differ in their last so many bits only form a group: 32 at most, the same for whoever asks."""

Leaf = tuple[int, int]
"""The id of a unit with tallies, and its revision."""


Page = Row[int, str, str]
"""A unit's id, and the base and events of its page."""


@dataclass(frozen=True, slots=True)
class Group:
    """Some units by their ids; `leaves` names their revisions too where answers about them may be remembered."""

    units: tuple[int, ...]
    leaves: tuple[Leaf, ...] = ()


@dataclass(frozen=True, slots=True)
class Beneath:
    """The units at and below one, as of a day, and the sums of all slots over them at the end of it."""

    groups: tuple[Group, ...]
    values: page.Values


def column(table: type[Base], name: str) -> Any:
    """A column apart from its mapped class: statements of these pass by the object mapper."""
    return table.__table__.c[name]


# Made once: putting such statements together takes longer than the database does to answer them.
_DAY: BindParameter[Any] = bindparam("day")
_QUARTER: BindParameter[Any] = bindparam("quarter")
TREE = select(cast(bindparam("unit"), Integer).label("id")).cte("below", recursive=True)
TREE = TREE.union_all(
    select(column(UnitParent, "unit_id")).where(
        column(UnitParent, "parent_id") == TREE.c.id,
        column(UnitParent, "from_day") <= _DAY,
        column(UnitParent, "to_day") >= _DAY,
    )
)


def _pages_of(ids: Any) -> Any:
    """The page of each of these units that tells of `quarter`: the newest up to it."""
    newest = (
        select(func.max(column(TallyPage, "quarter")))
        .where(column(TallyPage, "unit_id") == ids, column(TallyPage, "quarter") <= _QUARTER)
        .correlate(ids.table)
        .scalar_subquery()
    )
    return select(ids, column(TallyPage, "base"), column(TallyPage, "events")).where(
        column(TallyPage, "unit_id") == ids, column(TallyPage, "quarter") == newest
    )


_ALL = _pages_of(TREE.c.id)
_FIRST = _ALL.limit(FEW + 1)
_LEAVES = select(column(TallyLeaf, "unit_id"), column(TallyLeaf, "revision")).where(
    column(TallyLeaf, "unit_id").in_(select(TREE.c.id))
)
_PAGES = _pages_of(column(TallyLeaf, "unit_id")).where(
    column(TallyLeaf, "unit_id").in_(bindparam("units", expanding=True))
)
_LARGE = "has more than a few pages"
_ROOTS: Any = (
    select(column(Unit, "id").label("root"), column(Unit, "id").label("id"))
    .where(column(Unit, "id").in_(bindparam("units", expanding=True)))
    .cte("below", recursive=True)
)
_ROOTS = _ROOTS.union_all(
    select(_ROOTS.c.root, column(UnitParent, "unit_id")).where(
        column(UnitParent, "parent_id") == _ROOTS.c.id,
        column(UnitParent, "from_day") <= _DAY,
        column(UnitParent, "to_day") >= _DAY,
    )
)
_ALL_ROOTS = select(_ROOTS.c.root, _ROOTS.c.id)


def beneath(session: Session, unit_id: int, day: date) -> Beneath:
    """The unit and all below it on `day`."""
    told = {"unit": unit_id, "day": day, "quarter": page.quarter_of(day.toordinal())}
    if not is_reading(session):
        return _together(session.execute(_ALL, told).all(), day)
    known = remembered(session)
    if known.get((_LARGE, unit_id)) is None:
        rows = session.execute(_FIRST, told).all()
        if len(rows) <= FEW:
            return _together(rows, day)
        known.put((_LARGE, unit_id), True)
    return _in_groups(session, told)


def beneath_each(session: Session, units: Collection[int], day: date) -> dict[int, Beneath]:
    """The same for each of several units; the pages of those that are not large are read together."""
    told = {"day": day, "quarter": page.quarter_of(day.toordinal())}
    trees: dict[int, list[int]] = {unit: [] for unit in units}
    for root, unit in session.execute(_ALL_ROOTS, {**told, "units": list(units)}):
        trees[root].append(unit)
    small = {root: tree for root, tree in trees.items() if len(tree) <= FEW}
    wanted = sorted({unit for tree in small.values() for unit in tree})
    rows = session.execute(_PAGES, {**told, "units": wanted}) if wanted else ()
    of = {row[0]: row for row in rows}
    found = {r: _together([of[u] for u in tree if u in of], day) for r, tree in small.items()}
    return {unit: found.get(unit) or beneath(session, unit, day) for unit in units}


def _together(rows: Collection[Page], day: date) -> Beneath:
    units = tuple(unit for unit, _base, _events in rows)
    return Beneath((Group(units),) if units else (), _total(rows, day))


def _in_groups(session: Session, told: dict[str, Any]) -> Beneath:
    leaves = sorted((unit, revision) for unit, revision in session.execute(_LEAVES, told))
    groups = []
    for _bits, some in groupby(leaves, key=lambda leaf: leaf[0] >> GROUP_BITS):
        group = tuple(some)
        groups.append(Group(tuple(unit for unit, _revision in group), group))
    values = page.together(_sums(session, group, told) for group in groups)
    return Beneath(tuple(groups), values)


def _sums(session: Session, group: Group, told: dict[str, Any]) -> page.Values:
    known, key = remembered(session), (told["day"], group.leaves)
    found: page.Values | None = known.get(key)
    if found is None:
        rows = session.execute(_PAGES, {**told, "units": group.units})
        known.put(key, found := _total(rows, told["day"]))
    return found


def _total(rows: Iterable[Page], day: date) -> page.Values:
    return page.total(((base, events) for _unit, base, events in rows), day.toordinal())
