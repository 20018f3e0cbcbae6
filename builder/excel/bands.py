"""A block cut into bands from the top down: captions, tables with their headers, pairs of label and value.

What is a label is told by how it stands; where a sheet is filled already, by which texts the dictionary knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from builder.excel import words
from builder.excel.blocks import Block
from builder.excel.picture import Box

Knows = Callable[[str], bool]
"""Whether a text is the name of a field or indicator."""
MOST_HEADERS = 6


@dataclass(frozen=True, slots=True)
class Band:
    """Rows of a block that belong together; of a table, the rows of its headers first."""

    kind: Literal["caption", "table", "pairs"]
    top: int
    bottom: int
    heads: tuple[int, ...] = ()


def bands_of(block: Block, knows: Knows) -> Iterator[Band]:
    """The bands of a block, in their order."""
    row = block.top
    while row <= block.bottom:
        band = _caption(block, row) or _table(block, row, knows) or Band("pairs", row, row)
        yield band
        row = band.bottom + 1


def is_label(box: Box) -> bool:
    """Whether it is words, and none that are filled in later."""
    return box.kind == "text" and not box.ticks


def _caption(block: Block, row: int) -> Band | None:
    """A row that is one text over (nearly) the whole width."""
    line = block.line(row)
    if len(line) == 1 and is_label(line[0]) and (block.width > 1 or row == block.top):
        return Band("caption", row, max(row, min(line[0].last_row, block.bottom)))
    return None


def _table(block: Block, row: int, knows: Knows) -> Band | None:
    """Headers that begin in this row, and the rows under them whose boxes stand in line with them."""
    line = block.line(row)
    if not _all_words(line) or _is_pairs(block, line, knows):
        return None
    heads = _heads(block, row)
    first = heads[-1] + 1
    edges = _edges(block, heads[-1], first)
    bottom = first - 1
    while bottom < block.bottom and _goes_on(block, bottom + 1, edges, first=bottom + 1 == first):
        bottom += 1
    return Band("table", row, bottom, heads) if bottom >= first else None


def _all_words(line: Sequence[Box]) -> bool:
    """Whether a row has headers only; the corner may be empty."""
    rest = line[1:] if line and line[0].kind == "empty" else line
    return len(rest) >= 2 and all(is_label(box) or _numbers_a_column(box) for box in rest)


def _numbers_a_column(box: Box) -> bool:
    return box.kind == "number" and box.text.isdigit()


def _heads(block: Block, row: int) -> tuple[int, ...]:
    """The header rows: deeper ones divide what is merged above them, or give the columns numbers."""
    last = row
    while last < block.bottom and last - row < MOST_HEADERS:
        line, under = block.line(last), block.line(last + 1)
        reaches = any(box.last_row > last for box in line if is_label(box))
        wide = [box for box in line if box.columns > 1 and is_label(box) and box.last_row == last]
        divides = any(_inside(box, under) > 1 for box in wide)
        fits = _all_words([box for box in under if box not in line] or under)
        if not (fits and (divides or _are_numbers(under, line))) and not (
            reaches and _deeper(under, line)
        ):
            break
        last += 1
    return tuple(range(row, last + 1))


def _deeper(under: Sequence[Box], line: Sequence[Box]) -> bool:
    fresh = [box for box in under if box not in line]
    return bool(fresh) and all(is_label(box) for box in fresh)


def _inside(box: Box, under: Sequence[Box]) -> int:
    return sum(box.column <= other.column <= box.last_column for other in under if other.text)


def _are_numbers(under: Sequence[Box], line: Sequence[Box]) -> bool:
    """Whether a row only numbers the columns: 甲 乙 1 2 3."""
    texts = [box.text for box in under]
    alike = [box.column for box in under] == [box.column for box in line]
    return alike and len(under) > 2 and all(texts) and words.numbers_only(texts)


def _goes_on(block: Block, row: int, edges: set[int], *, first: bool) -> bool:
    """Whether a row still belongs to the table above it."""
    line = block.line(row)
    if _caption(block, row):
        return False
    columns = {box.column for box in line}
    crossing = columns <= edges and len(columns) >= max(2, len(edges) // 2)
    if not crossing:
        return False
    wide = [box for box in line if box.kind == "empty" and len(edges & _span(box)) > 1]
    if wide:
        return False
    return first or not (_all_words(line) and _begins_anew(block, row, line))


def _edges(block: Block, head: int, first: int) -> set[int]:
    """Where columns begin: under the headers, and where the first row divides what stands under one of them."""
    found = {box.column for box in block.line(head)}
    for box in block.line(head):
        inside = [b for b in block.line(first) if box.column < b.column <= box.last_column]
        if first <= block.bottom and inside and inside[0].kind == "text":
            found |= {b.column for b in inside}
    return found


def _span(box: Box) -> set[int]:
    return set(range(box.column, box.last_column + 1))


def _begins_anew(block: Block, row: int, line: Sequence[Box]) -> bool:
    """Whether a row of words is the headers of another table: drawn as headers, while the row above is not."""
    drawn = all(box.shaded or box.bold for box in line if box.text)
    before = block.line(row - 1)
    plain = not all(box.shaded or box.bold for box in before if box.text)
    return drawn and plain


def _is_blank(block: Block) -> bool:
    """Whether the block is still to be filled: then a row of words alone is headers."""
    return sum(box.kind == "empty" for box in block.boxes) * 4 > len(block.boxes)


def _is_pairs(block: Block, line: Sequence[Box], knows: Knows) -> bool:
    """Whether a row of words alone is labels with values that were filled in."""
    labels, values = line[0::2], line[1::2]
    if len(line) % 2 or not values:
        return False
    if all(b.shaded or b.bold for b in labels) and not any(b.shaded or b.bold for b in values):
        return True
    if any(b.shaded or b.bold for b in values):
        return False
    if all(b.text.rstrip().endswith(("：", ":")) for b in labels):
        return True
    if _is_blank(block):
        return False
    known = sum(knows(b.text) for b in labels)
    return known * 2 >= len(labels) and not any(knows(b.text) for b in values)
