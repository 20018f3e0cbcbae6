"""What other reports of the same form tell: the period before, and the units below. Not for registers.

Only what has been reported counts: submitted or accepted. A report that was sent back is none until it comes again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from runtime.definitions.plan import Below, Carry, OfUnit, Own, Plan
from runtime.definitions.values import value_at
from runtime.facts.units import children, get
from runtime.fields.base import MISSING
from runtime.fields.numbers import exact
from runtime.fill.provenance import Note
from runtime.language import say
from runtime.periods import Period
from runtime.rules.figures import Number, added
from runtime.storage.tables import Entry, Unit

REPORTED = ("submitted", "accepted")


@dataclass(frozen=True, slots=True)
class Report:
    """A unit with what it reported; `entry_id` is empty while it has not."""

    unit: Unit
    data: Any = MISSING
    entry_id: str = ""


@dataclass(slots=True)
class Reports:
    """The other reports that one fill may look at, each read once and only when it is asked for."""

    session: Session
    plan: Plan
    unit_id: int
    period: Period | None
    subject_id: str | None
    day: date
    _before: Entry | bool | None = False
    _below: list[Report] | None = None
    _unit: Unit | None = None

    def value(self, own: Own, pointer: str, row: Report | None) -> tuple[Any, Note | None]:
        """The value of a cell that is filled in its own way, and why it is that; `row` is that of a unit below."""
        match own:
            case Carry(at):
                return self._carried(at or pointer)
            case OfUnit(what):
                return self._of_unit(what, row)
            case Below(at) if row is not None:
                return self._of_row(at, row)
            case Below(at):
                return self._sum(at or pointer)
        return MISSING, None

    def rows(self) -> tuple[Sequence[Report], Note]:
        """A row for each unit below that owes the form, and why it is those."""
        found = self.below()
        return found, Note(self._told("below", found))

    def below(self) -> list[Report]:
        """The units directly below that owe the form, in their order, with what they reported."""
        if self._below is None:
            levels = self.plan.form.levels
            units = [u for u in children(self.session, self.unit_id, self.day) if u.level in levels]
            entries = self._entries([u.id for u in units]) if self.period else {}
            self._below = [
                Report(u, entries[u.id].data, entries[u.id].id) if u.id in entries else Report(u)
                for u in units
            ]
        return self._below

    def _carried(self, at: str) -> tuple[Any, Note | None]:
        before = self._last()
        value = MISSING if before is None else value_at(before.data, at)
        if before is None or value is MISSING or value is None:
            return MISSING, None
        told = {"kind": "carried", "period": before.period, "entry": before.id}
        return value, Note({**told, "asOf": Period.parse(before.period).last.isoformat()})

    def _last(self) -> Entry | None:
        if self._before is False:
            self._before = self._find_last()
        return self._before if isinstance(self._before, Entry) else None

    def _find_last(self) -> Entry | None:
        try:
            period = self.period.previous() if self.period else None
        except ValueError:  # there is none before the first
            return None
        if period is None:
            return None
        found = self._reported(period).where(
            Entry.unit_id == self.unit_id, Entry.subject_id == self.subject_id
        )
        return self.session.scalars(found).first()

    def _entries(self, units: Sequence[int]) -> Mapping[int, Entry]:
        assert self.period is not None
        found = self._reported(self.period).where(
            Entry.unit_id.in_(units), Entry.subject_id.is_(None)
        )
        return {entry.unit_id: entry for entry in self.session.scalars(found)}

    def _reported(self, period: Period) -> Any:
        return select(Entry).where(
            Entry.address == self.plan.address,
            Entry.period == str(period),
            Entry.state.in_(REPORTED),
        )

    def _of_unit(self, what: str, row: Report | None) -> tuple[Any, Note | None]:
        if row is None and self._unit is None:
            self._unit = get(self.session, self.unit_id)
        unit = row.unit if row is not None else self._unit
        assert unit is not None
        value = say(unit.title) if what == "title" else getattr(unit, what)
        told = {"kind": "unit", "unit": unit.code, "field": what, "asOf": self.day.isoformat()}
        texts = {"texts": unit.title} if what == "title" and len(unit.title) > 1 else {}
        return value, Note({**told, **texts})

    def _of_row(self, at: str, row: Report) -> tuple[Any, Note | None]:
        told = {"kind": "below", "unit": row.unit.code, "asOf": self.day.isoformat()}
        value = MISSING if row.data is MISSING else value_at(row.data, at)
        if value is MISSING or value is None:
            return MISSING, Note({**told, "empty": "missing"})
        return value, Note({**told, "entry": row.entry_id})

    def _sum(self, at: str) -> tuple[Any, Note | None]:
        units = self.below()
        if not units:
            return MISSING, None
        told = self._told("below", units)
        found: Number | None = None
        for one in units:
            number = None if one.data is MISSING else exact(value_at(one.data, at))
            if number is not None:
                found = number if found is None else added(found, number)
        if found is None:
            return MISSING, Note({**told, "empty": "missing"})
        return found, Note(told)

    def _told(self, kind: str, units: Sequence[Report]) -> dict[str, Any]:
        reported = sum(1 for one in units if one.entry_id)
        told = {"kind": kind, "units": len(units), "reported": reported}
        return {**told, "asOf": self.day.isoformat()}
