"""What the registers know for one fill, each of them read once, and the reason for every value. Not for placing it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from runtime.definitions.plan import (
    AnyNode,
    Cell,
    Choice,
    Columns,
    Fact,
    Group,
    ListRule,
    Plan,
    Rows,
    Section,
)
from runtime.facts.subjects import document_as_of
from runtime.fields.base import MISSING
from runtime.fields.choices import value_of
from runtime.fill.derive import comes_from, compile_derive
from runtime.fill.figures import Counter
from runtime.fill.provenance import Note, Provenance
from runtime.fill.scan import Behind, Lister, Reader, read, wanted_of


@dataclass(frozen=True, slots=True)
class About:
    """Whose facts fill some cells: the form's subject, or that of a row."""

    register: str
    subject_id: str
    document: Mapping[str, Any]
    derive: Mapping[str, Mapping[str, Any]]


@dataclass(slots=True)
class Known:
    """What is known for one unit, period and subject; made by `ask`."""

    first: date
    last: date
    counters: dict[str, Counter] = field(default_factory=dict)
    listers: dict[str, Lister] = field(default_factory=dict)
    present: dict[str, int] = field(default_factory=dict)
    """Register -> how many of its subjects belong to the unit on the last day."""
    about: About | None = None

    def rows(self, rule: ListRule) -> tuple[list[Behind], Note]:
        """The subjects that the rule lists, in order, and why it is those."""
        rows = self.listers[repr(rule)].rows
        told = self._told("register", rule.register)
        return rows, Note({**told, "count": len(rows)})

    def value(self, cell: Cell, row: About | None) -> tuple[Any, Note | None]:
        """The cell's value, `MISSING` where nothing is known, and why it is that."""
        if cell.fill is not None and cell.fill.rule in self.counters:
            return self._figure(cell, self.counters[cell.fill.rule], cell.fill.codes)
        about = row or self.about
        if cell.fact is not None and about is not None and cell.fact.register == about.register:
            return self._fact(cell.fact, about)
        return _constant(cell), None

    def _figure(
        self, cell: Cell, counter: Counter, codes: tuple[str, ...]
    ) -> tuple[Any, Note | None]:
        figure = counter.figures.of(codes)
        told = self._told("formula" if cell.total_of else "register", counter.rule.register)
        told |= {"rule": counter.rule.definition, "count": figure.subjects}
        if counter.figures.outside:
            told["outside"] = counter.figures.outside
        if counter.rule.kind == "flow":
            told["from"] = self.first.isoformat()
        note = Note(told, subject_id=figure.changed_subject, changed=figure.changed)
        return figure.value, note

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
    """Read each register that the form fills from, once; without `flows` only stocks are counted."""
    known = Known(first, last)
    known.counters = {
        name: Counter(rule, first, last)
        for name, rule in plan.rules.items()
        if flows or rule.kind == "stock"
    }
    rules = {repr(rule): rule for rule in _list_rules(plan)}
    known.listers = {key: Lister(rule) for key, rule in rules.items()}
    readers: list[tuple[Any, Reader]] = [(one.rule, one) for one in known.counters.values()]
    readers += [(rules[key], lister) for key, lister in known.listers.items()]
    known.present = read(session, wanted_of(readers), unit_id, last)
    return known


def about_subject(session: Session, plan: Plan, subject_id: str, day: date) -> About:
    """The form's subject as of the day; raises `NotFound`."""
    document = document_as_of(session, subject_id, day)
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
        for node in _nodes(root):
            if isinstance(node, Rows) and node.fill:
                yield node.fill


def _nodes(node: AnyNode) -> Iterator[AnyNode]:
    yield node
    children: tuple[AnyNode, ...] = ()
    if isinstance(node, Group | Section | Columns):
        children = node.children
    elif isinstance(node, Rows):
        children = (node.item,)
    elif isinstance(node, Choice):
        children = tuple(branch.node for branch in node.branches)
    for child in children:
        yield from _nodes(child)
