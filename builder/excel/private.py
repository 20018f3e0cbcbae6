"""What a sheet carries besides the form, taken out: what is hidden, who made it, what asks others. Not for its cells.

A department uploads a sheet that somebody filled; its people are nobody's to keep, and least of all in a template
that every exported workbook is made of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.packaging.core import DocumentProperties
from openpyxl.packaging.custom import CustomPropertyList
from openpyxl.worksheet.header_footer import HeaderFooter
from openpyxl.worksheet.worksheet import Worksheet

from builder.excel import about
from runtime.api import own_sheets

_PLACE = r"(?:'(?:[^'\[\]]|'')+'|[^\s!'\[\]|]+)!\$?[A-Z]{1,3}\$?[0-9]{1,7}(?::\$?[A-Z]{1,3}\$?[0-9]{1,7})?"
_PLACES = re.compile(rf"{_PLACE}(?:,{_PLACE})*")
_MOMENT = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_OF_SHEET = re.compile(r"(?:'((?:[^'\[\]]|'')+)'|([^\s!'\[\]|(),;:+*/^&=<>{}\"-]+))!")


def plain(book: Workbook) -> Iterator[str]:
    """Take all of it out; the places of formulas that could not stay."""
    for sheet in list(book.worksheets):
        if sheet.sheet_state != "visible":
            book.remove(sheet)
    for chart in list(book.chartsheets):
        book.remove(chart)
    _of_book(book)
    there = frozenset(sheet.title.casefold() for sheet in book.worksheets)
    for sheet in book.worksheets:
        _of_sheet(sheet, there)
        yield from _of_cells(sheet, there)
    _names(book, there)


def _of_book(book: Workbook) -> None:
    """No author, title, custom property; the first sheet is the one that opens."""
    book.properties = DocumentProperties(creator="", created=_MOMENT, modified=_MOMENT)
    vars(book)["custom_doc_props"] = CustomPropertyList()
    book.active = 0
    for view in book.views:
        view.activeTab = view.firstSheet = 0


def _of_sheet(sheet: Worksheet, there: frozenset[str]) -> None:
    for name in (
        "oddHeader",
        "oddFooter",
        "evenHeader",
        "evenFooter",
        "firstHeader",
        "firstFooter",
    ):
        setattr(sheet.HeaderFooter, name, None)
    sheet.HeaderFooter = HeaderFooter()
    own = vars(sheet)
    own["_pivots"], own["_charts"], own["_images"] = (
        [],
        [],
        [],
    )  # they carry a copy of the data they were made of
    own["legacy_drawing"] = None
    sheet.scenarios.scenario = []
    sheet.auto_filter.filterColumn = []  # the names that were filtered for
    for table in sheet.tables.values():
        if table.autoFilter is not None:
            table.autoFilter.filterColumn = []
    sheet.defined_names.clear()
    kept = [
        one
        for one in sheet.data_validations.dataValidation
        if _within(one.formula1, there) and _within(one.formula2, there)
    ]
    sheet.data_validations.dataValidation = kept
    rules = [(area.sqref, rule) for area in sheet.conditional_formatting for rule in area.rules]
    sheet.conditional_formatting = ConditionalFormattingList()
    for area, rule in rules:
        if all(_within(formula, there) for formula in rule.formula):
            sheet.conditional_formatting.add(str(area), rule)


def _of_cells(sheet: Worksheet, there: frozenset[str]) -> Iterator[str]:
    before: Any = None
    for cell in _cells(sheet):
        if cell.comment is not None:
            cell.comment = None
        if cell.hyperlink is not None:
            cell.hyperlink = None
        if cell.data_type == "f":
            said = cell.value
            if not (isinstance(said, str) and own_sheets.may_stay(said) and _within(said, there)):
                yield f"{sheet.title}!{cell.coordinate}"
                cell.value = None
        elif isinstance(cell.value, str):
            cell.value = about.emptied(cell.value) or None
        if cell.value is None:
            continue
        if _said_of_a_person(before, cell):
            cell.value = None
            continue
        before = cell


def _cells(sheet: Worksheet) -> list[Any]:
    """The cells that there are, line by line; a place without one is not made."""
    there = sorted(vars(sheet)["_cells"].items())
    return [cell for _place, cell in there if not isinstance(cell, MergedCell)]


def _said_of_a_person(before: Any, cell: Any) -> bool:
    """Whether the cell is what was filled in for the label before it in its line: `负责人：` | `张三`."""
    if before is None or before.row != cell.row or cell.data_type == "f":
        return False
    said = str(cell.value)
    is_label = "：" in said or ":" in said or "{" in said or bool(about.whole(said))
    return not is_label and about.is_personal(str(before.value))


def _names(book: Workbook, there: frozenset[str]) -> None:
    """Of names only those of cells that a list to choose from needs, and ours."""
    asked = " ".join(
        str(one.formula1 or "") + " " + str(one.formula2 or "")
        for sheet in book.worksheets
        for one in sheet.data_validations.dataValidation
    )
    ours = own_sheets.names_of(book.defined_names)
    for name, defined in list(book.defined_names.items()):
        where = str(defined.attr_text or "")
        needed = name in ours or re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.])", asked)
        if not needed or not _PLACES.fullmatch(where) or not _within(where, there):
            del book.defined_names[name]


def _within(formula: Any, there: frozenset[str]) -> bool:
    """Whether a formula names no sheet but those that stay."""
    said = [
        quoted.replace("''", "'") or name for quoted, name in _OF_SHEET.findall(str(formula or ""))
    ]
    return "#REF!" not in str(formula or "") and all(name.casefold() in there for name in said)
