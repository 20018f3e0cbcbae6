"""What a department's own sheet has no cell for, on a sheet behind it: long lists as tables, else cell by cell."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from runtime.fields.base import MISSING
from runtime.language import gettext as _
from runtime.outputs.own_cells import put, put_text
from runtime.outputs.tree import Document, Table, TableRow, Value, tables, values

_WIDE = 24


def write_rest(book: Workbook, document: Document, placed: Collection[str]) -> None:
    """Add the sheet where something is left: `placed` are the pointers of the cells that have a place."""
    lists = [(table, rows) for table in tables(document.blocks) if (rows := _longer(table, placed))]
    told = {
        v.pointer for _table, rows in lists for row in rows for v in row.values if v is not None
    }
    beside = _detail(document)
    single = [
        value
        for value in values(document.blocks)
        if _says(value) and value.pointer not in (*placed, *told, *beside)
    ]
    if not lists and not single:
        return
    sheet: Worksheet = book.create_sheet(_free_name(book, _("Not on the sheet")))
    row = _cells(sheet, single) if single else 1
    for table, rows in lists:
        row = _table(sheet, row, table, rows)


def _says(value: Value) -> bool:
    return bool(value.text) and value.raw is not MISSING


def _longer(table: Table, placed: Collection[str]) -> list[TableRow]:
    """The lines of a list of which something has no place."""
    if table.kind != "rows":
        return []
    return [
        row
        for row in table.rows
        if any(v is not None and _says(v) and v.pointer not in placed for v in row.values)
    ]


def _detail(document: Document) -> frozenset[str]:
    """Cells of cross-tables that nobody typed: the sheet asks for less detail than is known, and loses no word."""
    return frozenset(
        value.pointer
        for table in tables(document.blocks)
        if table.kind == "cross"
        for row in table.rows
        for value in row.values
        if value is not None and value.source not in ("typed", "overridden")
    )


def _cells(sheet: Worksheet, left: Sequence[Value]) -> int:
    """Label and value, line by line; the first free row behind them."""
    _bold(sheet, 1, (_("Cell"), _("Value")))
    for row, value in enumerate(left, start=2):
        put_text(_at(sheet, row, 1), " / ".join(value.labels) or value.pointer)
        put(_at(sheet, row, 2), value)
    return len(left) + 3


def _table(sheet: Worksheet, first: int, table: Table, rows: Sequence[TableRow]) -> int:
    """The lines under the headers of their list; the first free row behind them."""
    if table.title:
        _bold(sheet, first, (table.title,))
    _bold(sheet, first + 1, tuple(head.title for line in table.head[-1:] for head in line))
    for row, line in enumerate(rows, start=first + 2):
        for column, text in enumerate((head.title for head in line.heads), start=1):
            put_text(_at(sheet, row, column), text)
        for column, value in enumerate(line.values, start=table.stub + 1):
            if value is not None:
                put(_at(sheet, row, column), value)
    return first + len(rows) + 3


def _bold(sheet: Worksheet, row: int, texts: Sequence[str]) -> None:
    for column, text in enumerate(texts, start=1):
        cell = _at(sheet, row, column)
        put_text(cell, text)
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = _WIDE


def _at(sheet: Worksheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    assert not isinstance(cell, MergedCell)
    return cell


def _free_name(book: Workbook, wanted: str) -> str:
    return next(name for name in _names(wanted) if name.casefold() not in _taken(book))


def _taken(book: Workbook) -> frozenset[str]:
    return frozenset(name.casefold() for name in book.sheetnames)


def _names(wanted: str) -> Iterator[str]:
    yield wanted[:28]
    for n in range(2, 1000):
        yield f"{wanted[:25]} {n}"
