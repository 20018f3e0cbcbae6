"""A department's own sheet filled in place: values at its named cells, all else as it stands.

What the sheet has no cell for is not lost: it is listed on a sheet of its own behind the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_STORED, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from runtime.language import using
from runtime.outputs.held_cells import held
from runtime.outputs.own_cells import put, put_text
from runtime.outputs.own_formulas import computed_in
from runtime.outputs.own_names import defined_name, has_places, placed
from runtime.outputs.own_rest import write_rest
from runtime.outputs.package import finish
from runtime.outputs.tree import EPOCH, Document, values


def filled(document: Document, template: bytes) -> bytes:
    """The template's workbook with the document's values; the same document gives the same bytes.

    Raises whatever openpyxl raises for what is no workbook.
    """
    book = load_workbook(BytesIO(template), keep_vba=False, keep_links=False)
    with using(document.language):
        _place(book, document)
        if not document.blank:
            write_rest(book, document, _fill(book, document))
    computed = computed_in(book)
    moment = document.heading.moment
    book.properties.modified = moment.replace(tzinfo=None)
    parts = {f"xl/worksheets/sheet{n}.xml": said for n, said in computed.items()}
    return finish(_saved(book), parts, moment)


def cells_named(book: Workbook) -> dict[str, list[tuple[Worksheet, str]]]:
    """The cells that each of our names in the workbook stands for, by the name in small letters."""
    found: dict[str, list[tuple[Worksheet, str]]] = {}
    for name, defined in book.defined_names.items():
        if not name.casefold().startswith("yb_"):
            continue
        for sheet, area in _destinations(defined):
            if sheet in book.sheetnames:
                first = area.replace("$", "").partition(":")[0]
                found.setdefault(name.casefold(), []).append((book[sheet], first))
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
        for cell in held(sheet):
            if has_places(cell.value):
                put_text(cell, placed(str(cell.value), heading).rstrip())


def _fill(book: Workbook, document: Document) -> set[str]:
    """Put each value where its name leads; the pointers of those that have a place."""
    places = cells_named(book)
    found: set[str] = set()
    for value in values(document.blocks):
        for sheet, area in places.get(defined_name(value.pointer), ()):
            cell = sheet[area]
            if isinstance(cell, Cell):
                put(cell, value)
                found.add(value.pointer)
    return found


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
    named = cells_named(book)
    return [pointer for pointer in pointers if defined_name(pointer) not in named]
