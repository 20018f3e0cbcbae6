"""A workbook read back, and looked at: numbers that Excel would show as #####, texts that their row cuts off."""

from __future__ import annotations

import io
import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from runtime.outputs.held_cells import held

DEFAULT_WIDTH, DEFAULT_HEIGHT = 8.43, 15.0
LINE = 1.2
"""A line's height in sizes of its type."""
SLACK = 1.5
"""So many times what a text is reckoned to need it may need in truth; below that nothing is said."""
SHOWN = 40


@dataclass(frozen=True, slots=True)
class Clipped:
    """A cell whose value does not fit."""

    cell: str
    text: str


def clipped(content: bytes) -> Iterator[Clipped]:
    """The cells of a workbook whose values do not fit their columns or rows."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), data_only=True)
    for sheet in book.worksheets:
        spans = {area.coord.split(":")[0]: area for area in sheet.merged_cells.ranges}
        for cell in held(sheet):
            if cell.value is not None and _is_cut(sheet, cell, spans.get(cell.coordinate)):
                text = " ".join(str(cell.value).split())[:SHOWN]
                yield Clipped(f"{sheet.title}!{cell.coordinate}", text)


def _is_cut(sheet: Any, cell: Any, area: Any) -> bool:
    wide = _width(sheet, cell, area)
    if isinstance(cell.value, int | float):
        return len(_number(cell)) > wide + 0.5
    size = float(cell.font.sz or 11)
    text = str(cell.value)
    letters = max(1.0, wide * 11 / size)
    if not cell.alignment.wrap_text:
        return False  # it runs on into what is empty beside it
    lines = sum(max(1, math.ceil(_letters(part) / letters)) for part in text.split("\n"))
    high = _height(sheet, cell, area)
    return high is not None and lines * size * LINE > high * SLACK


def _width(sheet: Any, cell: Any, area: Any) -> float:
    from openpyxl.utils import get_column_letter

    columns = range(area.min_col, area.max_col + 1) if area else [cell.column]
    total = 0.0
    for column in columns:
        held = sheet.column_dimensions.get(get_column_letter(column))
        total += held.width if held is not None and held.width else DEFAULT_WIDTH
    return total


def _height(sheet: Any, cell: Any, area: Any) -> float | None:
    """The height of the rows that it stands in; None where Excel finds it by itself."""
    rows = range(area.min_row, area.max_row + 1) if area else [cell.row]
    heights = [sheet.row_dimensions[row].height for row in rows]
    if all(height is None for height in heights):
        return None if area is None else len(heights) * DEFAULT_HEIGHT
    return float(sum(height or DEFAULT_HEIGHT for height in heights))


def _number(cell: Any) -> str:
    digits = cell.number_format.partition(".")[2].count("0")
    return f"{cell.value:,.{digits}f}"


def _letters(text: str) -> float:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
