"""Labels and values set into the boxes of a grid, the last of a line stretched to the edge."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.outputs.clean import width
from runtime.outputs.tree import Block, Fields, Line, Section

_SHARES: dict[int, tuple[tuple[int, ...], ...]] = {
    1: ((180, 820), (230, 770), (300, 700)),
    2: ((180, 320) * 2, (230, 270) * 2, (250, 250) * 2),
    3: ((130, 203, 130, 203, 130, 204), (150, 183, 150, 183, 150, 184)),
    4: ((110, 140) * 4, (125, 125) * 4),
}
"""Label, value, label, value … in thousandths, for labels short, longer and long: the same few on every
sheet, so that grids stand in line."""


@dataclass(frozen=True, slots=True)
class FieldPlace:
    """A line in the grid; its value takes `span` columns."""

    line: Line
    span: int


@dataclass(frozen=True, slots=True)
class FieldGrid:
    """Rows of places, and the widths of all columns (label, value, label, value …) in thousandths."""

    rows: tuple[tuple[FieldPlace, ...], ...]
    widths: tuple[int, ...]


def grid_of(fields: Fields) -> FieldGrid:
    """The grid of these fields: narrow ones beside one another, full ones alone in their line."""
    columns = min(fields.columns, max(1, sum(_pairs(line, 9) < 9 for line in fields.lines)))
    rows: list[list[FieldPlace]] = []
    room = 0
    for line in fields.lines:
        wanted = _pairs(line, columns)
        if wanted > room:
            rows.append([])
            room = columns
        rows[-1].append(FieldPlace(line, 2 * wanted - 1))
        room -= wanted
    return FieldGrid(tuple(_stretched(row, columns) for row in rows), _widths(fields, columns))


def _pairs(line: Line, columns: int) -> int:
    if line.width == "full":
        return columns
    return min(columns, 2) if line.width == "wide" else 1


def _stretched(row: list[FieldPlace], columns: int) -> tuple[FieldPlace, ...]:
    used = sum(place.span + 1 for place in row)
    last = row[-1]
    return (*row[:-1], FieldPlace(last.line, last.span + 2 * columns - used))


def _widths(fields: Fields, columns: int) -> tuple[int, ...]:
    shares = _SHARES[columns]
    return shares[min(fields.room, len(shares) - 1)]


def room_of(blocks: tuple[Block, ...]) -> int:
    """How much room the labels of these blocks want, as `Fields.room`."""
    return max(map(_room, blocks), default=0)


def _room(block: Block) -> int:
    if isinstance(block, Section):
        return room_of(block.blocks)
    if not isinstance(block, Fields):
        return 0
    longest = max((width(line.label) for line in block.lines), default=0)
    return sum(longest > limit for limit in (36 // block.columns, 52 // block.columns))
