"""What the rules of a register, compiled together, say of one document: in which slots it counts. Not for its days.

*Additive* rules (stocks of count, sum, average) say slots with amounts; the others one slot with a date and a value.
What they say is remembered by what tells documents apart for them, for many people are alike in all of it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any, NamedTuple

import msgspec

from runtime.definitions.plan import Rule
from runtime.errors import DefinitionError
from runtime.rules.derive import compile_derive
from runtime.rules.figures import Codes, Number, coder
from runtime.rules.reads import base_fields, fields_read
from runtime.rules.thresholds import thresholds_of
from runtime.rules.where import compile_where, exact, is_number
from runtime.rules.whole import day_of

UNIT = "_unit"
_REMEMBERED = 2_000
"""Answers that a rule remembers."""
_UNASKED: Any = object()

Document = Mapping[str, Any]


class Place(NamedTuple):
    """What a rule says of a document: slots with their amounts, or one slot with a date and a value."""

    slots: tuple[tuple[int, Number], ...] = ()
    slot: int = -1
    on_day: int = 0
    value: str = ""


class TalliedRule:
    """One rule compiled, with its slots from `first` on: those of its codes, then that of who stands in none."""

    def __init__(self, rule: Rule, first: int) -> None:
        self.rule, self.first = rule, first
        self.additive = is_additive(rule)
        self.step = 2 if self.additive and rule.op != "count" else 1
        combinations = product(*(by.codes for by in rule.by))
        self.slots: dict[Codes, int] = {
            codes: first + n * self.step for n, codes in enumerate(combinations)
        }
        self.outside = first + len(self.slots) * self.step
        self.end = self.outside + 1
        self.reads = base_fields(rule)
        self.thresholds = thresholds_of(rule)
        self.ages = any(self.thresholds.values())
        self.asks = tuple(sorted(fields_read(rule)))
        self._placed: dict[tuple[Any, ...], Place | None] = {}
        self._holds = compile_where(rule.where)
        self._codes = [(by.field, coder(by)) for by in rule.by]

    def place_by(self, marks: Mapping[str, Any], document: Document) -> Place | None:
        """Where the subject counts; None where nowhere. `marks` are those of the document (see `Tallied.marks`).

        The same marks of the fields that the rule asks for have the same answer, which is remembered.
        """
        key = tuple([marks.get(name) for name in self.asks])
        found: Place | None = self._placed.get(key, _UNASKED)
        if found is not _UNASKED:  # asked once: another thread may clear it in between
            return found
        if len(self._placed) >= _REMEMBERED:
            self._placed.clear()
        found = self._placed[key] = self.place(document)
        return found

    def place(self, document: Document) -> Place | None:
        """Where the subject counts; None where nowhere."""
        if not self._holds(document):
            return None
        amount = self._amount(document)
        on_day = self._on(document)
        if amount is None or on_day is None:
            return None
        found = [code(document.get(name)) for name, code in self._codes]
        slot = self.outside if None in found else self.slots.get(tuple(map(str, found)))
        if slot is None:  # beyond the bands
            return None
        if not self.additive:
            return Place(slot=slot, on_day=on_day, value=_text(amount))
        if slot == self.outside:
            return Place(((slot, 1),))
        return Place(((slot, amount),) if self.step == 1 else ((slot, amount), (slot + 1, 1)))

    def _amount(self, document: Document) -> Any:
        if self.rule.op == "count":
            return 1
        value = document.get(self.rule.field)
        if is_number(value):
            return exact(value)
        if self.rule.op == "distinct":
            return value
        return value if self.rule.op in ("min", "max") and day_of(value) else None

    def _on(self, document: Document) -> int | None:
        if self.rule.kind != "flow":
            return 0
        day = document.get(self.rule.on)
        try:
            return date.fromisoformat(day[:10]).toordinal() if isinstance(day, str) else None
        except ValueError:
            return None


class Tallied:
    """The rules of a register compiled together: `rules` with the first slot of each, up to `horizon`."""

    def __init__(self, rules: Sequence[tuple[int, Rule]], horizon: date) -> None:
        self.horizon = horizon
        self.rules = [TalliedRule(rule, first) for first, rule in rules]
        derive: dict[str, Any] = {}
        thresholds: dict[str, set[int]] = {}
        for _first, rule in rules:
            derive |= rule.derive
            for name, limits in thresholds_of(rule).items():
                thresholds.setdefault(name, set()).update(limits)
        self.derive_rules = derive
        self.thresholds = {name: frozenset(limits) for name, limits in thresholds.items()}
        self.derive = compile_derive(derive)
        self._of_field: dict[str, list[TalliedRule]] = {}
        for one in self.rules:
            for name in one.reads:
                self._of_field.setdefault(name, []).append(one)
        self.ageing = [one for one in self.rules if one.ages]
        self._some: dict[frozenset[int], Tallied] = {}
        self._asked = frozenset(name for one in self.rules for name in one.asks)
        self._placed: dict[tuple[Any, ...], list[tuple[TalliedRule, Place]]] = {}
        self._limits = {name: sorted(limits) for name, limits in thresholds.items() if limits}

    def places(
        self, marks: Mapping[str, Any], document: Document
    ) -> list[tuple[TalliedRule, Place]]:
        """Where the subject counts by which rule; remembered by all marks: many people are alike in all of them."""
        key = tuple(marks.items())
        found = self._placed.get(key)
        if found is None:
            if len(self._placed) >= _REMEMBERED:
                self._placed.clear()
            asked = ((one, one.place_by(marks, document)) for one in self.rules)
            found = self._placed[key] = [(one, place) for one, place in asked if place is not None]
        return found

    def marks(self, document: Document) -> dict[str, Any]:
        """For each field that a rule asks for, what tells its value from others that are answered otherwise.

        Of a number that moves with the calendar that is between which thresholds it lies, of all others the value.
        """
        return {
            name: bisect_right(self._limits[name], value)
            if name in self._limits
            else value
            if type(value) is str
            else (type(value), str(value))
            for name, value in document.items()
            if name in self._asked and value is not None
        }

    def reading(self, fields: set[str]) -> list[TalliedRule]:
        """The rules whose answer may change with these fields."""
        found = {id(one): one for name in fields for one in self._of_field.get(name, ())}
        return list(found.values())

    def touched_by(self, fields: set[str]) -> Tallied | None:
        """Only the rules whose answer may change with these fields; None where there are none.

        What the others say of a subject is the same before and after, so nobody need ask them.
        """
        rules = self.rules if UNIT in fields else self.reading(fields)
        if not rules or len(rules) == len(self.rules):
            return self if rules else None
        key = frozenset(one.first for one in rules)
        if key not in self._some:
            some = [(one.first, one.rule) for one in self.rules if one.first in key]
            self._some[key] = Tallied(some, self.horizon)
        return self._some[key]


def is_tallied(rule: Rule) -> bool:
    """Whether tallies or memberships are kept for the rule; the rest is scanned.

    Not for what may change on any day, such as an average age, nor for a condition that lists whole documents.
    """
    if isinstance(rule.where, Mapping) and not rule.where.keys().isdisjoint(("enum", "const")):
        return False
    try:
        thresholds_of(rule)
    except DefinitionError:
        return False
    return True


def is_additive(rule: Rule) -> bool:
    """Whether figures of several units may be added up, so that the rule has tallies and not memberships."""
    return rule.kind == "stock" and rule.op in ("count", "sum", "average")


_write = msgspec.json.Encoder(decimal_format="number").encode


def _text(value: Any) -> str:
    return _write(value).decode()
