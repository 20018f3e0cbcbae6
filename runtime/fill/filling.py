"""Filling a form: every cell that can be known gets its value and the reason for it. Not for keeping entries.

What cannot be filled stays absent. A `default` is nothing that is known: callers may `offer` it where all is filled,
and it has no provenance. Parts that appear because of what was filled are filled in turn.
Cells that hold something already are left as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from runtime import clock
from runtime.definitions.place import Placed, cells, place, remembering
from runtime.definitions.plan import Below, Carry, Cell, CellFill, Formula, OfUnit, Plan, Rows
from runtime.definitions.values import with_values
from runtime.errors import EntryError
from runtime.fields.base import MISSING
from runtime.fill.formula import answer_at
from runtime.fill.known import About, Known, about_row, about_subject, ask
from runtime.fill.provenance import Note, Provenance, told
from runtime.fill.reports import Report, Reports
from runtime.fill.scan import Behind, subjects_behind, subjects_outside
from runtime.fill.supplied import supplied
from runtime.hooks import Asked
from runtime.language import gettext as _
from runtime.periods import Period
from runtime.storage.tables import Unit

Compute = Callable[[Plan, Any, Mapping[str, str]], Any]
"""Gives data (with the choices remembered) its totals: `entry.totals.with_totals`, which stands above us."""

Row = TypeVar("Row")

Supply = Callable[
    [Plan, Any, Mapping[str, str], list[tuple[str, Cell]]], tuple[dict[str, Any], dict[str, Note]]
]
"""The values that programs have for these cells, by pointer, and why there is one or none."""

ROUNDS = 50
"""How often filling may make further parts appear before we take it that it goes round in a circle."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What filling found: `provenance` by the pointers of the cells; `empty` cells are left to be typed."""

    data: Any
    choices: dict[str, str]
    provenance: dict[str, Provenance]
    empty: int


def fill(
    session: Session,
    plan: Plan,
    unit_id: int,
    period: Period | None = None,
    subject_id: str | None = None,
    *,
    data: Any = None,
    choices: Mapping[str, str] | None = None,
    ask_sources: bool = True,
    compute: Compute | None = None,
    offer: Compute | None = None,
) -> Filled:
    """Fill the form for a unit and period, or for a subject, on top of `data` where that is given.

    Figures tell the state of the period's last day (of today, for a form without a period). `compute` works out
    totals that the form itself declares; `offer` adds what is proposed where nothing is known, once nothing more
    can be filled, and parts that appear by it are filled in turn. Each register is read once. Of a subject that
    belongs elsewhere nothing is filled, and no source is asked. Raises `NotFound`
    for an unknown unit or subject, `EntryError` where the form needs a period or a subject and has none.
    """
    if plan.form.subject and not subject_id:
        raise EntryError(_("This form is about one subject: say which."))
    if plan.form.frequency and not period:
        raise EntryError(_("This form needs a period."))
    first, last = days(period)
    known = ask(session, plan, unit_id, first, last, flows=period is not None)
    if plan.form.subject and subject_id:
        known.about = about_subject(session, plan, subject_id, unit_id, last)
    filler = _Filler(
        plan,
        known,
        dict(choices or {}),
        compute or _nothing_to_compute,
        offer or _nothing_to_compute,
        Reports(session, plan, unit_id, period, subject_id, last),
        supply=_asking(session, unit_id, period, subject_id)
        if ask_sources and (known.about or not subject_id)
        else None,
    )
    with remembering():
        found = filler.run({} if data is None else data)
        placed = list(cells(place(plan, found, filler.choices)))
    notes = _with_totals(filler.notes, placed, found)
    empty = sum(1 for _pointer in to_type(placed))
    return Filled(found, filler.choices, told(session, notes, last), empty)


def behind(
    session: Session,
    plan: Plan,
    cell: CellFill,
    unit_id: int,
    period: Period | None = None,
    *,
    outside: bool = False,
) -> list[Behind]:
    """The subjects behind a filled figure, as of its day: for a count, as many as it says.

    With `outside` those that its rule should count and that stand in no cell.
    """
    (first, last), rule = days(period), plan.rules[cell.rule]
    if outside:
        return subjects_outside(session, rule, unit_id, first, last)
    return subjects_behind(session, rule, cell.codes, unit_id, first, last)


def to_type(placed: Iterable[Placed]) -> Iterator[str]:
    """Of these cells, the pointers of those that wait for somebody to type.

    That is a cell that is empty, can be typed into, and is required or would be filled if more were known. Free
    remarks and facts that happen to be unknown are not asked for.
    """
    for one in placed:
        node = one.node
        if not isinstance(node, Cell) or not (one.value is MISSING or one.value == ""):
            continue
        if node.read_only or node.computed or one.locked:
            continue
        if one.required or node.expected:
            yield one.pointer


@dataclass(slots=True)
class _Filler:
    """One filling: `about` says whose row stands at a pointer, `seen` which pointers are settled."""

    plan: Plan
    known: Known
    choices: dict[str, str]
    compute: Compute
    offer: Compute
    reports: Reports
    below: dict[str, Report] = field(default_factory=dict)
    about: dict[str, About] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    notes: dict[str, Note] = field(default_factory=dict)
    supply: Supply | None = None
    """Asks the sources, once; gone when it has."""

    def run(self, data: Any) -> Any:
        data = self.compute(self.plan, data, self.choices)
        for _round in range(ROUNDS):
            placed = place(self.plan, data, self.choices)
            found = list(self._rows(placed)) or list(self._cells(placed))
            found = found or self._supplied(data, placed)
            if not found:
                offered = self.offer(self.plan, data, self.choices)
                if offered is data:
                    break
                data = self.compute(self.plan, offered, self.choices)
                continue
            data = with_values(data, found)
            data = self.compute(self.plan, data, self.choices)
        return data

    def _rows(self, placed: Placed) -> Iterator[tuple[str, Any]]:
        """Lists that are filled, first without what stands in their rows."""
        node = placed.node
        if isinstance(node, Rows) and node.fill and placed.pointer not in self.seen:
            self.seen.add(placed.pointer)
            if not placed.value:
                rows, self.notes[placed.pointer] = self.known.rows(node.fill)
                for n, row in enumerate(rows):
                    self.about[f"{placed.pointer}/{n}"] = about_row(node.fill, row)
                yield placed.pointer, [{} for _row in rows]
        elif isinstance(node, Rows) and node.below and placed.pointer not in self.seen:
            self.seen.add(placed.pointer)
            if not placed.value:
                units, self.notes[placed.pointer] = self.reports.rows()
                self.below |= {f"{placed.pointer}/{n}": unit for n, unit in enumerate(units)}
                yield placed.pointer, [{} for _unit in units]
        elif isinstance(node, Rows) and node.carry and placed.pointer not in self.seen:
            self.seen.add(placed.pointer)
            if not placed.value:
                yield from self._carried(placed.pointer, node.carry)
        for child in placed.children:
            yield from self._rows(child)

    def _carried(self, pointer: str, own: Carry) -> Iterator[tuple[str, Any]]:
        """The values that the report before lists, each with the reason why it stands there."""
        values, note = self.reports.value(own, pointer, None)
        if note is not None and isinstance(values, list) and values:
            there = (f"{pointer}/{n}" for n in range(len(values)))
            self.notes |= dict.fromkeys((pointer, *there), note)
            yield pointer, values

    def _cells(self, placed: Placed) -> Iterator[tuple[str, Any]]:
        for one in cells(placed):
            node = one.node
            if one.pointer in self.seen or not isinstance(node, Cell):
                continue
            self.seen.add(one.pointer)
            if one.value is not MISSING or one.locked:
                continue
            if isinstance(node.own, Carry | OfUnit | Below):
                row = _row_of(self.below, one.pointer)
                value, note = self.reports.value(node.own, one.pointer, row)
            else:
                value, note = self.known.value(node, _row_of(self.about, one.pointer))
            if note is not None:
                self.notes[one.pointer] = note
            if value is not MISSING:
                yield one.pointer, value

    def _supplied(self, data: Any, placed: Placed) -> list[tuple[str, Any]]:
        """What programs know of the cells that no rule could fill."""
        supply, self.supply = self.supply, None
        empty = [
            (one.pointer, one.node)
            for one in cells(placed)
            if isinstance(one.node, Cell)
            and one.node.source
            and one.value is MISSING
            and not one.locked
        ]
        if supply is None or not empty:
            return []
        values, notes = supply(self.plan, data, self.choices, empty)
        self.notes |= notes
        return list(values.items())


def _row_of(rows: Mapping[str, Row], pointer: str) -> Row | None:
    while pointer and rows:
        if pointer in rows:
            return rows[pointer]
        pointer = pointer.rpartition("/")[0]
    return None


def _with_totals(notes: Mapping[str, Note], placed: Iterable[Placed], data: Any) -> dict[str, Note]:
    """The notes, and one for each total or formula that the form itself declares."""
    found: dict[str, Note] = {}
    for one in placed:
        if not isinstance(one.node, Cell) or not one.node.computed:
            continue
        if one.value is not MISSING:
            found[one.pointer] = Note({"kind": "formula"})
        elif isinstance(one.node.own, Formula):
            _value, why = answer_at(data, one.pointer, one.node)
            found[one.pointer] = Note({"kind": "formula", "empty": why})
    return found | dict(notes)


def days(period: Period | None) -> tuple[date, date]:
    """The first and last day of what is told: of the period, or today."""
    today = clock.today()
    return (period.first, period.last) if period else (today, today)


def _asking(
    session: Session, unit_id: int, period: Period | None, subject_id: str | None
) -> Supply:
    def ask(
        plan: Plan, data: Any, choices: Mapping[str, str], empty: list[tuple[str, Cell]]
    ) -> tuple[dict[str, Any], dict[str, Note]]:
        first, last = days(period)
        unit = session.get(Unit, unit_id)
        about = Asked(
            form=plan.address,
            unit=unit.code if unit else "",
            period=str(period or ""),
            first=first,
            last=last,
            subject=subject_id or "",
            cells={},
        )
        return supplied(plan, data, choices, empty, about)

    return ask


def _nothing_to_compute(_plan: Plan, data: Any, _choices: Mapping[str, str]) -> Any:
    return data
