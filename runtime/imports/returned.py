"""The uploaded sheet back with its wrong cells marked and a column of reasons. Text of users is never a formula in it.

A workbook is copied as it looks, its formulas as the values that they had; CSV, and a workbook of so many cells that
this would take long or that openpyxl cannot copy, comes back as a new workbook, the large one with its wrong rows only.
"""

from __future__ import annotations

import io
import logging
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.worksheet.worksheet import Worksheet

from runtime.definitions.load import Library
from runtime.fields.catalogue import FieldTypes
from runtime.imports import batches, kept
from runtime.imports.desk import Desk
from runtime.imports.fields import fields_of
from runtime.imports.limits import cells_in, kind_of
from runtime.imports.read import open_file
from runtime.imports.rows import ROW
from runtime.imports.sheet import Row, read_sheets
from runtime.imports.spelling import as_text
from runtime.imports.table import Table
from runtime.language import gettext as _
from runtime.outputs.clean import clean, looks_like_formula
from runtime.storage.engine import reading
from runtime.storage.import_tables import Import, ImportRow

log = logging.getLogger(__name__)

COPIED = 3 * 1024 * 1024
"""Bytes of a workbook up to which it is copied whole: openpyxl takes some fifty times as many in memory."""
COPIED_CELLS = 50_000
"""Cells, those that are merged included, that are written while somebody waits; some 8,000 take a second."""
MOST_RETURNED = 20_000
"""Wrong rows that a returned sheet holds; fewer where they have many columns."""
LONGEST = 32_767

_WRONG = PatternFill("solid", fgColor="FFF2B8B5")
_KEPT = PatternFill("solid", fgColor="FFFFE8A3")
_BOLD = Font(bold=True)
_AUTHOR = "Yibiao"

Wrong = Mapping[int, ImportRow]
"""Rows with something to tell, by their number in the sheet."""


@dataclass(frozen=True, slots=True)
class Returned:
    """A workbook, and the subjects of whom its wrong rows tell."""

    content: bytes
    subjects: tuple[str, ...]


def returned_sheet(desk: Desk, import_id: str) -> Returned | None:
    """An XLSX of what was sent, with errors and conflicts marked and a reason for each; None where there are none.

    Raises `NotFound` where the file is no longer kept.
    """
    with reading(desk.engine) as session:
        found = batches.load(session, import_id)
        most = min(MOST_RETURNED, COPIED_CELLS // max(1, len(found.columns)))
        told = [
            row
            for kind in ("error", "conflict")
            for row in kept.rows_of(session, import_id, kind, most=most)
        ]
    wrong = {row.n: row for row in told[:most]}
    if not wrong:
        return None
    every = sum(int(found.counts.get(kind, 0)) for kind in ("error", "conflict"))
    subjects = sorted({row.subject_id for row in wrong.values()} - {""})
    return Returned(_written_back(desk, found, wrong, _title(len(wrong), every)), tuple(subjects))


def _written_back(desk: Desk, found: Import, wrong: Wrong, title: str) -> bytes:
    """The workbook: a copy of what was sent, or a new one of it."""
    content = kept.content_of(desk.engine, found.id)
    table = _table(desk.library, desk.field_types, found.register, found.file_name, content)
    small = len(content) <= COPIED and _cells(found.file_name, content) <= COPIED_CELLS
    as_it_looks = small and kind_of(found.file_name, content) == "xlsx"
    if as_it_looks and (copied := _copied(content, wrong, table, title)) is not None:
        return copied
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    rows = _rows(found.file_name, content, table)
    numbers = _written(sheet, rows, None if small else wrong, table)
    moved = {numbers[n]: row for n, row in wrong.items() if n in numbers}
    return _saved(book, sheet, moved, numbers[table.header_row], len(table.headers), title)


def _title(shown: int, every: int) -> str:
    """What stands over the reasons: also that there are more, where not all come back at once."""
    if shown >= every:
        return _("What is wrong")
    return _(
        "What is wrong (%(shown)s of %(every)s rows; correct these first)", shown=shown, every=every
    )


def _cells(name: str, content: bytes) -> int:
    """How many cells a copy of the file would have to hold."""
    if kind_of(name, content) == "xlsx":
        return cells_in(content)
    return sum(len(row) for sheet in read_sheets(name, content) for row in sheet.rows)


def _table(library: Library, types: FieldTypes, register: str, name: str, content: bytes) -> Table:
    return open_file(name, content, fields_of(library, types, register)).table


def _rows(name: str, content: bytes, table: Table) -> Sequence[Row]:
    sheets = read_sheets(name, content)
    return next(sheet.rows for sheet in sheets if sheet.name == table.sheet)


def _copied(content: bytes, wrong: Wrong, table: Table, title: str) -> bytes | None:
    """The workbook as it looks with what is wrong marked; None for one that openpyxl does not take.

    It knows more of a workbook than the reader of imports asks for, colours and charts, and stops at what is odd there.
    """
    try:
        book = _copy(content)
        return _saved(book, book[table.sheet], wrong, table.header_row, len(table.headers), title)
    except (
        Exception
    ) as error:  # each part of a workbook fails in its own way; a message may tell of a person
        log.warning("A workbook cannot be copied as it looks: %s", type(error).__name__)
        return None


def _copy(content: bytes) -> openpyxl.Workbook:
    """The workbook as it looks: values in place of formulas, and no text that could become one."""
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    for sheet in book.worksheets:
        sheet.conditional_formatting = type(sheet.conditional_formatting)()
        sheet.data_validations.dataValidation = []
        for cell in list(sheet._cells.values()):  # `iter_rows` makes all that lie between
            if isinstance(cell, Cell):
                cell.hyperlink = None
                if isinstance(cell.value, str):
                    _as_text(cell, cell.value)
    for name in list(book.defined_names):
        del book.defined_names[name]
    return book


def _written(
    sheet: Worksheet, rows: Sequence[Row], only: Wrong | None, table: Table
) -> dict[int, int]:
    """Write rows (all, or the header and those that are wrong); their number in the file -> in the new sheet."""
    numbers: dict[int, int] = {}
    for n, row in enumerate(rows, 1):
        if only is None or n <= table.header_row or n in only:
            numbers[n] = len(numbers) + 1
            for column, value in enumerate(row, 1):
                if value not in (None, ""):
                    cell = _cell(sheet, numbers[n], column)
                    if isinstance(value, str):
                        _as_text(cell, value)
                    else:
                        cell.value = value
    return numbers


def _saved(
    book: openpyxl.Workbook, sheet: Worksheet, wrong: Wrong, header: int, columns: int, title: str
) -> bytes:
    last = max(columns, sheet.max_column) + 1
    headers = [as_text(sheet.cell(header, n).value) for n in range(1, last)]
    marked = {
        n: {c + 1 for c, _why in row.problems if c != ROW} | {last} for n, row in wrong.items()
    }
    _let_out(sheet, marked | {header: marked.get(header, set()) | {last}})
    _as_text(_cell(sheet, header, last), title)
    sheet.cell(header, last).font = _BOLD
    for n, row in wrong.items():
        _mark(sheet, n, row, headers, last)
    sheet.column_dimensions[get_column_letter(last)].width = 60
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _mark(sheet: Worksheet, n: int, row: ImportRow, headers: Sequence[str], last: int) -> None:
    fill = _WRONG if row.kind == "error" else _KEPT
    for column, reason in row.problems:
        if column != ROW:
            cell = _cell(sheet, n, column + 1)
            cell.fill = fill
            cell.comment = Comment(clean(str(reason))[:1000], _AUTHOR)
    cell = _cell(sheet, n, last)
    cell.fill = fill
    _as_text(cell, "\n".join(reasons_of(row, headers)))


def reasons_of(row: ImportRow, headers: Sequence[str]) -> list[str]:
    """Why the row was not taken as it is, each reason with the header of its column."""
    told = []
    for column, reason in row.problems:
        header = headers[column] if 0 <= column < len(headers) else ""
        named = _("%(field)s: %(value)s", field=header, value=reason)
        told.append(named if header else str(reason))
    return told


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    """A cell that is merged with no other one."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    return cell


def _let_out(sheet: Worksheet, marked: Mapping[int, Collection[int]]) -> None:
    """Let these cells (row -> columns) out of whatever they are merged with: only a first cell holds anything."""
    rows = sorted(marked)
    for box in list(sheet.merged_cells.ranges):
        within = rows[bisect_left(rows, box.min_row) : bisect_right(rows, box.max_row)]
        if any(box.min_col <= c <= box.max_col for n in within for c in marked[n]):
            sheet.unmerge_cells(str(box))


def _as_text(cell: Cell, text: str) -> None:
    """Put a text into a cell, as a text for Excel too, whatever it begins with."""
    said = clean(text)[:LONGEST]
    try:
        cell.value = said
    except IllegalCharacterError:
        cell.value = said.encode("ascii", "ignore").decode()
    cell.data_type = "s"
    if looks_like_formula(said):
        cell.quotePrefix = True
