"""One value put into a cell of a department's own sheet: text as text, words to tick ticked, formulas left alone."""

from __future__ import annotations

import re

from openpyxl.cell.cell import Cell

from runtime.fields.base import MISSING
from runtime.outputs.clean import clean, looks_like_formula
from runtime.outputs.pen import LONGEST
from runtime.outputs.tree import Value

BOX, TICKED = "□", "☑"
_USUAL = ("General", "")


def put(cell: Cell, value: Value) -> None:
    """The value as its cell holds it; the sheet's own number format stays."""
    if isinstance(cell.value, str) and BOX in cell.value and (said := _ticked(cell.value, value)):
        put_text(cell, said)
        return
    if cell.data_type == "f":  # a total of the sheet's own stays live
        return
    content = value.excel.value
    if content is MISSING or value.raw is MISSING:
        cell.value = None
    elif isinstance(content, str):
        put_text(cell, content)
    else:
        cell.value = content
        if cell.number_format in _USUAL and value.excel.number_format not in _USUAL:
            cell.number_format = value.excel.number_format


def put_text(cell: Cell, text: str) -> None:
    """Text as text, whatever it begins with."""
    said = clean(text)[:LONGEST]
    cell.value = said or None
    if said:
        cell.data_type = "s"
        cell.quotePrefix = looks_like_formula(said)


def _ticked(offered: str, value: Value) -> str:
    """The words to tick of a cell with those of the value ticked; nothing where it is none of them."""
    if value.raw is MISSING:
        return offered
    words = sorted(re.split(r"[,，、;；]\s*", value.text), key=len, reverse=True)
    found = offered
    for word in filter(None, words):
        found = re.sub(rf"{BOX}(\s*{re.escape(word)})(?!\w)", rf"{TICKED}\1", found, count=1)
    return found if found != offered else ""
