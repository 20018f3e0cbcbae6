"""The sheet as the form's template: its cells named, what had been filled in taken out, its words kept.

Named cells move along when rows are inserted. What belongs to the whole report stands in braces in the text of its
cell (`填报单位：{unit}`), where the department may write it itself.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import quote_sheetname
from openpyxl.workbook.defined_name import DefinedName

from builder.excel import about
from builder.excel.choices import NONE, Choice
from builder.excel.picture import TICKS
from builder.excel.private import plain
from builder.excel.slots import Slot
from runtime.api import own_sheets


@dataclass(frozen=True, slots=True)
class Template:
    """A workbook to be filled, and the cells whose formula could not stay."""

    content: bytes
    dropped: tuple[str, ...] = ()


def template_of(content: bytes, choices: Sequence[Choice], pointers: Mapping[str, str]) -> Template:
    """The workbook with a name for each cell of the form that it has a place for; the same gives the same bytes.

    Nothing that was filled in stays, nor anything that is not seen on the sheet (see `cleared`).
    """
    book = load_workbook(io.BytesIO(content), keep_vba=False, keep_links=False)
    dropped = tuple(plain(book))
    for name in own_sheets.names_of(book.defined_names):
        del book.defined_names[name]
    for choice in choices:
        sheet = book.worksheets[choice.slot.sheet]
        cell: Any = sheet.cell(choice.slot.row, choice.slot.column)
        if isinstance(cell, MergedCell):
            continue
        if choice.what == NONE:
            cell.value = _unfilled(cell, choice.slot)
        elif choice.slot.about:
            cell.value = about.with_place(str(cell.value or ""), choice.slot.about)
        elif pointer := pointers.get(choice.slot.id):
            cell.value = unticked(cell.value)
            _name(book, pointer, f"{quote_sheetname(sheet.title)}!${cell.column_letter}${cell.row}")
    return Template(own_sheets.packed(book), dropped)


def cleared(content: bytes) -> Template:
    """The workbook without what is not seen on it, and without who filled it: before anything of it is kept.

    Gone are sheets that are hidden, comments, pictures, headers and footers, properties, names that nothing on the
    sheet needs, and what stands behind `填表人：` and the like.
    """
    book = load_workbook(io.BytesIO(content), keep_vba=False, keep_links=False)
    dropped = tuple(plain(book))
    return Template(own_sheets.packed(book), dropped)


def emptied(content: bytes, slots: Sequence[Slot]) -> bytes:
    """The workbook without what had been filled into these cells."""
    book = load_workbook(io.BytesIO(content), keep_vba=False, keep_links=False)
    for _dropped in plain(book):
        pass
    for slot in slots:
        cell: Any = book.worksheets[slot.sheet].cell(slot.row, slot.column)
        if not isinstance(cell, MergedCell):
            cell.value = _unfilled(cell, slot)
    return own_sheets.packed(book)


def _unfilled(cell: Any, slot: Slot) -> Any:
    """What stays of a cell that is not to be named: its own words to tick, label or formula, and no value."""
    if cell.data_type == "f":
        return cell.value
    if slot.about:
        return about.unfilled(str(cell.value or ""), slot.about) or None
    return unticked(cell.value)


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
