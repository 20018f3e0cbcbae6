"""Workbooks as sheets of texts: read from hostile files, written so that no text becomes a formula.

Not for what the sheets mean.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

import xlrd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from runtime.api import EntryError, OperatorError, sheet_kind
from runtime.api import gettext as _

Grid = list[list[str]]
"""Rows of texts, each as long as its last text."""
Sheets = dict[str, Grid]

LARGEST = 8 * 1024 * 1024
"""Bytes of a workbook that is read."""
MOST_ROWS = 20_000
MOST_COLUMNS = 400
MOST_CELLS = 2_000_000
"""Of the rectangle that a sheet spans: all of it is laid out."""
MOST_CHARACTERS = 10_000_000
LONGEST = 32_767
"""Characters that Excel keeps in a cell."""
OLD = b"\xd0\xcf\x11\xe0"
_OLD_LARGEST = 4 * 1024 * 1024
_OLD_FAULTS = (
    xlrd.XLRDError,
    xlrd.compdoc.CompDocError,
    struct.error,
    ValueError,
    LookupError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    TypeError,
    NameError,
    RecursionError,
    MemoryError,
    NotImplementedError,
)
"""What its reader raises for files that are none, or damaged."""


def read_sheets(name: str, content: bytes) -> Sheets:
    """The sheets of an .xlsx or .xls by name, in order. Raises `OperatorError` for what is none, or may do harm."""
    if len(content) > (_OLD_LARGEST if content.startswith(OLD) else LARGEST):
        raise OperatorError(
            _("%(name)s is too large: a form's workbook has at most 8 MB.", name=name)
        )
    if not content.startswith(OLD):
        _require_workbook(name, content)
        return _bounded(name, _read(name, content))
    return _bounded(name, _read_old(name, content))


def _require_workbook(name: str, content: bytes) -> None:
    try:
        kind = sheet_kind(name, content, MOST_CELLS)
    except EntryError as error:
        raise OperatorError(str(error)) from error
    if kind != "xlsx":
        raise OperatorError(_("%(name)s is no Excel workbook.", name=name))


def _read(name: str, content: bytes) -> Sheets:
    damaged = _("%(name)s is damaged, or it is not an Excel workbook.", name=name)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return {sheet: _grid(book, sheet, name) for sheet in book.sheet_names}
    except PasswordError as error:
        raise OperatorError(
            _("The workbook is locked with a password; save it without one.")
        ) from error
    except CalamineError as error:
        raise OperatorError(damaged) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how the reader's own faults arrive
            raise
        raise OperatorError(damaged) from error


def _grid(book: CalamineWorkbook, sheet: str, name: str) -> Grid:
    try:
        found = book.get_sheet_by_name(sheet)
    except CalamineError:
        return []  # a chart, or a sheet of macros
    if found.width > MOST_COLUMNS or found.height > MOST_ROWS:
        raise _too_much(name)
    left = [""] * (found.start[1] if found.start else 0)  # rows begin where the first column does
    rows = [_trimmed([*left, *map(text_of, row)]) for row in found.iter_rows()]
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _read_old(name: str, content: bytes) -> Sheets:
    """An .xls, row by row, so that one cell at the far corner does not lay out all before it."""
    try:
        book = xlrd.open_workbook(
            file_contents=content, logfile=io.StringIO(), ragged_rows=True, on_demand=True
        )
        return {sheet: _old_grid(book, sheet, name) for sheet in book.sheet_names()}
    except OperatorError:
        raise
    except _OLD_FAULTS as error:
        raise OperatorError(
            _("%(name)s is damaged, or it is not an Excel workbook.", name=name)
        ) from error


def _old_grid(book: Any, sheet: str, name: str) -> Grid:
    found = book.sheet_by_name(sheet)
    if found.nrows > MOST_ROWS or found.ncols > MOST_COLUMNS:
        raise _too_much(name)
    rows = [
        _trimmed([text_of(_old_value(book, cell)) for cell in found.row(n)])
        for n in range(found.nrows)
    ]
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _old_value(book: Any, cell: Any) -> Any:
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_DATE:
        moment = xlrd.xldate.xldate_as_datetime(cell.value, book.datemode)
        return moment.time() if cell.value < 1 else moment
    return None if cell.ctype in (xlrd.XL_CELL_ERROR, xlrd.XL_CELL_EMPTY) else cell.value


def _bounded(name: str, sheets: Sheets) -> Sheets:
    if sum(len(text) for grid in sheets.values() for row in grid for text in row) > MOST_CHARACTERS:
        raise _too_much(name)
    return sheets


def _too_much(name: str) -> OperatorError:
    return OperatorError(
        _(
            "%(name)s holds more than a form: at most %(rows)s rows and %(columns)s columns a sheet.",
            name=name,
            rows=MOST_ROWS,
            columns=MOST_COLUMNS,
        )
    )


def _trimmed(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row.pop()
    return row


def text_of(value: Any) -> str:
    """A cell as the text that an XLSForm means by it: whole numbers without a point, `TRUE`, days as in ISO 8601."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return str(value.date() if value.time() == time() else value)
    if isinstance(value, date | time):
        return str(value)
    return "" if value is None else str(value).replace("\xa0", " ").strip()


def write_sheets(sheets: Mapping[str, Sequence[Iterable[str]]]) -> bytes:
    """An .xlsx of these sheets: each cell a text, the first row bold."""
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for n, row in enumerate(rows):
            sheet.append([_cell(sheet, text, first=n == 0) for text in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _cell(sheet: Any, text: str, *, first: bool) -> Any:
    """A cell that holds the text as text, whatever it begins with."""
    if not text:
        return None
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST])
    cell.data_type, cell.number_format = "s", "@"
    if first:
        cell.font = Font(bold=True)
    return cell
