"""What subjects add up to under one rule: a figure for each combination of codes. Pure; not for finding subjects.

A subject whose value stands in none of the listed codes or bands of a breakdown counts in no cell, and so not in
its totals either, since a total is the sum of its members. Bands may leave numbers out on purpose; whose value is
missing, or is no code of the list, should have counted somewhere: `Figures.outside` says how many those are. In a
sum a subject without the number counts in nothing. Numbers add up exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal
from typing import Any

from runtime.definitions.plan import By, Rule
from runtime.rules.where import compile_where, exact, is_number

TOTAL = "total"
"""The code that stands for all of a breakdown."""

Codes = tuple[str, ...]
Number = int | Decimal
Code = Callable[[Any], str | None]

_EXACT = Context(prec=400)


@dataclass(slots=True)
class Figure:
    """A value, the number of subjects behind it, and which of them changed last, on which day."""

    value: Number = 0
    subjects: int = 0
    changed: date | None = None
    changed_subject: str = ""

    def add(self, amount: Number, subjects: int, changed: date | None, subject_id: str) -> None:
        """Count in one subject, or what was counted already of others."""
        self.value = added(self.value, amount)
        self.subjects += subjects
        if changed and (
            self.changed is None or (changed, subject_id) > (self.changed, self.changed_subject)
        ):
            self.changed, self.changed_subject = changed, subject_id


@dataclass(slots=True)
class Figures:
    """All figures of one rule: `cells` by codes, without totals; of `outside` subjects the codes are not known."""

    cells: dict[Codes, Figure] = field(default_factory=dict)
    outside: int = 0

    def of(self, codes: Codes) -> Figure:
        """The figure for these codes; `total` stands for all of its breakdown."""
        if TOTAL not in codes:
            return self.cells.get(codes) or Figure()
        whole = Figure()
        for key, cell in self.cells.items():
            if matches(codes, key):
                whole.add(cell.value, cell.subjects, cell.changed, cell.changed_subject)
        return whole


class Counter:
    """Counts the subjects that it is shown under one rule, for a period from `first` to `last`."""

    def __init__(self, rule: Rule, first: date, last: date) -> None:
        self.rule = rule
        self.figures = Figures()
        self._holds = compile_where(rule.where)
        self._days = (first.isoformat(), last.isoformat()) if rule.kind == "flow" else None
        self._codes = [(by.field, coder(by)) for by in rule.by]

    def see(self, subject_id: str, document: Mapping[str, Any], changed: date | None) -> None:
        """Count the subject in where it belongs; `document` has its derived fields."""
        amount = self.amount(document)
        if amount is None:
            return
        found = self._found(document)
        if None in found:
            self.figures.outside += 1
        if (codes := _codes(found)) is None:
            return
        self.figures.cells.setdefault(codes, Figure()).add(amount, 1, changed, subject_id)

    def amount(self, document: Mapping[str, Any]) -> Number | None:
        """What the subject adds, or None when the rule does not count it."""
        if not self._holds(document) or not self._in_period(document):
            return None
        if self.rule.op == "count":
            return 1
        value = document.get(self.rule.field)
        return exact(value) if is_number(value) else None

    def codes(self, document: Mapping[str, Any]) -> Codes | None:
        """The cell that the subject counts in, or None when one of its values is in no list or band."""
        return _codes(self._found(document))

    def _found(self, document: Mapping[str, Any]) -> list[str | None]:
        return [code(document.get(name)) for name, code in self._codes]

    def _in_period(self, document: Mapping[str, Any]) -> bool:
        if self._days is None:
            return True
        day = document.get(self.rule.on)
        return isinstance(day, str) and self._days[0] <= day[:10] <= self._days[1]


def _codes(found: list[str | None]) -> Codes | None:
    codes = tuple(code for code in found if code)
    return codes if len(codes) == len(found) else None


def matches(wanted: Codes, codes: Codes) -> bool:
    """Whether a subject of `codes` is behind the figure `wanted`, which may name totals."""
    return all(want in (TOTAL, code) for want, code in zip(wanted, codes, strict=True))


def coder(by: By) -> Code:
    """The code of a value within one breakdown; None where it should have one, `""` for a number beyond the bands."""
    if not by.bands:
        known = frozenset(by.codes)
        return lambda value: text if (text := _text(value)) in known else None
    bands = [(code, *by.bands[code]) for code in by.codes if code in by.bands]

    def band(value: Any) -> str | None:
        if not is_number(value):
            return None
        for code, low, high in bands:
            if (low is None or value >= low) and (high is None or value <= high):
                return code
        return ""

    return band


def _text(value: Any) -> str | None:
    """A value as the member's name of a breakdown: names in JSON are always texts."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else None


def added(left: Number, right: Number) -> Number:
    """The exact sum."""
    if isinstance(left, int) and isinstance(right, int):
        return left + right
    return _EXACT.add(Decimal(left), Decimal(right))
