"""A workbook from lines of text, and what each of its cells should be bound to. Not for judging what was found.

A line is cells between bars. `>` belongs to the cell on its left, `^` to the one above; `[x]` is a cell to fill that
means `x` (`[]`: nothing of the dictionary), `[x]=7` one that is filled already; `-` is blank and stays so; `~` before
a text takes its border away; `填报单位：{@unit}` is filled behind its own words; `=` begins a formula.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Place = tuple[int, int, int]
"""Number of the sheet, row and column, from 0, 1 and 1."""

OWN = "own"
_THIN = Side(style="thin")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_SLOT = re.compile(r"\[([^\]]*)\](?:=(.*))?", re.DOTALL)
_ABOUT = re.compile(r"\{(@\w+)\}")


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet: its lines, and how it looks."""

    lines: str | Sequence[str]
    name: str = "Sheet1"
    borders: bool = True
    shaded: bool = False
    at: tuple[int, int] = (1, 1)
    widths: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Described:
    """A workbook with the bindings that are expected of it."""

    name: str
    pages: tuple[Page, ...]
    seen: bool = True
    """Whether the recogniser was worked on with this one in sight."""

    @property
    def expected(self) -> dict[Place, frozenset[str]]:
        """What each cell to fill means."""
        found: dict[Place, frozenset[str]] = {}
        for number, page in enumerate(self.pages):
            for row, column, _token, means in _cells(page):
                if means:
                    found[number, row, column] = frozenset(means)
        return found

    def content(self) -> bytes:
        """The workbook's bytes."""
        book = Workbook()
        book.remove(book.worksheets[0])
        for number, page in enumerate(self.pages):
            name = page.name if page.name != "Sheet1" else f"Sheet{number + 1}"
            _draw(book.create_sheet(name), page)
        out = BytesIO()
        book.save(out)
        return out.getvalue()


def _tokens(page: Page) -> list[list[str]]:
    lines = page.lines.strip("\n").split("\n") if isinstance(page.lines, str) else page.lines
    return [[token.strip() for token in line.split("|")] for line in lines]


def _cells(page: Page):
    """Row, column, token and meanings of each cell that begins a box."""
    top, left = page.at
    for y, line in enumerate(_tokens(page)):
        for x, token in enumerate(line):
            if token in ("", ">", "^"):
                continue
            slot = _SLOT.fullmatch(token)
            means = [slot[1] or OWN] if slot else _ABOUT.findall(token)
            yield top + y, left + x, token, means


def _draw(sheet: Worksheet, page: Page) -> None:
    grid, (top, left) = _tokens(page), page.at
    for row, column, token, _means in _cells(page):
        y, x = row - top, column - left
        right = x
        while right + 1 < len(grid[y]) and grid[y][right + 1] == ">":
            right += 1
        bottom = y
        while bottom + 1 < len(grid) and x < len(grid[bottom + 1]) and grid[bottom + 1][x] == "^":
            bottom += 1
        _box(sheet, page, token, (row, column, top + bottom, left + right))
    for column, width in page.widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = width


def _box(sheet: Worksheet, page: Page, token: str, area: tuple[int, int, int, int]) -> None:
    row, column, last_row, last_column = area
    bare = token.startswith("~")
    slot = _SLOT.fullmatch(token)
    text = (slot[2] or "") if slot else _ABOUT.sub("          ", token.removeprefix("~"))
    cell = sheet.cell(row, column)
    if text and text != "-":
        cell.value = _value(text) if slot else text
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    if not slot and text and page.shaded and not bare:
        cell.fill = PatternFill("solid", fgColor="DDE6F0")
        cell.font = Font(bold=True)
    if page.borders and not bare:
        for r in range(row, last_row + 1):
            for c in range(column, last_column + 1):
                sheet.cell(r, c).border = _BOX
    if (last_row, last_column) != (row, column):
        sheet.merge_cells(
            start_row=row, start_column=column, end_row=last_row, end_column=last_column
        )


def _value(text: str) -> object:
    return float(text) if re.fullmatch(r"-?\d{1,9}(\.\d+)?", text) else text
