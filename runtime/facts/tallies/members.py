"""Memberships read: how many subjects count in which figure, by value. Not for what the figures are.

Each subject has its own row, so that a large unit has very many; what a group of units comes to is remembered, unless
it is long itself (each household of a city, told apart).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.orm import Session

from runtime.facts.tallies.beneath import Group, column
from runtime.facts.tallies.remembered import remembered
from runtime.rules.tallied import TalliedRule
from runtime.storage.tally_tables import TallyMember

LONG = 1_000
"""Rows of a group that are not worth remembering."""

Counts = dict[int, dict[str, int]]
"""For each slot, and each value (JSON) in it, how many subjects have it."""

# Made once: putting such statements together takes longer than the database does to answer them.
_ORDINAL: BindParameter[Any] = bindparam("ordinal")
_slot, _value, _on = (column(TallyMember, name) for name in ("slot", "value", "on_day"))
_unit = column(TallyMember, "unit_id")
_there = (
    _unit.in_(bindparam("units", expanding=True)),
    _slot.in_(bindparam("slots", expanding=True)),
    column(TallyMember, "from_day") <= _ORDINAL,
    column(TallyMember, "to_day") >= _ORDINAL,
)
_held = select(_slot, _value, func.count()).where(*_there).group_by(_slot, _value)
_each = select(_unit, _slot, _value, func.count()).where(*_there).group_by(_unit, _slot, _value)
_IS_STOCK = _on == 0
_IS_FLOW = _on.between(bindparam("first"), _ORDINAL)
_STOCK, _FLOW = _held.where(_IS_STOCK), _held.where(_IS_FLOW)
_EACH_STOCK, _EACH_FLOW = _each.where(_IS_STOCK), _each.where(_IS_FLOW)


def members(
    session: Session,
    wanted: Collection[TalliedRule],
    groups: Sequence[Group],
    first: date,
    last: date,
) -> Counts:
    """The memberships of these rules in all of the units that hold on the last day, flows dated from `first` on."""
    found = _none()
    for flows, told in _asked(wanted, first, last):
        for group in groups:
            for slot, value, count in _of_group(session, group, _FLOW if flows else _STOCK, told):
                found[slot][value] += count
    return found


def members_each(
    session: Session,
    wanted: Collection[TalliedRule],
    groups: Mapping[int, Sequence[Group]],
    first: date,
    last: date,
) -> dict[int, Counts]:
    """The same for each of several units, whose groups are given; large ones are asked one by one."""
    small = {u: own for u, own in groups.items() if not any(group.leaves for group in own)}
    large = groups.keys() - small.keys()
    found = {unit: members(session, wanted, groups[unit], first, last) for unit in large}
    above: dict[int, list[Counts]] = defaultdict(list)
    for unit, own in small.items():
        counts = found[unit] = _none()
        for leaf in (leaf for group in own for leaf in group.units):
            above[leaf].append(counts)
    for flows, told in _asked(wanted, first, last) if above else ():
        statement = _EACH_FLOW if flows else _EACH_STOCK
        for leaf, slot, value, count in session.execute(statement, {**told, "units": list(above)}):
            for counts in above[leaf]:
                counts[slot][value] += count
    return found


def _none() -> Counts:
    return defaultdict(lambda: defaultdict(int))


def _asked(
    wanted: Iterable[TalliedRule], first: date, last: date
) -> Iterator[tuple[bool, dict[str, Any]]]:
    """Whether it is about flows, and the slots and days: for stocks and for flows, where any are wanted."""
    rules = [one for one in wanted if not one.additive]
    for kind in ("stock", "flow"):
        slots = [n for one in rules if one.rule.kind == kind for n in range(one.first, one.end)]
        if slots:
            days = {"first": first.toordinal(), "ordinal": last.toordinal()}
            yield kind == "flow", {"slots": slots, **days}


def _of_group(
    session: Session, group: Group, statement: Any, told: dict[str, Any]
) -> list[tuple[int, str, int]]:
    key = (id(statement), *told["slots"], told["first"], told["ordinal"], group.leaves)
    known = remembered(session)
    found: list[tuple[int, str, int]] | None = known.get(key) if group.leaves else None
    if found is None:
        rows = session.execute(statement, {**told, "units": group.units})
        found = [(slot, value, count) for slot, value, count in rows]
        if group.leaves and len(found) < LONG:
            known.put(key, found)
    return found
