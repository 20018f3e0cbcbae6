"""One value put into a cell of a department's own sheet: text as text, words to tick ticked, formulas left alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

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
    head, *options = offered.split(BOX)
    words = [word for word in re.split(r"[,，、;；]\s*", value.text) if word]
    chosen = {at for word in words if (at := _option(word, options)) is not None}
    if not chosen:
        return ""
    signs = [TICKED if at in chosen else BOX for at in range(len(options))]
    return head + "".join(sign + text for sign, text in zip(signs, options, strict=True))


def _option(word: str, options: Sequence[str]) -> int | None:
    """Which of the words to tick is meant: this one, else the only one that is part of it or that it is part of."""
    said = [option.strip(" 　_、，,；;。.()（）\n") for option in options]
    if word in said:
        return said.index(word)
    alike = [at for at, one in enumerate(said) if one and (one in word or word in one)]
    return alike[0] if len(alike) == 1 else None
