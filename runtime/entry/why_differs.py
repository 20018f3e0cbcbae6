"""Which change made a figure another than what was filled: looked up for reports of what differs. Not for the figures.

Whoever changed since the filling is counted twice: as was known then, and as is known now. A figure to which somebody
adds another part than then differs because of that change, also where they are no longer among those it counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from runtime.definitions.plan import CellFill, Plan, Rule
from runtime.entry.about import filled_at
from runtime.facts.timeline import UNIT, Timeline, as_of, insert, unit_on
from runtime.facts.units import below, below_query
from runtime.fill.filling import days
from runtime.fill.ground import fields_of
from runtime.periods import Period
from runtime.rules.derive import compile_derive
from runtime.rules.figures import Codes, Counter, matches
from runtime.storage.tables import Belonging, Change, Entry, Subject, User

LOOKED = 50_000
"""Of a unit of more subjects only so many of the newest changes are looked through, however many there are in all."""
MOST = 500
"""Of so many subjects that changed since it is looked up; of more nobody waits for it."""

LastChange = dict[str, str]
"""`{"day", "actor"}`, as in a provenance."""


def last_changes(
    session: Session, entry: Entry, plan: Plan, figures: Mapping[str, CellFill]
) -> dict[str, LastChange]:
    """The newest change since the filling that each of these figures differs by; by pointer, where there is one.

    Of whom somebody says that they belong elsewhere now, no name is told: that is the other unit's.
    """
    rules = {fill.rule: plan.rules[fill.rule] for fill in figures.values()}
    registers = {rule.register for rule in rules.values()}
    first, last = days(Period.parse(entry.period) if entry.period else None)
    found: dict[str, LastChange] = {}
    for one in _changed(session, entry, registers, last) if rules else ():
        for name, rule in rules.items():
            if rule.register == one.register:
                own = {p: fill.codes for p, fill in figures.items() if fill.rule == name}
                for pointer in _moved(one, rule, own, first, last):
                    found.setdefault(pointer, one.told(rule))
    return found


@dataclass(slots=True)
class _Changed:
    """A subject of which something was recorded since: what was known on the day then, and what is now."""

    register: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    since: list[tuple[Change, str]]
    """What was recorded since, the newest last, with the actors' names."""

    def told(self, rule: Rule) -> LastChange:
        """The newest of the changes that the rule reads."""
        wanted = {UNIT, *fields_of(rule)}
        own = [c for c in self.since if wanted & c[0].values.keys()] or self.since
        change, actor = own[-1]
        return {
            "day": change.effective.isoformat(),
            "actor": actor if self.after is not None else "",
        }


def _changed(
    session: Session, entry: Entry, registers: Collection[str], day: date
) -> Iterator[_Changed]:
    """Those who belonged to the unit at any time and of whom something was recorded since, the newest first."""
    filled = filled_at(session, entry)
    units = below(session, entry.unit_id, day)
    there = select(Belonging.subject_id).where(
        Belonging.unit_id.in_(below_query(entry.unit_id, day))
    )
    ids = session.scalars(
        select(Change.subject_id)
        .join(Subject, Subject.id == Change.subject_id)
        .where(
            Subject.register.in_(registers),
            Change.recorded_at > filled,
            Change.effective <= day,
            *_within(session, there),
        )
        .distinct()
        .limit(MOST + 1)
    ).all()
    if len(ids) > MOST:
        return
    query = (
        select(Change, Subject.register, User.full_name)
        .join(Subject, Subject.id == Change.subject_id)
        .join(User, User.id == Change.actor_id, isouter=True)
        .where(Change.subject_id.in_(ids))
        .order_by(Change.seq)
    )
    each: dict[str, tuple[str, list[tuple[Change, str]]]] = {}
    for change, register, name in session.execute(query):
        each.setdefault(change.subject_id, (register, []))[1].append((change, name or ""))
    newest_first = sorted(each.values(), key=lambda one: one[1][-1][0].seq, reverse=True)
    for register, changes in newest_first:
        old = [c for c, _name in changes if c.recorded_at <= filled]
        since = [one for one in changes if one[0].recorded_at > filled and one[0].effective <= day]
        now = [c for c, _name in changes]
        yield _Changed(register, _document(old, units, day), _document(now, units, day), since)


def _within(session: Session, there: Select[str]) -> Iterator[ColumnElement[bool]]:
    """The changes of those who are there: of few subjects all, of many those among the newest changes of the site.

    No index tells when something was recorded, and the order of the changes is not quite that of their times.
    """
    counted = select(func.count()).select_from(there.limit(LOOKED + 1).subquery())
    if (session.scalar(counted) or 0) <= LOOKED:
        yield Change.subject_id.in_(there)
        return
    newest = session.scalar(select(func.max(Change.seq))) or 0
    yield Change.seq > newest - LOOKED
    # asked of each change, for to list all who are there takes longer than the rest
    yield there.where(Belonging.subject_id == Change.subject_id).exists()


def _document(
    changes: Collection[Change], units: Collection[int], day: date
) -> dict[str, Any] | None:
    """What these changes say of the subject on the day; None where it does not belong to the units then."""
    timeline: Timeline = []
    for change in changes:
        timeline = insert(timeline, change.effective, change.values)
    return as_of(timeline, day) if unit_on(timeline, day) in units else None


def _moved(
    one: _Changed, rule: Rule, figures: Mapping[str, Codes], first: date, last: date
) -> Iterator[str]:
    """The figures to which the subject adds another part than it did."""
    counter, derive = Counter(rule, first, last), compile_derive(rule.derive)
    was, now = (
        _part(counter, derive(known, last)) if known is not None else None
        for known in (one.before, one.after)
    )
    for pointer, codes in figures.items():
        if _adds(was, codes) != _adds(now, codes):
            yield pointer


def _part(counter: Counter, document: Mapping[str, Any]) -> tuple[Codes, Any] | None:
    codes, amount = counter.codes(document), counter.amount(document)
    return None if codes is None or amount is None else (codes, amount)


def _adds(part: tuple[Codes, Any] | None, codes: Codes) -> Any:
    return part[1] if part is not None and matches(codes, part[0]) else None
