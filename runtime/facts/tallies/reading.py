"""Figures from the tallies, as of any day up to the horizon: what a scan would find, without reading subjects.

A unit's figure is the sum over the units that hang below it on that day. What cannot be read yet (a rule
that is still being counted, a register without tallies, a day beyond the horizon) is left to the scan.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from runtime.definitions.plan import Op, Rule
from runtime.facts.tallies import laid_over, page
from runtime.facts.tallies.basis import Basis, digest_of, load, loaded, presence
from runtime.facts.tallies.beneath import beneath, beneath_each, column
from runtime.facts.tallies.members import Counts, members, members_each
from runtime.rules.figures import Figure, Figures
from runtime.rules.tallied import TalliedRule
from runtime.rules.where import key
from runtime.storage import overlay
from runtime.storage.engine import once
from runtime.storage.tables import Subject
from runtime.storage.tally_tables import TallyBasis

# Made once: putting such a statement together takes longer than the database does to answer it.
_newest = select(func.max(column(TallyBasis, "id"))).group_by(column(TallyBasis, "register"))
_BASES = select(
    *(column(TallyBasis, name) for name in ("id", "digest", "register", "next_slot")),
    select(func.min(column(Subject, "basis")))
    .where(column(Subject, "register") == column(TallyBasis, "register"))
    .correlate(TallyBasis.__table__)
    .scalar_subquery(),
).where(column(TallyBasis, "id").in_(_newest))
"""The newest basis of each register, and the oldest by which anybody is counted."""


Found = tuple[dict[str, Figures], dict[str, int]]
"""Figures by the names of their rules, and how many belong, by register."""


@dataclass(slots=True)
class _Wanted:
    """Of the rules asked for those that can be read, by their names, and the bases that they are of, by register."""

    rules: dict[str, TalliedRule] = field(default_factory=dict)
    bases: dict[str, Basis] = field(default_factory=dict)

    def found(self, values: page.Values, counts: Counts) -> Found:
        """What these sums and memberships come to."""
        figures = {
            name: _of_values(one, values) if one.additive else _of_members(one, counts)
            for name, one in self.rules.items()
        }
        first = {r: basis.rules[digest_of(presence(r))].first for r, basis in self.bases.items()}
        return figures, {register: int(values.get(slot, 0)) for register, slot in first.items()}


def figures(
    session: Session, rules: Mapping[str, Rule], unit_id: int, first: date, last: date
) -> Found:
    """The figures of those of `rules` (by any names) that can be read, and how many belong, by register.

    For the unit and all below it on `last`; flows from `first` to `last`.
    """
    wanted = _wanted(session, rules, last)
    if not wanted.bases:
        return {}, {}
    return wanted.found(*_read(session, wanted.rules.values(), unit_id, first, last))


def figures_of_each(
    session: Session, rules: Mapping[str, Rule], units: Collection[int], first: date, last: date
) -> dict[int, Found]:
    """The same for each of several units, with a few statements for all of them."""
    wanted = _wanted(session, rules, last)
    if not wanted.bases:
        return {unit: ({}, {}) for unit in units}
    if len(units) == 1 or overlay.is_laid(session):
        tallied = wanted.rules.values()
        return {u: wanted.found(*_read(session, tallied, u, first, last)) for u in units}
    below = beneath_each(session, units, last)
    groups = {unit: one.groups for unit, one in below.items()}
    counts = members_each(session, wanted.rules.values(), groups, first, last)
    return {unit: wanted.found(below[unit].values, counts[unit]) for unit in units}


def _wanted(session: Session, rules: Mapping[str, Rule], last: date) -> _Wanted:
    found = _Wanted()
    registers = {rule.register for rule in rules.values()}
    for register, basis in _readable(session, registers, last) if rules else ():
        found.bases[register] = basis
        asked = ((n, basis.rules.get(digest_of(r))) for n, r in rules.items())
        found.rules |= {n: one for n, one in asked if one and one.rule.register == register}
    return found


def _read(
    session: Session, wanted: Collection[TalliedRule], unit_id: int, first: date, last: date
) -> tuple[page.Values, Counts]:
    """The sums of all slots, and the memberships, over the unit and all below it."""
    if overlay.is_laid(session):
        values = laid_over.values_on(session, unit_id, last)
        return values, laid_over.members_on(session, wanted, unit_id, first, last)
    below = beneath(session, unit_id, last)
    return below.values, members(session, wanted, below.groups, first, last)


def _readable(
    session: Session, registers: Container[str], day: date
) -> Iterator[tuple[str, Basis]]:
    """For each register the basis by which everybody is counted at least, less the rules that newer ones dropped.

    None where somebody is counted by none, and for a day beyond the horizon.
    """
    for *mark, oldest in once(session, (_BASES,), lambda: session.execute(_BASES).all()):
        register = mark[2]
        if register not in registers or oldest == 0:
            continue
        latest = loaded(session, (mark[0], mark[1], register, mark[3]))
        basis = latest if oldest is None else _common(session, oldest, latest)
        if day <= basis.tallied.horizon:
            yield register, basis


def _common(session: Session, oldest: int, latest: Basis) -> Basis:
    if oldest == latest.id:
        return latest
    basis = load(session, oldest)
    both = {key: rule for key, rule in basis.rules.items() if key in latest.rules}
    return Basis(basis.id, basis.register, basis.tallied, both, basis.next_slot)


def _of_values(tallied: TalliedRule, values: page.Values) -> Figures:
    found = Figures(outside=int(values.get(tallied.outside, 0)), op=tallied.rule.op)
    for codes, slot in tallied.slots.items():
        if subjects := values.get(slot + tallied.step - 1, 0):
            found.cells[codes] = Figure(values.get(slot, 0), int(subjects))
    return found


def _of_members(tallied: TalliedRule, counts: Counts) -> Figures:
    op = tallied.rule.op
    found = Figures(op=op)
    found.outside = sum(counts.get(tallied.outside, {}).values())
    for codes, slot in tallied.slots.items():
        for text, count in counts.get(slot, {}).items():
            amount = _amount(op, page.decode(text), count)
            found.add(codes, amount, subjects=count)
    return found


def _amount(op: Op, value: Any, count: int) -> Any:
    """What so many subjects with this value come to."""
    if op == "distinct":
        return key(value)
    return value if op in ("min", "max") else value * count
