"""Memberships read: how many subjects count in which figure, by value. Not for what the figures are.

Each subject has its own row, so that a large unit has very many; what a group of units comes to is remembered, unless
it is long itself (each household of a city, told apart).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.orm import Session

from runtime.facts.tallies.beneath import Group, column
from runtime.facts.tallies.remembered import remembered
from runtime.rules.tallying import TalliedRule
from runtime.storage.tally_tables import TallyMember

LONG = 1_000
"""Rows of a group that are not worth remembering."""

Counts = dict[int, dict[str, int]]
"""For each slot, and each value (JSON) in it, how many subjects have it."""

# Made once: putting such statements together takes longer than the database does to answer them.
_ORDINAL: BindParameter[Any] = bindparam("ordinal")
_slot, _value, _on = (column(TallyMember, name) for name in ("slot", "value", "on_day"))
_held = (
    select(_slot, _value, func.count())
    .where(
        column(TallyMember, "unit_id").in_(bindparam("units", expanding=True)),
        _slot.in_(bindparam("slots", expanding=True)),
        column(TallyMember, "from_day") <= _ORDINAL,
        column(TallyMember, "to_day") >= _ORDINAL,
    )
    .group_by(_slot, _value)
)
_STOCK = _held.where(_on == 0)
_FLOW = _held.where(_on.between(bindparam("first"), _ORDINAL))


def members(
    session: Session,
    wanted: Iterable[TalliedRule],
    groups: Sequence[Group],
    first: date,
    last: date,
) -> Counts:
    """The memberships of these rules in all of the units that hold on the last day, flows dated from `first` on."""
    rules = [one for one in wanted if not one.additive]
    found: Counts = defaultdict(lambda: defaultdict(int))
    for kind, statement in (("stock", _STOCK), ("flow", _FLOW)):
        slots = [n for one in rules if one.rule.kind == kind for n in range(one.first, one.end)]
        told = {"slots": slots, "first": first.toordinal(), "ordinal": last.toordinal()}
        for group in groups if slots else ():
            for slot, value, count in _of_group(session, group, statement, told):
                found[slot][value] += count
    return found


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
