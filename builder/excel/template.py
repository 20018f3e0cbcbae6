"""The sheet as the form's template: its cells named, what had been filled in taken out, its words kept.

Named cells move along when rows are inserted. What belongs to the whole report stands in braces in the text of its
cell (`填报单位：{unit}`), where the department may write it itself.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import quote_sheetname
from openpyxl.workbook.defined_name import DefinedName

from builder.excel import about
from builder.excel.choices import NONE, Choice
from builder.excel.picture import TICKS
from builder.excel.slots import Slot
from runtime.api import own_sheets

_PLACE = r"(?:'(?:[^'\[\]]|'')+'|[^\s!'\[\]|]+)!\$?[A-Z]{1,3}\$?[0-9]{1,7}(?::\$?[A-Z]{1,3}\$?[0-9]{1,7})?"
_PLACES = re.compile(rf"{_PLACE}(?:,{_PLACE})*")


@dataclass(frozen=True, slots=True)
class Template:
    """A workbook to be filled, and the cells whose formula could not stay."""

    content: bytes
    dropped: tuple[str, ...] = ()


def template_of(content: bytes, choices: Sequence[Choice], pointers: Mapping[str, str]) -> Template:
    """The workbook with a name for each cell of the form that it has a place for; the same gives the same bytes."""
    book = load_workbook(io.BytesIO(content), keep_vba=False, keep_links=False)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for name in own_sheets.names_of(book.defined_names):
        del book.defined_names[name]
    dropped = tuple(_plain(book))
    for choice in choices:
        sheet = sheets[choice.slot.sheet]
        cell: Any = sheet.cell(choice.slot.row, choice.slot.column)
        if choice.what == NONE or isinstance(cell, MergedCell):
            continue
        if choice.slot.about:
            cell.value = about.with_place(str(cell.value or ""), choice.slot.about)
        elif pointer := pointers.get(choice.slot.id):
            cell.value = unticked(cell.value)
            _name(book, pointer, f"{quote_sheetname(sheet.title)}!${cell.column_letter}${cell.row}")
    return Template(own_sheets.packed(book), dropped)


def emptied(content: bytes, slots: Sequence[Slot]) -> bytes:
    """The workbook without what had been filled into these cells."""
    book = load_workbook(io.BytesIO(content), keep_vba=False, keep_links=False)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for slot in slots:
        cell: Any = sheets[slot.sheet].cell(slot.row, slot.column)
        if not slot.about and not isinstance(cell, MergedCell):
            cell.value = unticked(cell.value)
    return own_sheets.packed(book)


def unticked(value: Any) -> str | None:
    """What stays of a value that was filled in: nothing, but of words to tick the words, none of them ticked."""
    text = str(value or "")
    if not any(sign in text for sign in TICKS):
        return None
    return "".join("□" if sign in TICKS else sign for sign in text)


def _name(book: Workbook, pointer: str, where: str) -> None:
    name = own_sheets.defined_name(pointer)
    there = book.defined_names.get(name)
    if there is None:
        book.defined_names[name] = DefinedName(name, attr_text=where)
    else:  # the same figure in two places: both are filled
        there.attr_text = f"{there.attr_text},{where}"


def _plain(book: Workbook) -> Iterable[str]:
    """Take out what a form's sheet has no use for: formulas that ask other files or programs, links, authors."""
    found: list[str] = []
    for sheet in book.worksheets:
        for line in sheet.iter_rows():
            for cell in line:
                if cell.data_type == "f" and not own_sheets.may_stay(str(cell.value)):
                    found.append(f"{sheet.title}!{cell.coordinate}")
                    cell.value = None
                if not isinstance(cell, MergedCell) and cell.hyperlink is not None:
                    cell.hyperlink = None
        vars(sheet)["_pivots"] = []  # they carry a copy of the data that they were made of
    for name, defined in list(book.defined_names.items()):
        if not _PLACES.fullmatch(str(defined.attr_text or "")):
            del book.defined_names[name]
    book.properties.creator = book.properties.lastModifiedBy = ""
    return found
