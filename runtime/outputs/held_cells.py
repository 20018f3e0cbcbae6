"""The cells that a sheet holds, not those that it spans. Not for what stands in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet


def held(sheet: Worksheet) -> list[Cell]:
    """The cells of a sheet, line by line, without those that a merged one covers.

    `iter_rows` makes one for each place of the rectangle that they span: where one is only coloured, far out, those
    are a million.
    """
    from openpyxl.cell.cell import Cell  # late: it takes a while to come in

    there = sorted(vars(sheet)["_cells"].items())
    return [cell for _place, cell in there if isinstance(cell, Cell)]
