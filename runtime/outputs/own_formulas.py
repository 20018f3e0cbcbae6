"""The formulas of a department's own sheet: which may stay in it, and what they give for what was filled in.

openpyxl writes a formula without its value, and a phone's preview then shows nothing; so each gets the value that it
has, reckoned by the library that reckons a form's own formulas. Only a listed part of Excel stays: what asks other
files, the network or a program is none of a form's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from time import monotonic
from typing import TYPE_CHECKING, Any

from formualizer import ParserError, TokenizerError, parse
from formualizer import Workbook as Sums

from runtime.outputs.held_cells import held

if TYPE_CHECKING:
    from openpyxl import Workbook

FUNCTIONS = frozenset(
    {
        "ABS", "AND", "AVERAGE", "COUNT", "COUNTA", "COUNTIF", "IF", "IFERROR", "INT", "MAX", "MIN", "MOD", "NOT",
        "OR", "PRODUCT", "ROUND", "ROUNDDOWN", "ROUNDUP", "SUM", "SUMIF", "SUMPRODUCT",
    }
)  # fmt: skip
_OPERATORS = frozenset({"+", "-", "*", "/", "^", "=", "<>", "<", "<=", ">", ">=", "&"})
MOST_CHARACTERS = 2_000
MOST_FORMULAS = 5_000
"""So many a sheet that becomes a form may have; of more none is reckoned."""
SECONDS = 5.0
"""How long one workbook's formulas may take; what is left then, Excel reckons when it opens the file."""
_DEEPEST = 40
_TEXT = re.compile(r'"[^"]*"')
_AREA = re.compile(
    r"(?:'(?:[^'\[\]]|'')+'!|[^\s!'\[\]|]+!)?\$?[A-Z]{1,3}\$?[0-9]{1,7}(?::\$?[A-Z]{1,3}\$?[0-9]{1,7})?"
)


@lru_cache(maxsize=MOST_FORMULAS)
def may_stay(formula: str) -> bool:
    """Whether a formula uses nothing but listed functions and cells of the workbook."""
    if not formula.startswith("=") or len(formula) > MOST_CHARACTERS:
        return False
    try:
        tree = parse(formula).to_dict()
    except (ParserError, TokenizerError, ValueError):
        return False
    return _plain(tree, 0)


def computed_in(book: Workbook) -> dict[int, dict[str, str]]:
    """For each sheet (from 1) the value of each formula that may stay, by its cell, as it stands in the file."""
    formulas = list(islice(_formulas(book), MOST_FORMULAS + 1))
    if not formulas or len(formulas) > MOST_FORMULAS:
        return {}
    sums = _copied(book)
    found: dict[int, dict[str, str]] = {}
    end = monotonic() + SECONDS
    known = [one for one in formulas if not _joins(one[2]) and _set(sums, book, *one)]
    for number, (row, column), _formula in known:
        if monotonic() > end:
            break
        sheet = book.worksheets[number - 1]
        said = _said(_answer(sums, sheet.title, row, column))
        if said is not None:
            found.setdefault(number, {})[sheet.cell(row, column).coordinate] = said
    return found


def _joins(formula: str) -> bool:
    """Whether it puts texts together: each that does may double the one before, and thirty of them fill any memory.

    Such a formula stays in the sheet for Excel, which stops at 32,767 characters; here it is as an empty cell.
    """
    return "&" in _TEXT.sub("", formula)


def _set(sums: Sums, book: Workbook, number: int, place: tuple[int, int], formula: str) -> bool:
    """Whether the library can read the formula; what it cannot is left to Excel."""
    try:
        sums.set_formula(book.worksheets[number - 1].title, *place, formula)
    except Exception:
        return False
    return True


def _answer(sums: Sums, sheet: str, row: int, column: int) -> Any:
    try:
        return sums.evaluate_cell(sheet, row, column)
    except Exception:  # a circle, or what it cannot reckon: Excel will say so
        return None


def _formulas(book: Workbook) -> Iterator[tuple[int, tuple[int, int], str]]:
    for number, sheet in enumerate(book.worksheets, start=1):
        for cell in held(sheet):
            if cell.data_type == "f" and isinstance(cell.value, str) and may_stay(cell.value):
                yield number, (cell.row or 0, cell.column or 0), cell.value


def _copied(book: Workbook) -> Sums:
    """A copy to reckon with: every value that is no formula."""
    sums = Sums()
    for sheet in book.worksheets:
        sums.add_sheet(sheet.title)
        for cell in held(sheet):
            value = _plain_value(cell.value)
            if value is not None and cell.data_type != "f":
                sums.set_value(sheet.title, cell.row or 0, cell.column or 0, value)
    return sums


def _plain_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date | datetime):
        return None
    return value if isinstance(value, str | int | float | bool) else None


def _said(answer: Any) -> str | None:
    """An answer as a file holds it; None for an error, which Excel shall tell itself."""
    if isinstance(answer, bool) or answer is None or isinstance(answer, Mapping):
        return None
    if isinstance(answer, int | float):
        number = Decimal(repr(answer))
        return format(number.normalize() + 0, "f") if abs(number) < Decimal("1e15") else None
    return str(answer) if isinstance(answer, str) else None


def _plain(tree: Mapping[str, Any], depth: int) -> bool:
    if depth > _DEEPEST:
        return False
    kind = tree.get("node_type")
    if kind == "Function" and str(tree.get("name", "")).upper() not in FUNCTIONS:
        return False
    if kind == "BinaryOp" and tree.get("operator") not in _OPERATORS:
        return False
    if kind == "Reference" and not _AREA.fullmatch(str(tree.get("reference", "")).upper()):
        return False
    if kind not in ("Function", "BinaryOp", "UnaryOp", "Reference", "Literal"):
        return False
    inner = [tree[key] for key in ("left", "right", "operand") if key in tree]
    return all(_plain(part, depth + 1) for part in (*inner, *tree.get("args", ())))
