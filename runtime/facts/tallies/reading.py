"""Figures from the tallies, as of any day up to the horizon: what a scan would find, at the same cost for any number.

A unit's figure is the sum over the units that hang below it on that day. What cannot be read yet (a rule
that is still being counted, a register without tallies, a day beyond the horizon) is left to the scan.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from runtime.definitions.plan import Rule
from runtime.facts.tallies import pages
from runtime.facts.tallies.basis import Basis, digest_of, newest, presence, readable
from runtime.facts.units import below_query
from runtime.rules.figures import Figure, Figures, added
from runtime.rules.tallying import TalliedRule
from runtime.storage.tally_tables import TallyMember, TallyPage


def figures(
    session: Session, rules: Mapping[str, Rule], unit_id: int, first: date, last: date
) -> tuple[dict[str, Figures], dict[str, int]]:
    """The figures of those of `rules` (by any names) that can be read, and how many belong, by register.

    For the unit and all below it on `last`; flows from `first` to `last`.
    """
    found: dict[str, Figures] = {}
    present: dict[str, int] = {}
    values: pages.Values | None = None
    for register in dict.fromkeys(rule.register for rule in rules.values()):
        basis = _readable(session, register, last)
        if basis is None:
            continue
        if values is None:
            values = values_on(session, unit_id, last)
        there = basis.rules[digest_of(presence(register))]
        present[register] = int(values.get(there.first, 0))
        for name, rule in rules.items():
            tallied = basis.rules.get(digest_of(rule)) if rule.register == register else None
            if tallied is not None:
                found[name] = _figures(session, tallied, values, unit_id, first, last)
    return found, present


def values_on(session: Session, unit_id: int, day: date) -> pages.Values:
    """The sums of all slots over the unit and all below it on `day`, as of the end of that day."""
    ordinal = day.toordinal()
    leaves = below_query(unit_id, day)
    latest = (
        select(TallyPage.unit_id, func.max(TallyPage.quarter).label("quarter"))
        .where(TallyPage.unit_id.in_(leaves), TallyPage.quarter <= pages.quarter_of(ordinal))
        .group_by(TallyPage.unit_id)
        .subquery()
    )
    rows = session.execute(
        select(TallyPage.base, TallyPage.events).join(
            latest,
            (TallyPage.unit_id == latest.c.unit_id) & (TallyPage.quarter == latest.c.quarter),
        )
    )
    return pages.total(((base, events) for base, events in rows), ordinal)


def _readable(session: Session, register: str, day: date) -> Basis | None:
    """The basis whose rules can be read: the oldest one still in use, less what newer ones have dropped."""
    oldest, latest = readable(session, register), newest(session, register)
    if oldest is None or latest is None or day > oldest.tallied.horizon:
        return None
    if oldest.id == latest.id:
        return oldest
    both = {key: rule for key, rule in oldest.rules.items() if key in latest.rules}
    return Basis(oldest.id, register, oldest.tallied, both, oldest.next_slot)


def _figures(
    session: Session,
    tallied: TalliedRule,
    values: pages.Values,
    unit_id: int,
    first: date,
    last: date,
) -> Figures:
    if not tallied.additive:
        return _of_members(session, tallied, unit_id, first, last)
    found = Figures(outside=int(values.get(tallied.outside, 0)))
    for codes, slot in tallied.slots.items():
        subjects = values.get(slot + tallied.step - 1, 0)
        if subjects:
            found.cells[codes] = Figure(values.get(slot, 0), int(subjects))
    return found


def _of_members(
    session: Session, tallied: TalliedRule, unit_id: int, first: date, last: date
) -> Figures:
    codes_of = {slot: codes for codes, slot in tallied.slots.items()}
    found = Figures()
    for slot, value, subjects in session.execute(_members(tallied, unit_id, first, last)):
        if slot == tallied.outside:
            found.outside += subjects
            continue
        cell = found.cells.setdefault(codes_of[slot], Figure())
        amount = pages.decode(f"[{value}]")[0]
        cell.value = added(cell.value, amount * subjects)
        cell.subjects += subjects
    return found


def _members(tallied: TalliedRule, unit_id: int, first: date, last: date) -> Select[int, str, int]:
    day = last.toordinal()
    query = select(TallyMember.slot, TallyMember.value, func.count()).where(
        TallyMember.unit_id.in_(below_query(unit_id, last)),
        TallyMember.slot >= tallied.first,
        TallyMember.slot < tallied.end,
        TallyMember.from_day <= day,
        TallyMember.to_day >= day,
    )
    if tallied.rule.kind == "flow":
        query = query.where(TallyMember.on_day.between(first.toordinal(), day))
    return query.group_by(TallyMember.slot, TallyMember.value)
