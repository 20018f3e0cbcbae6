"""A workbook's bytes as a picture. Hostile until it was measured; not for what its cells mean."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from builder.excel import formulas, template
from builder.excel.picture import Box, Kind, Picture, Sheet
from builder.excel.template import Template
from runtime.api import EntryError, uploads
from runtime.api import gettext as _

LARGEST = 5 * 1024 * 1024
"""Bytes of a sheet that is to become a form."""
MOST_UNPACKED = 60 * 1024 * 1024
MOST_SHEETS = 12
MOST_ROWS, MOST_COLUMNS = 400, 80
MOST_CELLS = 8_000
"""Of all sheets together: what has more is data, not a form."""
MOST_HELD = 60 * MOST_CELLS
"""Cells of the file, with those that are only formatted or merged: each is laid out."""
_LARGEST_AREA = 1_000_000
"""Rows times columns of one sheet: whole columns may be formatted, but a far corner is never laid out."""
_WIDTH = 8.43


def picture_of(content: bytes) -> Picture:
    """What is seen of the workbook. Raises `EntryError`, in words that help, for what cannot be a form's sheet."""
    require_small(content)
    try:
        book = load_workbook(io.BytesIO(content), keep_vba=False, keep_links=False)
    except Exception as error:  # openpyxl raises whatever it stumbles over
        raise EntryError(_("The file is damaged, or it is not an Excel workbook.")) from error
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if len(shown) > MOST_SHEETS:
        raise EntryError(
            _(
                "The workbook has more than %(most)s sheets; keep those of the form.",
                most=MOST_SHEETS,
            )
        )
    lost = _lost(content)
    sheets = tuple(_sheet(sheet, lost) for sheet in shown)
    if sum(len(sheet.boxes) for sheet in sheets) > MOST_CELLS:
        raise _data(_("The workbook"))
    if not any(box.text for sheet in sheets for box in sheet.boxes):
        raise EntryError(_("There is nothing in the file."))
    return Picture(sheets)


def cleared(content: bytes) -> tuple[Template, Picture]:
    """The workbook with nothing in it of who filled it, nor anything hidden, and what is seen of that.

    Raises as `picture_of` does.
    """
    lost = [sheet.lost for sheet in picture_of(content).sheets]
    clear = template.cleared(content)
    seen = picture_of(clear.content).sheets
    return clear, Picture(
        tuple(replace(sheet, lost=said) for sheet, said in zip(seen, lost, strict=True))
    )


def require_small(content: bytes) -> None:
    """Raise `EntryError` unless the bytes are a workbook that may be opened without harm."""
    if len(content) > LARGEST:
        raise EntryError(
            _(
                "The file is larger than %(most)s MB; a form's sheet is small. Take pictures and data out of it.",
                most=LARGEST // 1024 // 1024,
            )
        )
    uploads.require_workbook(content, _LARGEST_AREA)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
            raise EntryError(_("The workbook unpacks to far more than a form's sheet holds."))
    if uploads.cells_in(content) > MOST_HELD:
        raise _data(_("The workbook"))
    formulas.require_few(content)


def _lost(content: bytes) -> tuple[str, ...]:
    """What is in the package that is not kept when openpyxl saves it."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = packed.namelist()
    found = {
        "macros": any(name.endswith("vbaProject.bin") for name in names),
        "pictures": any(name.startswith(("xl/media/", "xl/drawings/drawing")) for name in names),
        "charts": any(name.startswith("xl/charts/") for name in names),
    }
    return tuple(name for name, there in found.items() if there)


def _data(name: str) -> EntryError:
    return EntryError(
        _(
            "%(name)s has more cells than a form has; a list of data is imported under Imports, not made a form of.",
            name=name,
        )
    )


def _sheet(sheet: Worksheet, lost: tuple[str, ...]) -> Sheet:
    rows, columns = _extent(sheet)
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise _data(_("The sheet “%(name)s”", name=sheet.title))
    boxes = tuple(_boxes(sheet, rows, columns))
    widths = tuple(_width(sheet, column) for column in range(1, columns + 1))
    heights = {
        row: float(said.height)
        for row, said in sheet.row_dimensions.items()
        if said.height and row <= rows
    }
    return Sheet(sheet.title, rows, columns, boxes, widths, heights, lost)


def _extent(sheet: Worksheet) -> tuple[int, int]:
    """The last row and column in which something is written or framed."""
    rows = columns = 0
    for (row, column), cell in vars(sheet)[
        "_cells"
    ].items():  # those that there are, never all of the rectangle
        if cell.value is not None or (cell.has_style and _sides(cell)):
            rows, columns = max(rows, row), max(columns, column)
    for area in sheet.merged_cells.ranges:
        first = sheet.cell(area.min_row, area.min_col)
        if first.value is not None or _sides(first):
            rows, columns = max(rows, int(area.max_row)), max(columns, int(area.max_col))
    return rows, columns


def _width(sheet: Worksheet, column: int) -> float:
    said = sheet.column_dimensions.get(get_column_letter(column))
    if said is None:  # one entry may stand for several columns
        said = next(
            (d for d in sheet.column_dimensions.values() if (d.min or 0) <= column <= (d.max or 0)),
            None,
        )
    if said is None or not said.width:
        return _WIDTH
    return 0.0 if said.hidden else round(float(said.width), 1)


def _boxes(sheet: Worksheet, rows: int, columns: int) -> list[Box]:
    merged = {(a.min_row, a.min_col): a for a in sheet.merged_cells.ranges}
    covered = {
        (row, column)
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, min(area.max_row, rows) + 1)
        for column in range(area.min_col, min(area.max_col, columns) + 1)
    } - set(merged)
    found: list[Box] = []
    for row in range(1, rows + 1):
        for column in range(1, columns + 1):
            if (row, column) in covered:
                continue
            area = merged.get((row, column))
            height = min(area.max_row, rows) - row + 1 if area else 1
            width = min(area.max_col, columns) - column + 1 if area else 1
            box = _box(sheet, row, column, height, width)
            if box.kind != "empty" or box.sides or area:
                found.append(box)
    return found


def _box(sheet: Worksheet, row: int, column: int, rows: int, columns: int) -> Box:
    cell: Any = sheet.cell(row, column)
    kind, text = _content(cell)
    corner: Any = sheet.cell(row + rows - 1, column + columns - 1)
    near, far = _sides(cell), _sides(corner) if (rows, columns) != (1, 1) else _sides(cell)
    sides = "".join(s for s in "tl" if s in near) + "".join(s for s in "br" if s in near + far)
    fill = cell.fill.fill_type if cell.has_style else None
    color = getattr(cell.fill.fgColor, "rgb", None) if fill else None
    format_ = cell.number_format if cell.has_style else ""
    return Box(
        row=row,
        column=column,
        rows=rows,
        columns=columns,
        kind=kind,
        text=text,
        sides=sides,
        bold=bool(cell.has_style and cell.font.b),
        shaded=fill == "solid" and color not in ("FFFFFFFF", "00FFFFFF", "00000000"),
        align=str(cell.alignment.horizontal or "") if cell.has_style else "",
        format="" if format_ in ("General", "@") else str(format_)[:60],
    )


def _sides(cell: Cell | Any) -> str:
    border = cell.border
    sides = (("t", border.top), ("l", border.left), ("b", border.bottom), ("r", border.right))
    return "".join(letter for letter, side in sides if side is not None and side.style)


def _content(cell: Any) -> tuple[Kind, str]:
    value = cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return "empty", ""
    if cell.data_type == "f":
        return "formula", str(getattr(value, "text", value) or "")[:500]
    if isinstance(value, date | datetime | time):
        return "date", str(value)[:10]
    if isinstance(value, bool):
        return "text", str(value)
    if isinstance(value, int | float):
        whole = isinstance(value, float) and value.is_integer()
        return "number", str(int(value) if whole else value)
    return "text", str(value)[:2000]
