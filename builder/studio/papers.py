"""A draft on paper: the PDF and its pages as pictures, the workbook and its sheets as tables. Not for screens."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

import pypdfium2
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from builder.studio.opened import Opened
from builder.studio.shown_data import Shown
from runtime.api import Heading, Plan, db, document, dumps, own_sheets, say, site, using
from runtime.api import gettext as _

MOST_PAGES, MOST_SHEETS, MOST_ROWS, MOST_COLUMNS = 12, 4, 300, 60
"""How much is drawn on a page; the file has all."""
SCALE = 1.6
"""Dots of a picture for a point of the paper."""
_one_at_a_time = Lock()
"""PDFium is not for several threads."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A paper: its format (`pdf`, `xlsx`), language, and whether it is blank, to be written on."""

    ending: str
    language: str
    blank: bool = False
    unit: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Square:
    """One cell of a drawn sheet."""

    text: str
    across: int = 1
    down: int = 1
    kind: str = ""
    """Classes: `bold`, `figure` (at the end), `middle`."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One drawn sheet of a workbook; `more` tells that it has more than is drawn."""

    title: str
    rows: tuple[tuple[Square, ...], ...]
    more: bool = False


def paper(one: Opened, plan: Plan, shown: Shown, wish: Wish) -> bytes:
    """The file. Raises `KeyError` for a format that the site has not, and what the output raises."""
    with using(wish.language):
        heading = Heading(
            title=say(plan.words.title),
            unit=wish.unit or _("Sample community"),
            period=wish.period,
            number=plan.form.number,
            department=say(site().library.departments().get(one.department, {})),
            version=_("draft"),
        )
        made = document(
            plan,
            shown.data,
            shown.choices,
            language=wish.language,
            heading=heading,
            blank=wish.blank,
            assets=own_sheets.assets_of(db(), plan),
        )
        return site().outputs[wish.ending].write(made)


def pages(pdf: bytes) -> int:
    """How many pages a PDF has."""
    with _one_at_a_time:
        opened = pypdfium2.PdfDocument(pdf)
        try:
            return len(opened)
        finally:
            opened.close()


@lru_cache(maxsize=32)
def known_picture(pdf: bytes, number: int) -> bytes:
    """The same as `picture`, remembered: never for a paper with figures of a unit."""
    return picture(pdf, number)


def picture(pdf: bytes, number: int) -> bytes:
    """One page as a PNG, counted from 0. Raises `IndexError`."""
    with _one_at_a_time:
        opened = pypdfium2.PdfDocument(pdf)
        try:
            if not 0 <= number < len(opened):
                raise IndexError(number)
            page = opened[number]
            out = io.BytesIO()
            page.render(scale=SCALE).to_pil().save(out, "PNG", optimize=False, compress_level=3)
            page.close()
            return out.getvalue()
        finally:
            opened.close()


def sheets(workbook: bytes) -> list[Sheet]:
    """The sheets of a workbook as they are to be drawn."""
    book = load_workbook(io.BytesIO(workbook), data_only=True)
    try:
        return [_sheet(sheet) for sheet in book.worksheets[:MOST_SHEETS]]
    finally:
        book.close()


def _sheet(sheet: Worksheet) -> Sheet:
    spans = {(r.min_row, r.min_col): r for r in sheet.merged_cells.ranges}
    hidden = {
        (row, column)
        for r in sheet.merged_cells.ranges
        for row in range(r.min_row, r.max_row + 1)
        for column in range(r.min_col, r.max_col + 1)
        if (row, column) != (r.min_row, r.min_col)
    }
    across, down = min(sheet.max_column, MOST_COLUMNS), min(sheet.max_row, MOST_ROWS)
    rows = tuple(
        tuple(
            _square(sheet.cell(row, column), spans.get((row, column)), across - column + 1)
            for column in range(1, across + 1)
            if (row, column) not in hidden
        )
        for row in range(1, down + 1)
    )
    return Sheet(sheet.title, rows, sheet.max_row > down or sheet.max_column > across)


def _square(cell: Any, span: Any, room: int) -> Square:
    value = cell.value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else str(value)
    is_figure = isinstance(value, int | float) and not isinstance(value, bool)
    is_bold = cell.font is not None and cell.font.b
    side = cell.alignment.horizontal if cell.alignment is not None else None
    is_end = side == "right" or (is_figure and side is None)
    is_middle = side in ("center", "centerContinuous")
    kind = " ".join(["bold"] * bool(is_bold) + ["figure"] * is_end + ["middle"] * is_middle)
    if span is None:
        return Square(text, kind=kind)
    return Square(
        text, min(span.max_col - span.min_col + 1, room), span.max_row - span.min_row + 1, kind
    )


def state_of(data: Any, choices: Mapping[str, str], opened: tuple[str, ...]) -> str:
    """What an interactive preview takes along, since nothing of it is kept."""
    return dumps({"data": data, "choices": dict(choices), "opened": list(opened)})
