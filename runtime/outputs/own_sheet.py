"""A department's own sheet filled in place: values at its named cells, all else as it stands.

What the sheet has no cell for is not lost: it is listed on a sheet of its own behind the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_STORED, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from runtime.fields.base import MISSING
from runtime.language import gettext as _
from runtime.language import using
from runtime.outputs.clean import clean, looks_like_formula
from runtime.outputs.own_formulas import computed_in
from runtime.outputs.own_names import defined_name, has_places, placed
from runtime.outputs.package import finish
from runtime.outputs.pen import LONGEST
from runtime.outputs.tree import EPOCH, Document, Value, tables, values

_USUAL = ("General", "")


def filled(document: Document, template: bytes) -> bytes:
    """The template's workbook with the document's values; the same document gives the same bytes.

    Raises whatever openpyxl raises for what is no workbook.
    """
    book = load_workbook(BytesIO(template), keep_vba=False, keep_links=False)
    with using(document.language):
        _place(book, document)
        left = [] if document.blank else _fill(book, document)
        if left:
            _list(book, left)
    computed = computed_in(book)
    moment = document.heading.moment
    book.properties.modified = moment.replace(tzinfo=None)
    parts = {f"xl/worksheets/sheet{n}.xml": said for n, said in computed.items()}
    return finish(_saved(book), parts, moment)


def cells_named(book: Workbook) -> dict[str, tuple[Worksheet, str]]:
    """Each of the workbook's names that stands for one cell (the first of several), by the name in small letters."""
    found: dict[str, tuple[Worksheet, str]] = {}
    for name, defined in book.defined_names.items():
        if not name.casefold().startswith("yb_"):
            continue
        for sheet, area in _destinations(defined):
            if sheet in book.sheetnames:
                first = area.replace("$", "").partition(":")[0]
                found.setdefault(name.casefold(), (book[sheet], first))
    return found


def _destinations(defined: Any) -> Iterator[tuple[str, str]]:
    """Where a name leads; nowhere, where its cell was deleted."""
    if "#REF!" in (defined.attr_text or ""):
        return
    try:
        for sheet, area in defined.destinations:
            yield sheet.replace("''", "'"), area
    except (ValueError, IndexError):
        return


def _place(book: Workbook, document: Document) -> None:
    heading = None if document.blank else document.heading
    for sheet in book.worksheets:
        for line in sheet.iter_rows():
            for cell in line:
                if isinstance(cell, Cell) and has_places(cell.value):
                    _put_text(cell, placed(str(cell.value), heading).rstrip())


def _fill(book: Workbook, document: Document) -> list[Value]:
    """Put each value where its name leads; what has no place, and says something, is returned."""
    places, left = cells_named(book), []
    beside = _detail(document)
    for value in values(document.blocks):
        there = places.get(defined_name(value.pointer))
        cell = there[0][there[1]] if there else None
        if isinstance(cell, Cell):
            _put(cell, value)
        elif value.text and value.raw is not MISSING and value.pointer not in beside:
            left.append(value)
    return left


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


def _put(cell: Cell, value: Value) -> None:
    if isinstance(cell.value, str) and "□" in cell.value and (said := _ticked(cell.value, value)):
        _put_text(cell, said)
        return
    if cell.data_type == "f":  # a total of the sheet's own stays live
        return
    content = value.excel.value
    if content is MISSING or value.raw is MISSING:
        cell.value = None
    elif isinstance(content, str):
        _put_text(cell, content)
    else:
        cell.value = content
        if cell.number_format in _USUAL and value.excel.number_format not in _USUAL:
            cell.number_format = value.excel.number_format


def _ticked(offered: str, value: Value) -> str:
    """The words to tick of a cell with those of the value ticked; nothing where it is none of them."""
    if value.raw is MISSING:
        return offered
    words = sorted(re.split(r"[,，、;；]\s*", value.text), key=len, reverse=True)
    found = offered
    for word in filter(None, words):
        found = re.sub(rf"□(\s*{re.escape(word)})(?!\w)", r"☑\1", found, count=1)
    return found if found != offered else ""


def _put_text(cell: Cell, text: str) -> None:
    """Text as text, whatever it begins with."""
    said = clean(text)[:LONGEST]
    cell.value = said or None
    if said:
        cell.data_type = "s"
        cell.quotePrefix = looks_like_formula(said)


def _list(book: Workbook, left: list[Value]) -> None:
    sheet: Worksheet = book.create_sheet(_free_name(book, _("Not on the sheet")))
    sheet.column_dimensions["A"].width = 48
    sheet.column_dimensions["B"].width = 36
    for column, text in enumerate((_("Cell"), _("Value")), start=1):
        head = sheet.cell(1, column, text)
        head.font = Font(bold=True)
    for row, value in enumerate(left, start=2):
        _put_text(_cell(sheet, row, 1), " / ".join(value.labels) or value.pointer)
        _put(_cell(sheet, row, 2), value)


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    assert not isinstance(cell, MergedCell)
    return cell


def _free_name(book: Workbook, wanted: str) -> str:
    taken, name, n = {s.casefold() for s in book.sheetnames}, wanted[:28], 1
    while name.casefold() in taken:
        n += 1
        name = f"{wanted[:25]} {n}"
    return name


def _saved(book: Workbook) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        ExcelWriter(book, archive).save()
    return out.getvalue()


def packed(book: Workbook) -> bytes:
    """The workbook's bytes; the same workbook gives the same."""
    return finish(_saved(book), {}, EPOCH)


def names_missing(template: bytes, pointers: Sequence[str]) -> list[str]:
    """Which of these pointers the template's workbook has no cell for."""
    book = load_workbook(BytesIO(template), keep_vba=False, keep_links=False)
    there = cells_named(book)
    return [pointer for pointer in pointers if defined_name(pointer) not in there]
