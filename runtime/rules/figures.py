"""What subjects add up to under one rule: a figure for each combination of codes. Pure; not for finding subjects.

A subject whose value stands in none of the listed codes or bands of a breakdown counts in no cell, and so not in
its totals either, since a total is the sum of its members. Bands may leave numbers out on purpose; whose value is
missing, or is no code of the list, should have counted somewhere: `Figures.outside` says how many those are. In a
figure of a field a subject without it counts in nothing. Numbers add up exactly, and an average is divided only
when it is read. The total of averages, of extremes and of different values is made from the subjects, not from its
members' figures.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from itertools import product
from typing import Any

from runtime.definitions.plan import By, Op, Rule
from runtime.fields.base import MISSING
from runtime.rules.where import compile_where, exact, is_number, key
from runtime.rules.whole import day_of

TOTAL = "total"
"""The code that stands for all of a breakdown."""

Codes = tuple[str, ...]
Number = int | Decimal
Code = Callable[[Any], str | None]

EXACT = Context(prec=400)
"""So precise that no sum or difference of figures is ever rounded."""


@dataclass(slots=True)
class Figure:
    """A value, the number of subjects behind it, and which of them changed last, on which day.

    Of an average the value is the sum, so that it can be divided exactly (`read_off`); of the least and greatest a
    number or date, None while there is none; of `distinct` how many different ones, which are `different`.
    """

    value: Any = 0
    subjects: int = 0
    changed: date | None = None
    changed_subject: str = ""
    different: set[Hashable] | None = None

    def add(
        self, op: Op, amount: Any, subjects: int, changed: date | None, subject_id: str
    ) -> None:
        """Count in one subject, or what was counted already of others (then a set of different values)."""
        if op == "distinct":
            more = amount if isinstance(amount, set) else {amount}
            self.different = (self.different or set()) | more
            self.value = len(self.different)
        elif op in ("min", "max"):
            self.value = _extreme(op, self.value, amount)
        else:
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
    op: Op = "count"
    _totals: dict[Codes, Figure] | None = field(default=None, compare=False, repr=False)

    def of(self, codes: Codes) -> Figure:
        """The figure for these codes; `total` stands for all of its breakdown."""
        if TOTAL not in codes:
            return self.cells.get(codes) or self._nobody()
        if self._totals is None:
            self._totals = self._added_up()
        return self._totals.get(codes) or self._nobody()

    def _added_up(self) -> dict[Codes, Figure]:
        """Every total of the breakdowns that anybody counts in: each cell goes once into each of its own."""
        found: dict[Codes, Figure] = {}
        for codes, cell in self.cells.items():
            amount = cell.different if self.op == "distinct" else cell.value
            for total in _totals_of(codes):
                if (whole := found.get(total)) is None:
                    whole = found[total] = self._nobody()
                whole.add(self.op, amount, cell.subjects, cell.changed, cell.changed_subject)
        return found

    def add(
        self,
        codes: Codes,
        amount: Any,
        changed: date | None = None,
        subject_id: str = "",
        *,
        subjects: int = 1,
    ) -> None:
        """Count in one subject, or several whose amounts are brought together already."""
        self._totals = None
        if (cell := self.cells.get(codes)) is None:
            cell = self.cells[codes] = self._nobody()
        cell.add(self.op, amount, subjects, changed, subject_id)

    def _nobody(self) -> Figure:
        return Figure(None if self.op in ("min", "max") else 0)


def read_off(rule: Rule, figure: Figure, digits: int | None) -> Any:
    """What the cell shows: an average divided and rounded half away from zero; `MISSING` where there is none."""
    if rule.op == "average":
        return rounded(figure.value, figure.subjects, digits) if figure.subjects else MISSING
    return MISSING if figure.value is None else figure.value


def exactly(rule: Rule, figure: Figure) -> Any:
    """The same as a part of another figure: an average is not rounded before."""
    if rule.op == "average" and figure.subjects:
        return EXACT.divide(Decimal(figure.value), Decimal(figure.subjects))
    return read_off(rule, figure, None)


def rounded(dividend: Number, divisor: Number, digits: int | None) -> Number:
    """The quotient with so many digits after the point (2 where nothing is said), half away from zero."""
    quotient = EXACT.divide(Decimal(dividend), Decimal(divisor))
    places = 2 if digits is None else digits
    found = quotient.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, EXACT)
    return found if places else int(found)


class Counter:
    """Counts the subjects that it is shown under one rule, for a period from `first` to `last`."""

    def __init__(self, rule: Rule, first: date, last: date) -> None:
        self.rule = rule
        self.figures = Figures(op=rule.op)
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
        self.figures.add(codes, amount, changed, subject_id)

    def amount(self, document: Mapping[str, Any]) -> Any:
        """What the subject adds, or None when the rule does not count it."""
        if not self._holds(document) or not self._in_period(document):
            return None
        op = self.rule.op
        if op == "count":
            return 1
        value = document.get(self.rule.field)
        if op == "distinct":
            return None if value is None else key(value)
        if is_number(value):
            return exact(value)
        return value if op in ("min", "max") and day_of(value) else None

    def codes(self, document: Mapping[str, Any]) -> Codes | None:
        """The cell that the subject counts in, or None when one of its values is in no list or band."""
        return _codes(self._found(document))

    def is_outside(self, document: Mapping[str, Any]) -> bool:
        """Whether the rule counts the subject, and it stands in no cell though it should."""
        return self.amount(document) is not None and None in self._found(document)

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


@lru_cache(maxsize=65_536)
def _totals_of(codes: Codes) -> tuple[Codes, ...]:
    """The totals that a cell goes into: `total` in one or more places of its codes."""
    every = product(*((code, TOTAL) for code in codes))
    return tuple(found for found in every if found != codes)


def matches(wanted: Codes, codes: Codes) -> bool:
    """Whether a subject of `codes` is behind the figure `wanted`, which may name totals."""
    pairs = zip(wanted, codes, strict=True)
    for want, code in pairs:  # noqa: SIM110 - asked for each cell of each figure, and twice as fast
        if want not in (code, TOTAL):
            return False
    return True


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


def _extreme(op: Op, one: Any, other: Any) -> Any:
    """The lesser or greater of two numbers or dates; None is neither, and a field holds only one of both kinds."""
    found = [value for value in (one, other) if value is not None]
    pick = min if op == "min" else max
    return pick(found, key=lambda value: (isinstance(value, str), value), default=None)


def added(left: Number, right: Number) -> Number:
    """Both together, exactly."""
    if isinstance(left, int) and isinstance(right, int):
        return left + right
    return EXACT.add(Decimal(left), Decimal(right))
