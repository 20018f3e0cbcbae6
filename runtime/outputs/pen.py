"""Writes words and values into merged, boxed cells of a worksheet, row by row. Knows nothing of documents."""

from __future__ import annotations

from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from runtime.outputs.clean import clean, lines, looks_like_formula
from runtime.outputs.grid import Grid

LONGEST = 32_767
"""Excel holds no longer text in a cell."""

_LINE, _GAP, _LEAST, _TALLEST = 15.0, 8.0, 20.0, 405.0


class Pen:
    """Stands at a row of a worksheet and writes over columns of its grid; `roomy`: rows to write into by hand."""

    def __init__(self, sheet: Worksheet, grid: Grid, *, roomy: bool) -> None:
        self.sheet, self.grid = sheet, grid
        self.row = 1
        self.least = _LEAST * 1.2 if roomy else _LEAST
        self.heights: dict[int, float] = {}

    def text(
        self,
        text: str,
        style: str,
        first: int = 0,
        end: int = -1,
        *,
        rows: int = 1,
        points: float = 10.5,
        move: bool = True,
        keep: bool = False,
    ) -> None:
        """Fixed words over grid columns; nothing is written for no words, unless the place is kept."""
        end = len(self.grid) if end < 0 else end
        if not text and not keep:
            return
        said = clean(text)[:LONGEST]
        room = int(self.grid.room(first, end) * 10.5 / points)
        taken = lines(said, room) if rows == 1 else 1
        self.tallest(taken * _LINE * points / 10.5 + 5)
        self.box(said, style, first, end, rows=rows)
        if move:
            self.row += 1

    def side_by_side(self, texts: list[str]) -> None:
        """Short texts across the sheet in parts of the same width."""
        cuts = self.grid.split(len(texts))
        for i, text in enumerate(texts):
            style = "text" if i == 0 else "end" if i == len(texts) - 1 and i < 3 else "text"
            if cuts[i] < cuts[i + 1]:
                self.text(text, style, cuts[i], cuts[i + 1], move=False)
        self.row += 1

    def gap(self) -> None:
        """A narrow empty row."""
        self.heights[self.row] = _GAP
        self.row += 1

    def tall(self, text: str, first: int, end: int, *, minimum: int) -> int:
        """How many sheet rows a text needs, and their heights; Excel's rows have a greatest height."""
        height = max(lines(text, int(self.grid.room(first, end)) - 1), minimum) * _LINE + 5
        rows = -(-int(height) // int(_TALLEST))
        if rows == 1 or end - first < len(self.grid) // 2:
            self.tallest(min(height, _TALLEST))
            return 1
        for i in range(rows):
            self.heights[self.row + i] = round(height / rows, 1)
        return rows

    def tallest(self, height: float) -> None:
        """The row is as high as its highest cell."""
        self.heights[self.row] = max(self.heights.get(self.row, self.least), min(height, _TALLEST))

    def box(self, content: Any, style: str, first: int, end: int, *, rows: int = 1) -> None:
        """Content in merged cells, each of them styled so that the whole box has its edges."""
        top, left = self.row, first + 1
        for row in range(top, top + rows):
            for column in range(left, end + 1):
                self.sheet.cell(row, column).style = f"yb {style}"
        cell = self.sheet.cell(top, left)
        if content not in (None, ""):
            cell.value = content
        if isinstance(content, str) and content:
            cell.data_type = "s"
            cell.quotePrefix = looks_like_formula(content)
        if rows > 1 or end - first > 1:
            self.sheet.merged_cells.add(
                f"{cell.coordinate}:{get_column_letter(end)}{top + rows - 1}"
            )

    def finish(self) -> None:
        """Give rows and columns their sizes."""
        for i, letters in enumerate(self.grid.widths, start=1):
            column = self.sheet.column_dimensions[get_column_letter(i)]
            column.width = round(max(letters, 1.5) + 0.7, 2)
        for row, height in self.heights.items():
            self.sheet.row_dimensions[row].height = height
