"""A workbook as plain data: its boxes, merged as they are, with what is seen of them. Not for what they mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Literal

TICKS = "□☐☑☒■"
Kind = Literal["empty", "text", "number", "date", "formula"]


@dataclass(frozen=True, slots=True)
class Box:
    """One cell, or several merged to one: where it begins (from 1), how far it reaches, and how it looks."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1
    kind: Kind = "empty"
    text: str = ""
    sides: str = ""
    """Which of its sides are drawn: letters of `tlbr`."""
    bold: bool = False
    shaded: bool = False
    align: str = ""
    format: str = ""
    """Excel's number format, where it is no usual one."""

    @property
    def ticks(self) -> bool:
        """Whether it offers words to tick: `□是 □否`."""
        return self.kind == "text" and any(sign in self.text for sign in TICKS)

    @property
    def framed(self) -> bool:
        """Whether lines stand around it."""
        return len(self.sides) >= 2

    @property
    def last_row(self) -> int:
        """The last row that it covers."""
        return self.row + self.rows - 1

    @property
    def last_column(self) -> int:
        """The last column that it covers."""
        return self.column + self.columns - 1


@dataclass(frozen=True)
class Sheet:
    """One worksheet: boxes in reading order (those that are neither written in nor framed are left out)."""

    name: str
    rows: int
    columns: int
    boxes: tuple[Box, ...]
    widths: tuple[float, ...] = ()
    """Of each column, in characters."""
    heights: dict[int, float] = field(default_factory=dict)
    """In points, of rows that have one of their own."""
    lost: tuple[str, ...] = ()
    """What of the sheet is not kept: `pictures`, `charts`, `macros`."""

    @cached_property
    def by_place(self) -> dict[tuple[int, int], Box]:
        """The box that covers each place."""
        return {place: box for box in self.boxes for place in places(box)}

    def at(self, row: int, column: int) -> Box | None:
        """The box that covers this place."""
        return self.by_place.get((row, column))


@dataclass(frozen=True)
class Picture:
    """A workbook: its sheets that are shown."""

    sheets: tuple[Sheet, ...]

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {"sheets": [_sheet_json(sheet) for sheet in self.sheets]}

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> Picture:
        """From what was kept."""
        return cls(tuple(_sheet_of(one) for one in kept["sheets"]))


def places(box: Box) -> Iterator[tuple[int, int]]:
    """All places that the box covers."""
    for row in range(box.row, box.row + box.rows):
        for column in range(box.column, box.column + box.columns):
            yield row, column


_USUAL = asdict(Box(0, 0))


def _sheet_json(sheet: Sheet) -> dict[str, Any]:
    boxes = [{k: v for k, v in asdict(box).items() if v != _USUAL[k]} for box in sheet.boxes]
    return {
        "name": sheet.name,
        "rows": sheet.rows,
        "columns": sheet.columns,
        "boxes": boxes,
        "widths": list(sheet.widths),
        "heights": {str(row): height for row, height in sheet.heights.items()},
        "lost": list(sheet.lost),
    }


def _sheet_of(kept: dict[str, Any]) -> Sheet:
    return Sheet(
        name=kept["name"],
        rows=kept["rows"],
        columns=kept["columns"],
        boxes=tuple(Box(**box) for box in kept["boxes"]),
        widths=tuple(map(float, kept["widths"])),
        heights={int(row): float(height) for row, height in kept["heights"].items()},
        lost=tuple(kept["lost"]),
    )
