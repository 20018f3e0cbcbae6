"""What a formula gives for the values of its names, as Excel would say. Not for finding the values.

A value that is missing leaves the cell empty, and so does whatever Excel calls an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Any

from formualizer import Workbook

from runtime.definitions.address import pointer as pointer_of
from runtime.definitions.address import tokens
from runtime.definitions.compile_sums import target
from runtime.definitions.formulas import WrongFormula, names_in, spelled
from runtime.definitions.plan import Cell, Formula
from runtime.definitions.values import value_at
from runtime.fields.base import MISSING
from runtime.fields.numbers import exact

_EXACT = Context(prec=400)

MISSING_PART, NO_NUMBER, ZERO = "missing", "error", "zero"
"""Why a formula gives nothing: a part is not known, the answer is no number, a division by zero."""


def worked_out(text: str, values: Mapping[str, Any], digits: int) -> tuple[Any, str]:
    """The formula's number with so many digits after the point, or `MISSING` and why there is none."""
    try:
        names = names_in(text)
    except WrongFormula:
        return MISSING, NO_NUMBER
    numbers = [exact(values.get(name, MISSING)) for name in names]
    found = [number for number in numbers if number is not None]
    if len(found) < len(names):
        return MISSING, MISSING_PART
    answer = _calculated(text, tuple(map(float, found)), digits)
    if isinstance(answer, Mapping):
        return MISSING, ZERO if answer.get("kind") == "Div" else NO_NUMBER
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return MISSING, NO_NUMBER
    number = Decimal(repr(answer)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, _EXACT)
    return (number if digits else int(number)), ""


def answer_at(data: Any, pointer: str, cell: Cell) -> tuple[Any, str]:
    """What the formula of the form's cell at `pointer` gives, or `MISSING` and why there is nothing."""
    assert isinstance(cell.own, Formula)
    steps = tokens(pointer)
    values = {
        name: value_at(data, pointer_of(*target(steps, relative)))
        for name, relative in cell.own.parts.items()
    }
    return worked_out(cell.own.text, values, int(cell.options.get("digits") or 0))


@lru_cache(maxsize=20_000)
def _calculated(text: str, numbers: tuple[float, ...], digits: int) -> Any:
    """The answer of a sheet in whose first line these numbers stand."""
    book = Workbook()
    book.add_sheet("S")
    for column, number in enumerate(numbers, start=1):
        book.set_value("S", 1, column, number)
    places = dict(zip(names_in(text), range(1, len(numbers) + 1), strict=True))
    inner = spelled(text, lambda name: _a1(places[name]))
    book.set_formula("S", 2, 1, f"=ROUND({inner},{digits})")
    return book.evaluate_cell("S", 2, 1)


def _a1(column: int) -> str:
    """The address of a cell in the first line."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}1"
