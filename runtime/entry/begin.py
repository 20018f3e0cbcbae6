"""What new entries hold: all that can be known, with totals and defaults, for one unit or many. Not for writing them.

Whatever depends on the form and the period alone is worked out once and serves all units (`patterns`); per unit only
its figures are read, with few statements for all of them, and put in their places. It is what `fill` does, and a test
holds it to that; a form with lists, sources or a subject is left to `fill` altogether.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from runtime.definitions.plan import Below, Carry, Formula, OfUnit, Plan
from runtime.entry.defaults import offered
from runtime.entry.patterns import Pattern, Patterns, There, patterns_of
from runtime.entry.sums import put
from runtime.entry.totals import MOST_ROUNDS, at, with_totals
from runtime.fields.base import MISSING
from runtime.fields.catalogue import field_types
from runtime.fill.filling import ROUNDS, Filled, days, fill
from runtime.fill.formula import answer_at
from runtime.fill.known import Known, ask_each
from runtime.fill.provenance import Note, told
from runtime.fill.reports import Reports
from runtime.periods import Period


def prefilled_each(
    session: Session, plan: Plan, units: Collection[int], period: Period | None = None
) -> dict[int, Filled]:
    """Unit -> what a new entry of the form would hold there. Raises what `fill` raises."""
    patterns = patterns_of(plan)
    if patterns is None or bool(plan.form.frequency) != bool(period):
        return {unit: prefilled(session, plan, unit, period) for unit in units}
    first, last = days(period)
    known = ask_each(session, plan, units, first, last, flows=period is not None)
    found = {}
    for unit in units:
        reports = Reports(session, plan, unit, period, None, last)
        new = None if _has_rows(patterns, reports) else _New(known[unit], reports, patterns)
        found[unit] = new.filled(session, last) if new else prefilled(session, plan, unit, period)
    return found


def prefilled(
    session: Session,
    plan: Plan,
    unit_id: int,
    period: Period | None = None,
    subject_id: str | None = None,
    *,
    ask_sources: bool = True,
) -> Filled:
    """The same for one unit, or about one subject, by laying the form out; `ask_sources`: programs too."""
    return fill(
        session,
        plan,
        unit_id,
        period,
        subject_id,
        ask_sources=ask_sources,
        compute=with_totals,
        offer=offered,
    )


def _has_rows(patterns: Patterns, reports: Reports) -> bool:
    """Whether a list is carried over from the report before."""
    return any(reports.value(carry, p, None)[1] is not None for p, carry in patterns.carried)


@dataclass(slots=True)
class _New:
    """One entry while it is filled; the data are its own and are changed in place."""

    known: Known
    reports: Reports
    patterns: Patterns
    data: dict[str, Any] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def filled(self, session: Session, day: date) -> Filled:
        """Everything, with provenance as of the day."""
        pattern = self._run()
        notes = {**dict(self._of_sums(pattern)), **self.notes}
        empty = sum(1 for one in pattern.asked if self._is_empty(one))
        return Filled(self.data, {}, told(session, notes, day), empty)

    def _run(self) -> Pattern:
        """Fill what is there, and what appears by it in turn; what is there in the end."""
        pattern, before = self._summed(), None
        for _round in range(ROUNDS):
            found = list(self._values(pattern)) if pattern is not before else []
            found = found or list(self._proposed(pattern))
            if not found:
                break
            for one, value in found:
                put(self.data, one.steps, value)
            pattern, before = self._summed(), pattern
        return pattern

    def _summed(self) -> Pattern:
        """Work out the sums of what is there by now, and of what comes by them; what is there with them."""
        pattern = self.patterns.of(self.data)
        for _round in range(MOST_ROUNDS):
            pattern.sums.bring_up(self.data)
            before, pattern = pattern, self.patterns.of(self.data)
            if pattern is before:
                break
        return pattern

    def _values(self, pattern: Pattern) -> Iterator[tuple[There, Any]]:
        """What can be known of the cells that are there for the first time and hold nothing."""
        new = [one for one in pattern.cells if one.pointer not in self.seen]
        self.seen.update(one.pointer for one in new)
        for one in new:
            if self.data and at(self.data, one.steps) is not MISSING:
                continue
            if isinstance(one.node.own, Carry | OfUnit | Below):
                value, note = self.reports.value(one.node.own, one.pointer, None)
            else:
                value, note = self.known.value(one.node, None)
            if note is not None:
                self.notes[one.pointer] = note
            if value is not MISSING:
                yield one, value

    def _proposed(self, pattern: Pattern) -> Iterator[tuple[There, Any]]:
        for one, value in pattern.proposed:
            if at(self.data, one.steps) is MISSING:
                yield one, value

    def _of_sums(self, pattern: Pattern) -> Iterator[tuple[str, Note]]:
        """A note for each total or formula that the form itself declares."""
        for one in pattern.sums.all:
            if at(self.data, one.steps) is not MISSING:
                yield one.pointer, Note({"kind": "formula"})
            elif isinstance(one.node.own, Formula):
                _value, why = answer_at(self.data, one.pointer, one.node)
                yield one.pointer, Note({"kind": "formula", "empty": why})

    def _is_empty(self, one: There) -> bool:
        """Whether nothing stands there, and the control takes something."""
        value = at(self.data, one.steps)
        if value == "":
            return field_types[one.node.field].carries(value, one.node.options)
        return value is MISSING
