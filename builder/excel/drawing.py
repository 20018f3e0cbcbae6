"""A sheet as a page draws it: rows of cells with their spans, widths, and what is decided of those to fill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from builder.excel.choices import Choice
from builder.excel.picture import Box, Sheet

_PIXELS = 8.6
"""Of one character's width."""
_LEAST, _MOST = 40, 420


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that a cell asks for: its choice, and what the cell shows of it."""

    choice: Choice
    said: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One cell of the drawn sheet."""

    place: str
    text: str
    rows: int
    columns: int
    look: str
    """Classes: sides, weight, shade, alignment."""
    asked: tuple[Asked, ...] = ()


def widths(sheet: Sheet) -> list[int]:
    """The columns' widths in pixels; nothing for a hidden one."""
    return [min(_MOST, max(_LEAST, round(w * _PIXELS))) if w else 0 for w in sheet.widths]


def rows(sheet: Sheet, asked: Mapping[tuple[int, int], Sequence[Asked]]) -> Iterator[list[Drawn]]:
    """Row by row the cells that begin there; where nothing stands there is an empty one."""
    reached = set(asked)
    covered: set[tuple[int, int]] = set()
    last = max([sheet.rows, *(row for row, _c in reached)], default=0)
    wide = max([sheet.columns, *(column for _r, column in reached)], default=0)
    for row in range(1, last + 1):
        line: list[Drawn] = []
        for column in range(1, wide + 1):
            if (row, column) in covered:
                continue
            box = sheet.at(row, column) or Box(row, column)
            covered |= {
                (r, c)
                for r in range(row, box.last_row + 1)
                for c in range(column, box.last_column + 1)
            }
            line.append(_drawn(box, tuple(asked.get((row, column), ()))))
        yield line


def place_of(choice: Choice) -> str:
    """A cell's place as Excel names it: B5."""
    return name_of(choice.slot.row, choice.slot.column)


def name_of(row: int, column: int) -> str:
    """A place as Excel names it."""
    from openpyxl.utils import get_column_letter  # late: openpyxl takes a while to come in

    return f"{get_column_letter(column)}{row}"


def _drawn(box: Box, asked: tuple[Asked, ...]) -> Drawn:
    look = [f"b{side}" for side in box.sides]
    look += ["bold"] if box.bold else []
    look += ["shaded"] if box.shaded else []
    look += [box.align] if box.align in ("center", "right") else []
    look += ["end"] if box.kind == "number" and not box.align else []
    look += ["sum"] if box.kind == "formula" else []
    return Drawn(
        name_of(box.row, box.column),
        box.text,
        box.rows,
        box.columns,
        " ".join(look),
        asked,
    )
