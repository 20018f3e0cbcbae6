"""What the registers know for one fill, each of them read once, and the reason for every value. Not for placing it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from runtime import clock
from runtime.definitions.plan import (
    AnyNode,
    Cell,
    Choice,
    Columns,
    Fact,
    Group,
    ListRule,
    Part,
    Plan,
    Ratio,
    Rows,
    Rule,
    Section,
    Worked,
)
from runtime.facts import units
from runtime.facts.subjects import current
from runtime.facts.tallies.reading import figures_of_each
from runtime.facts.timeline import as_of, unit_on
from runtime.fields.base import MISSING
from runtime.fields.choices import value_of
from runtime.fill.provenance import Note, Provenance
from runtime.fill.scan import Behind, Lister, Reader, read, wanted_of
from runtime.fill.worked import Counted, worked
from runtime.rules.derive import comes_from, compile_derive
from runtime.rules.figures import Counter, Figures, read_off


@dataclass(frozen=True, slots=True)
class About:
    """Whose facts fill some cells: the form's subject, or that of a row."""

    register: str
    subject_id: str
    document: Mapping[str, Any]
    derive: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class _Tallied:
    """Figures read from the tallies."""

    rule: Rule
    figures: Figures


@dataclass(slots=True)
class Known:
    """What is known for one unit, period and subject; made by `ask`."""

    first: date
    last: date
    counters: dict[str, Counted] = field(default_factory=dict)
    listers: dict[str, Lister] = field(default_factory=dict)
    present: dict[str, int] = field(default_factory=dict)
    """Register -> how many of its subjects belong to the unit on the last day."""
    about: About | None = None
    figures: Mapping[str, Part] = field(default_factory=dict)
    """What other figures are worked out from."""
    said: dict[int, Provenance] = field(default_factory=dict)
    """What is told of each cell (by its id, while the plan lives), shared by all units that are asked for at once."""

    def rows(self, rule: ListRule) -> tuple[list[Behind], Note]:
        """The subjects that the rule lists, in order, and why it is those."""
        rows = self.listers[repr(rule)].rows
        told = self._told("register", rule.register)
        if rule.on:
            told["from"] = self.first.isoformat()
        return rows, Note({**told, "count": len(rows)})

    def value(self, cell: Cell, row: About | None) -> tuple[Any, Note | None]:
        """The cell's value, `MISSING` where nothing is known, and why it is that."""
        if cell.fill is not None and cell.fill.rule in self.counters:
            return self._figure(cell, self.counters[cell.fill.rule], cell.fill.codes)
        if isinstance(cell.own, Ratio | Worked):
            return self._worked(cell, cell.own)
        about = row or self.about
        if cell.fact is not None and about is not None and cell.fact.register == about.register:
            return self._fact(cell.fact, about)
        return _constant(cell), None

    def _figure(
        self, cell: Cell, counter: Counted, codes: tuple[str, ...]
    ) -> tuple[Any, Note | None]:
        figure = counter.figures.of(codes)
        value = read_off(counter.rule, figure, cell.options.get("digits"))
        told = self._said(cell, counter.rule).copy()
        told["of"] = self.present.get(counter.rule.register, 0)
        told["count"] = figure.subjects
        if counter.figures.outside:
            told["outside"] = counter.figures.outside
        if value is MISSING:
            told["empty"] = "nobody"
        note = Note(told, subject_id=figure.changed_subject, changed=figure.changed)
        return value, note

    def _said(self, cell: Cell, rule: Rule) -> Provenance:
        """What is told of every figure in this cell, whatever the unit."""
        found = self.said.get(id(cell))
        if found is None:
            kind = "formula" if cell.total_of else "register"
            found = {**self._told(kind, rule.register), "rule": rule.definition, "count": 0}
            found |= {"from": self.first.isoformat()} if rule.kind == "flow" else {}
            found |= {"op": rule.op} if rule.op != "count" else {}
            self.said[id(cell)] = found
        return found

    def _worked(self, cell: Cell, own: Ratio | Worked) -> tuple[Any, Note]:
        digits = int(cell.options.get("digits") or 0)
        value, told = worked(own, self.figures, self.counters, digits)
        return value, Note({**told, "rule": cell.definition, "asOf": self.last.isoformat()})

    def _fact(self, fact: Fact, about: About) -> tuple[Any, Note | None]:
        if fact.field not in about.document:
            return MISSING, None
        told = {
            "kind": "subject",
            "subject": about.subject_id,
            "register": fact.register,
            "field": fact.field,
            "asOf": self.last.isoformat(),
        }
        fields = comes_from(about.derive, fact.field)
        return about.document[fact.field], Note(
            told, about.subject_id, fields, max_age=fact.max_age
        )

    def _told(self, kind: str, register: str) -> Provenance:
        of = self.present.get(register, 0)
        return {"kind": kind, "register": register, "of": of, "asOf": self.last.isoformat()}


def ask(
    session: Session, plan: Plan, unit_id: int, first: date, last: date, *, flows: bool
) -> Known:
    """All figures and lists of the form; without `flows` only stocks.

    Figures come from the tallies; each register that lists want, or figures that have none yet, is read once.
    """
    return ask_each(session, plan, [unit_id], first, last, flows=flows)[unit_id]


def ask_each(
    session: Session, plan: Plan, units: Collection[int], first: date, last: date, *, flows: bool
) -> dict[int, Known]:
    """The same for each of several units; tallies are read for all of them at once."""
    wanted = {name: r for name, r in plan.rules.items() if flows or r.kind == "stock"}
    lists = {repr(rule): rule for rule in _list_rules(plan)}
    told = figures_of_each(session, wanted, units, first, last)
    said: dict[int, Provenance] = {}
    found = {}
    for unit in units:
        known = found[unit] = Known(first, last, figures=plan.figures, said=said)
        figures, known.present = told[unit]
        known.counters = {name: _Tallied(wanted[name], one) for name, one in figures.items()}
        _scan(session, known, {n: r for n, r in wanted.items() if n not in figures}, lists, unit)
    return found


def _scan(
    session: Session,
    known: Known,
    rules: Mapping[str, Rule],
    lists: Mapping[str, ListRule],
    unit_id: int,
) -> None:
    """Add what only the subjects themselves can tell."""
    scanned = {n: Counter(rule, known.first, known.last) for n, rule in rules.items()}
    known.counters |= scanned
    known.listers = {key: Lister(rule, known.first, known.last) for key, rule in lists.items()}
    readers: list[tuple[Any, Reader]] = [(one.rule, one) for one in scanned.values()]
    readers += [(lists[key], lister) for key, lister in known.listers.items()]
    if readers:
        known.present |= read(session, wanted_of(readers), unit_id, known.last)


def is_here(session: Session, subject_id: str, unit_id: int, day: date) -> bool:
    """Whether the subject belongs to the unit or to one below it, on `day` or today; raises `NotFound`.

    What is known of one that does not is not for the unit's entries, whatever they told of it before.
    """
    timeline = current(session, subject_id).timeline
    return any(
        units.within(session, unit_id, [unit_on(timeline, on)], on)
        for on in dict.fromkeys((day, clock.today()))
    )


def about_subject(
    session: Session, plan: Plan, subject_id: str, unit_id: int, day: date
) -> About | None:
    """The form's subject as of the day; None where it is not here (`is_here`). Raises `NotFound`."""
    if not is_here(session, subject_id, unit_id, day):
        return None
    document = as_of(current(session, subject_id).timeline, day)
    derive = plan.form.derive
    return About(plan.form.subject, subject_id, compile_derive(derive)(document, day), derive)


def about_row(rule: ListRule, row: Behind) -> About:
    """The subject of one filled row."""
    return About(rule.register, row.subject_id, row.document, rule.derive)


def _constant(cell: Cell) -> Any:
    """What a cell always holds: read-only, and one choice only."""
    choices = cell.options.get("choices", ())
    return value_of(choices[0]) if cell.read_only and len(choices) == 1 else MISSING


def _list_rules(plan: Plan) -> Iterator[ListRule]:
    for root in (plan.root, *plan.parts.values()):
        for node in nodes(root):
            if isinstance(node, Rows) and node.fill:
                yield node.fill


def nodes(node: AnyNode) -> Iterator[AnyNode]:
    """A part of a plan and all below it, whether it is there or not."""
    yield node
    children: tuple[AnyNode, ...] = ()
    if isinstance(node, Group | Section | Columns):
        children = node.children
    elif isinstance(node, Rows):
        children = (node.item,)
    elif isinstance(node, Choice):
        children = tuple(branch.node for branch in node.branches)
    for child in children:
        yield from nodes(child)
