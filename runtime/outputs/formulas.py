"""Totals and formulas as live ones of a worksheet, where they say exactly what is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from openpyxl.utils import get_column_letter

from runtime.definitions.formulas import names_in, spelled
from runtime.definitions.place import value_at
from runtime.fields.base import MISSING
from runtime.fields.choices import same
from runtime.fill.formula import worked_out
from runtime.outputs.tree import Value

Place = tuple[int, int, int]
"""Row, first and last column of a box, from 1: what is merged over is empty, and does not count."""

MOST_PARTS = 250
"""Excel takes 255 arguments."""


def formula(
    total: Value, places: Mapping[str, Place], drawn: Mapping[str, Value], data: Any
) -> str:
    """`=SUM(…)` of the cells that `total` sums, or its own formula of them; `""` where it must be a value.

    It must where the formula would not give what is stored: a part that is not on the sheet or stands
    there as text, or a stored total that is not what its parts make. It is empty while its parts are.
    """
    if total.formula:
        return _own(total, places, drawn)
    parts = [drawn[p] for p in total.sums if p in drawn]
    hidden = (value_at(data, p) for p in total.sums if p not in places)
    if any(value is not MISSING and value is not None for value in hidden):
        return ""
    if not parts or not all(is_number(p) or p.raw in (MISSING, None) for p in parts):
        return ""
    numbers = [Decimal(p.excel.value) for p in parts if is_number(p)]
    if not numbers:
        agrees = total.raw in (MISSING, None)
    else:
        agrees = is_number(total) and Decimal(total.excel.value) == sum(numbers)
    ranges = ranges_of(places[p.pointer] for p in parts)
    if not agrees or len(ranges) > MOST_PARTS:
        return ""
    listed = ",".join(ranges)
    added = f"ROUND(SUM({listed}),{total.digits})" if total.digits else f"SUM({listed})"
    return f'=IF(COUNT({listed})=0,"",{added})'


def _own(cell: Value, places: Mapping[str, Place], drawn: Mapping[str, Value]) -> str:
    if not all(part in places and part in drawn for part in cell.sums):
        return ""
    parts = [drawn[part] for part in cell.sums]
    if not all(is_number(part) or part.raw in (MISSING, None) for part in parts):
        return ""
    names = names_in(cell.formula)
    values = {name: part.raw for name, part in zip(names, parts, strict=True)}
    answer, _why = worked_out(cell.formula, values, cell.digits)
    if not (same(answer, cell.raw) or (answer is MISSING and cell.raw is None)):
        return ""
    at = {name: _first(places[part]) for name, part in zip(names, cell.sums, strict=True)}
    listed = ",".join(dict.fromkeys(at.values()))
    inner = spelled(cell.formula, at.__getitem__)
    wanted = len(set(at.values()))
    return f'=IF(COUNT({listed})<{wanted},"",IFERROR(ROUND({inner},{cell.digits}),""))'


def _first(place: Place) -> str:
    row, first, _last = place
    return f"{get_column_letter(first)}{row}"


def is_number(value: Value) -> bool:
    """Whether it stands in the sheet as a number."""
    return isinstance(value.excel.value, int | Decimal) and not isinstance(value.excel.value, bool)


def ranges_of(places: Iterable[Place]) -> list[str]:
    """Places as A1 ranges, neighbours joined along the line, then lines of the same width down."""
    runs: list[list[int]] = []  # row, first column, last column
    for row, first, last in sorted(set(places)):
        if runs and runs[-1][0] == row and runs[-1][2] == first - 1:
            runs[-1][2] = last
        else:
            runs.append([row, first, last])
    blocks: dict[tuple[int, int], list[list[int]]] = {}
    for row, first, last in runs:
        stack = blocks.setdefault((first, last), [])
        if stack and stack[-1][1] == row - 1:
            stack[-1][1] = row
        else:
            stack.append([row, row])
    return [
        _a1(top, first, bottom, last)
        for (first, last), stack in blocks.items()
        for top, bottom in stack
    ]


def _a1(top: int, first: int, bottom: int, last: int) -> str:
    start, end = f"{get_column_letter(first)}{top}", f"{get_column_letter(last)}{bottom}"
    return start if start == end else f"{start}:{end}"
