"""Figures from the tallies, as of any day up to the horizon: what a scan would find, without reading subjects.

A unit's figure is the sum over the units that hang below it on that day. What cannot be read yet (a rule
that is still being counted, a register without tallies, a day beyond the horizon) is left to the scan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    BindParameter,
    Integer,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from runtime.definitions.plan import Op, Rule
from runtime.facts.tallies import pages
from runtime.facts.tallies.basis import Basis, digest_of, load, presence
from runtime.rules.figures import Figure, Figures
from runtime.rules.tallying import TalliedRule
from runtime.rules.where import key
from runtime.storage.staged_tables import Settling, StagedMember, StagedPage
from runtime.storage.tables import Base, Subject, UnitParent
from runtime.storage.tally_tables import TallyBasis, TallyMember, TallyPage

Row = tuple[str, int]
"""A value (JSON), and how many subjects have it."""


def _column(table: type[Base], name: str) -> Any:
    return table.__table__.c[name]


# Made once: putting such statements together takes longer than the database does to answer them.
_DAY: BindParameter[Any] = bindparam("day")
_UNIT: BindParameter[Any] = bindparam("unit")
_tree = select(cast(_UNIT, Integer).label("id")).cte("below", recursive=True)
_tree = _tree.union_all(
    select(_column(UnitParent, "unit_id")).where(
        _column(UnitParent, "parent_id") == _tree.c.id,
        _column(UnitParent, "from_day") <= _DAY,
        _column(UnitParent, "to_day") >= _DAY,
    )
)
_SETTLING = select(_column(Settling, "import_id")).scalar_subquery()


def _latest(table: type[Base], *which: Any) -> Any:
    """The newest pages of these units up to the quarter."""
    unit, quarter = _column(table, "unit_id"), _column(table, "quarter")
    these = (unit.in_(select(_tree.c.id)), quarter <= bindparam("quarter"), *which)
    newest = (
        select(unit, func.max(quarter).label("quarter")).where(*these).group_by(unit).subquery()
    )
    pages = select(_column(table, "base"), _column(table, "events")).where(*which)
    return pages.join(newest, (unit == newest.c.unit_id) & (quarter == newest.c.quarter))


# In one statement, so that what moves from the one to the other meanwhile is read once.
_PAGES = _latest(TallyPage).union_all(
    _latest(StagedPage, _column(StagedPage, "import_id") == _SETTLING)
)
_ORDINAL: BindParameter[Any] = bindparam("ordinal")


def _holding(table: type[Base], counts: Any, *which: Any) -> Any:
    """Memberships that hold on the day: slot, value, and how often it counts."""
    on = _column(table, "on_day")
    return select(_column(table, "slot"), _column(table, "value"), counts.label("counts")).where(
        _column(table, "unit_id").in_(select(_tree.c.id)),
        _column(table, "slot").in_(bindparam("slots", expanding=True)),
        (on == 0) | on.between(bindparam("first"), _ORDINAL),
        _column(table, "from_day") <= _ORDINAL,
        _column(table, "to_day") >= _ORDINAL,
        *which,
    )


_held = union_all(
    _holding(TallyMember, literal_column("1")),
    _holding(
        StagedMember,
        _column(StagedMember, "counts"),
        _column(StagedMember, "import_id") == _SETTLING,
    ),
).subquery()
_MEMBERS = (
    select(_held.c.slot, _held.c.value, cast(func.sum(_held.c.counts), Integer))
    .group_by(_held.c.slot, _held.c.value)
    .having(func.sum(_held.c.counts) != 0)
)
_REGISTER: BindParameter[Any] = bindparam("register")
_BASES = select(
    select(func.min(_column(Subject, "basis")))
    .where(_column(Subject, "register") == _REGISTER)
    .scalar_subquery(),
    select(func.max(_column(TallyBasis, "id")))
    .where(_column(TallyBasis, "register") == _REGISTER)
    .scalar_subquery(),
)


def figures(
    session: Session, rules: Mapping[str, Rule], unit_id: int, first: date, last: date
) -> tuple[dict[str, Figures], dict[str, int]]:
    """The figures of those of `rules` (by any names) that can be read, and how many belong, by register.

    For the unit and all below it on `last`; flows from `first` to `last`.
    """
    present: dict[str, int] = {}
    wanted: dict[str, TalliedRule] = {}
    bases: dict[str, Basis] = {}
    for register in dict.fromkeys(rule.register for rule in rules.values()):
        if basis := _readable(session, register, last):
            bases[register] = basis
            asked = ((n, basis.rules.get(digest_of(r))) for n, r in rules.items())
            wanted |= {n: one for n, one in asked if one and one.rule.register == register}
    if not bases:
        return {}, {}
    values = values_on(session, unit_id, last)
    for register, basis in bases.items():
        present[register] = int(values.get(basis.rules[digest_of(presence(register))].first, 0))
    rows = _members(session, wanted.values(), unit_id, first, last)
    found = {
        name: _of_values(one, values) if one.additive else _of_members(one, rows)
        for name, one in wanted.items()
    }
    return found, present


def values_on(session: Session, unit_id: int, day: date) -> pages.Values:
    """The sums of all slots over the unit and all below it on `day`, as of the end of that day."""
    ordinal = day.toordinal()
    told = {"unit": unit_id, "day": day, "quarter": pages.quarter_of(ordinal)}
    return pages.total(((row[0], row[1]) for row in session.execute(_PAGES, told)), ordinal)


def _readable(session: Session, register: str, day: date) -> Basis | None:
    """The basis by which everybody is counted at least, less the rules that newer ones have dropped.

    None while somebody is counted by none, and for a day beyond the horizon.
    """
    oldest, latest = session.execute(_BASES, {"register": register}).one()
    oldest = latest if oldest is None else oldest
    if not oldest or not latest:
        return None
    basis = load(session, oldest)
    if day > basis.tallied.horizon:
        return None
    if oldest == latest:
        return basis
    kept = load(session, latest).rules
    both = {key: rule for key, rule in basis.rules.items() if key in kept}
    return Basis(basis.id, register, basis.tallied, both, basis.next_slot)


def _of_values(tallied: TalliedRule, values: pages.Values) -> Figures:
    found = Figures(outside=int(values.get(tallied.outside, 0)), op=tallied.rule.op)
    for codes, slot in tallied.slots.items():
        if subjects := values.get(slot + tallied.step - 1, 0):
            found.cells[codes] = Figure(values.get(slot, 0), int(subjects))
    return found


def _members(
    session: Session, wanted: Iterable[TalliedRule], unit_id: int, first: date, last: date
) -> dict[int, list[Row]]:
    """The memberships of these rules that hold on the last day, by slot."""
    slots = [n for one in wanted if not one.additive for n in range(one.first, one.end)]
    found: dict[int, list[Row]] = {}
    if not slots:
        return found
    told = {"unit": unit_id, "day": last, "slots": slots}
    told |= {"first": first.toordinal(), "ordinal": last.toordinal()}
    for slot, value, count in session.execute(_MEMBERS, told):
        found.setdefault(slot, []).append((value, count))
    return found


def _of_members(tallied: TalliedRule, rows: Mapping[int, list[Row]]) -> Figures:
    op = tallied.rule.op
    found = Figures(op=op)
    found.outside = sum(count for _text, count in rows.get(tallied.outside, ()))
    for codes, slot in tallied.slots.items():
        for text, count in rows.get(slot, ()):
            amount = _amount(op, pages.decode(text), count)
            found.add(codes, amount, subjects=count)
    return found


def _amount(op: Op, value: Any, count: int) -> Any:
    """What so many subjects with this value come to."""
    if op == "distinct":
        return key(value)
    return value if op in ("min", "max") else value * count
