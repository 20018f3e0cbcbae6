"""A whole workbook by openpyxl: the sheet, names, lists, paper and properties. Not for laying the sheet out."""

from __future__ import annotations

import re
from datetime import UTC
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

from openpyxl import Workbook
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from runtime.language import gettext as _
from runtime.language import using
from runtime.outputs.clean import clean
from runtime.outputs.formulas import ranges_of
from runtime.outputs.package import finish
from runtime.outputs.sheet_styles import add_styles
from runtime.outputs.tree import Document, Table
from runtime.outputs.worksheet import Drawer, Drawn

MOST_NAMES = 5_000
"""So many cells get a name of their own; more would make the workbook slow to open."""

_PAPER = {"A4": 9, "A3": 8}
_INCHES = {"A4": (8.27, 11.69), "A3": (11.69, 16.54)}
_SIDE, _TOP, _BOTTOM = 0.55, 0.6, 0.75
"""Margins in inches."""

_LONG_TABLE = 20
_ALONE, _UNSURE = 0.15, 0.05
"""So little of a page more is not worth a page, on which the lines to sign on would stand alone: the sheet is
printed smaller. How many pages there are is known to the second number only: every Excel has letters of its own."""


def workbook(document: Document) -> bytes:
    """The document as a workbook; the same document gives the same bytes."""
    with using(document.language):
        book = Workbook()
        sheet = book.worksheets[0]
        sheet.title = sheet_name(document.heading.title)
        add_styles(book, document.language)
        drawn = Drawer(sheet, document).draw()
        _choices(book, sheet, drawn)
        _names(book, sheet, drawn)
        _page(sheet, document, drawn)
        _properties(book, document)
    computed = {"xl/worksheets/sheet1.xml": drawn.computed}
    return finish(_saved(book), computed, document.heading.moment)


def sheet_name(title: str) -> str:
    """A title as Excel allows it on a tab: 31 letters, no brackets, slashes or signs."""
    name = re.sub(r"[\[\]:*?/\\!'\n\t]", " ", clean(title)).strip(" '")[:31].strip(" '")
    return name or _("Form")


def cell_name(pointer: str) -> str:
    """The defined name of the cell at `pointer`: `/holders/1/0-17/F` is `c_holders_1_0_17_F`."""
    plain = pointer.replace("~1", "/").replace("~0", "~")
    return "c" + re.sub(r"\W", "_", plain if plain.startswith("/") else "/" + plain)[:240]


def _names(book: Workbook, sheet: Worksheet, drawn: Drawn) -> None:
    place, taken = quote_sheetname(sheet.title), set()
    for pointer, (row, column, _last) in list(drawn.places.items())[:MOST_NAMES]:
        name, n = cell_name(pointer), 1
        while name.casefold() in taken:
            n += 1
            name = f"{cell_name(pointer)}_{n}"
        taken.add(name.casefold())
        where = f"{place}!${get_column_letter(column)}${row}"
        book.defined_names[name] = DefinedName(name, attr_text=where)


def _choices(book: Workbook, sheet: Worksheet, drawn: Drawn) -> None:
    lists: Worksheet | None = None
    for number, (offered, places) in enumerate(drawn.choices.items(), start=1):
        words = tuple(map(clean, offered))
        source = _inline(words)
        if not source:
            lists = lists or _hidden(book)
            source = _listed(lists, number, words)
        rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
        rule.error = _("Choose one of the list.")
        rule.sqref = " ".join(ranges_of(places))
        sheet.add_data_validation(rule)


def _inline(words: tuple[str, ...]) -> str:
    joined = ",".join(words)
    fits = len(joined) <= 250 and not any(set(word) & set(',"\n') for word in words)
    return f'"{joined}"' if fits else ""


def _hidden(book: Workbook) -> Worksheet:
    sheet: Worksheet = book.create_sheet("lists")
    sheet.sheet_state = "hidden"
    return sheet


def _listed(sheet: Worksheet, number: int, words: tuple[str, ...]) -> str:
    for row, word in enumerate(words, start=1):
        cell = sheet.cell(row, number, clean(word))
        cell.data_type = "s"
    letter = get_column_letter(number)
    return f"{quote_sheetname(sheet.title)}!${letter}$1:${letter}${len(words)}"


def _page(sheet: Worksheet, document: Document, drawn: Drawn) -> None:
    page, heading = document.page("xlsx"), document.heading
    sheet.page_setup.paperSize = _PAPER[page.paper]
    sheet.page_setup.orientation = page.orientation
    high = _pages_high(sheet, _INCHES[page.paper], page.orientation)
    whole = max(1, int(high + _UNSURE))
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = whole if high - whole < _ALONE else 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = _SIDE
    margins.top, margins.bottom = _TOP, _BOTTOM
    sheet.print_area = f"A1:{get_column_letter(sheet.max_column)}{sheet.max_row}"
    sheet.sheet_view.showGridLines = False
    foot = " · ".join(filter(None, (heading.number, heading.unit, heading.period)))
    footer = HeaderFooterItem()
    footer.left.text = clean(foot).replace("&", "&&")
    footer.right.text = _("Page %(page)s of %(pages)s", page="&P", pages="&N")
    sheet.HeaderFooter.oddFooter = footer
    _frozen(sheet, drawn)


def _pages_high(sheet: Worksheet, paper: tuple[float, float], orientation: str) -> float:
    """How many pages the rows of a sheet are about to fill, all columns on one page."""
    wide, high = paper if orientation == "portrait" else paper[::-1]
    columns = sum(c.width * 5.25 for c in sheet.column_dimensions.values())
    rows = sum(r.height or 15 for r in sheet.row_dimensions.values())
    scale = min(1.0, (wide - 2 * _SIDE) * 72 / columns)
    return float(rows * scale / ((high - _TOP - _BOTTOM) * 72))


def _frozen(sheet: Worksheet, drawn: Drawn) -> None:
    """The headings of the longest table stay in sight, and on every page if it is the last one."""
    longest = max(drawn.tables, key=_length, default=None)
    if longest is None:
        return
    table, first, start, _end = longest
    if start <= _LONG_TABLE:
        stub = table.stub if len(table.widths) == sheet.max_column else 0
        sheet.freeze_panes = f"{get_column_letter(stub + 1)}{start}"
    if _length(longest) > _LONG_TABLE and longest is drawn.tables[-1]:
        sheet.print_title_rows = f"{first}:{start - 1}"


def _length(drawn: tuple[Table, int, int, int]) -> int:
    return len(drawn[0].rows)


def _properties(book: Workbook, document: Document) -> None:
    heading, properties = document.heading, book.properties
    properties.title = clean(heading.title)
    properties.creator = clean(heading.unit or heading.department)
    properties.subject = clean(" · ".join(filter(None, (heading.number, heading.period))))
    properties.description = clean(" ".join(filter(None, (document.address, document.digest))))
    properties.language = document.language
    moment = heading.moment.astimezone(UTC).replace(tzinfo=None)
    properties.created = properties.modified = moment


def _saved(book: Workbook) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        ExcelWriter(book, archive).save()
    return out.getvalue()
