"""The blocks of a sheet: boxes that hang together by their frames, or lines without a gap. Not for what is in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from builder.excel.picture import Box, Sheet, places

_LEAST_FRAMED = 4


@dataclass(frozen=True)
class Block:
    """A rectangle of a sheet without holes: each place belongs to one box."""

    top: int
    left: int
    bottom: int
    right: int
    boxes: tuple[Box, ...]

    @cached_property
    def by_place(self) -> dict[tuple[int, int], Box]:
        """The box that covers each place of the block."""
        return {place: box for box in self.boxes for place in places(box)}

    def line(self, row: int) -> list[Box]:
        """The boxes that a row crosses, from the left, those that began above included."""
        found: dict[Box, None] = {}
        for column in range(self.left, self.right + 1):
            if box := self.by_place.get((row, column)):
                found[box] = None
        return list(found)

    def column(self, column: int) -> list[Box]:
        """The boxes that a column crosses, from the top."""
        found: dict[Box, None] = {}
        for row in range(self.top, self.bottom + 1):
            if box := self.by_place.get((row, column)):
                found[box] = None
        return list(found)

    @property
    def width(self) -> int:
        """How many columns it has."""
        return self.right - self.left + 1


def blocks_of(sheet: Sheet) -> tuple[list[Block], list[Box]]:
    """The blocks of a sheet from the top down, and the written boxes that stand outside of all of them."""
    framed = [box for box in sheet.boxes if box.framed]
    if len(framed) >= _LEAST_FRAMED:
        found = [_block(part) for part in _touching(framed)]
        inside = {box for block in found for box in block.boxes}
        free = [box for box in sheet.boxes if box.text and box not in inside]
        return sorted(found, key=lambda b: (b.top, b.left)), free
    return _unframed(sheet)


def _touching(framed: list[Box]) -> Iterator[list[Box]]:
    """Boxes in groups of those that touch one another."""
    at = {place: box for box in framed for place in places(box)}
    left = dict.fromkeys(framed)
    while left:
        first = next(iter(left))
        group, ahead = [], [first]
        del left[first]
        while ahead:
            box = ahead.pop()
            group.append(box)
            for other in _beside(box, at):
                if other in left:
                    del left[other]
                    ahead.append(other)
        yield group


def _beside(box: Box, at: dict[tuple[int, int], Box]) -> Iterator[Box]:
    for row in range(box.row, box.last_row + 1):
        for column in (box.column - 1, box.last_column + 1):
            if other := at.get((row, column)):
                yield other
    for column in range(box.column, box.last_column + 1):
        for row in (box.row - 1, box.last_row + 1):
            if other := at.get((row, column)):
                yield other


def _block(boxes: list[Box]) -> Block:
    top, left = min(b.row for b in boxes), min(b.column for b in boxes)
    bottom, right = max(b.last_row for b in boxes), max(b.last_column for b in boxes)
    return Block(top, left, bottom, right, tuple(sorted(boxes, key=lambda b: (b.row, b.column))))


def _unframed(sheet: Sheet) -> tuple[list[Block], list[Box]]:
    """Without frames a block is lines that follow one another, the first of which has several boxes."""
    lines = {
        row: [box for box in sheet.boxes if box.row == row and (box.text or box.framed)]
        for row in range(1, sheet.rows + 1)
    }
    blocks: list[Block] = []
    free: list[Box] = []
    run: list[int] = []
    for row in range(1, sheet.rows + 2):
        line = lines.get(row, [])
        begun = len(line) > 1 or (line and _asks(line[0]))
        if line and (begun or (run and len(lines[run[0]]) > 1)):
            run.append(row)
            continue
        if run:
            blocks.append(_of_lines(sheet, lines, run))
        run = []
        free += line
    return blocks, free


def _asks(box: Box) -> bool:
    return box.text.rstrip().endswith(("：", ":"))


def _of_lines(sheet: Sheet, lines: dict[int, list[Box]], run: list[int]) -> Block:
    left = min(box.column for row in run for box in lines[row])
    right = max(box.last_column for row in run for box in lines[row])
    if all(len(lines[row]) == 1 for row in run):
        right += 1  # a label alone asks for something on its right
    rows = [*run, run[-1] + 1] if _heads_alone(lines, run) else run
    boxes = [box for row in run for box in lines[row]]
    taken = {place for box in boxes for place in places(box)}
    for row in rows:
        boxes += [
            sheet.at(row, column) or Box(row, column)
            for column in range(left, right + 1)
            if (row, column) not in taken
        ]
    return Block(
        run[0], left, rows[-1], right, tuple(sorted(boxes, key=lambda b: (b.row, b.column)))
    )


def _heads_alone(lines: dict[int, list[Box]], run: list[int]) -> bool:
    """Whether there are only headers of a list, whose lines are still to be written."""
    return len(run) == 1 and len(lines[run[0]]) > 2
