"""A table's cells to fill with the words over and beside them; whether it is a cross-table or a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from builder.excel import words
from builder.excel.bands import Band, Knows, is_label
from builder.excel.blocks import Block
from builder.excel.picture import Box

Role = Literal["label", "slot", "index", "unit", "nothing"]


@dataclass(frozen=True, slots=True)
class Found:
    """A cell to fill of a table, as it stands."""

    box: Box
    beside: tuple[str, ...]
    over: tuple[str, ...]
    line: int
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """What a table asks for."""

    kind: Literal["cross", "list"]
    corner: str
    cells: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class _Column:
    """One column under its headers: the boxes of the body, and what it is for."""

    at: int
    over: tuple[str, ...]
    boxes: tuple[Box, ...]
    role: Role


def table_of(block: Block, band: Band, knows: Knows) -> Table:
    """The table that a band is."""
    columns = _columns(block, band)
    is_list = _is_list(columns, knows)
    if is_list:
        columns = [_as_list(column) for column in columns]
    cells = tuple(
        found for panel in _panels(columns) for found in _cells(block, band, panel, is_list)
    )
    corner = next((c.over[-1] for c in columns if c.role == "label" and c.over), "")
    return Table("list" if is_list else "cross", corner, cells)


def _columns(block: Block, band: Band) -> list[_Column]:
    first = block.line(band.heads[-1] + 1)
    edges = {box.column for box in (*block.line(band.heads[-1]), *first)}
    numbering = _numbering(block, band)
    heads = [row for row in band.heads if row != numbering]
    found: list[_Column] = []
    for at in sorted(edges):
        over = _over(block, heads, at)
        boxes = tuple(_body(block, band, at))
        found.append(_Column(at, over, boxes, _role(over, boxes, len(found))))
    return found


def _numbering(block: Block, band: Band) -> int:
    last = block.line(band.heads[-1])
    texts = [box.text for box in last]
    return band.heads[-1] if len(band.heads) > 1 and words.numbers_only(texts) and all(texts) else 0


def _over(block: Block, heads: Sequence[int], column: int) -> tuple[str, ...]:
    """The words over a column from the top down, each once."""
    seen: dict[Box, None] = {}
    for row in heads:
        box = block.by_place.get((row, column))
        if box is not None and box.text:
            seen[box] = None
    return tuple(_said(box) for box in seen)


def _said(box: Box) -> str:
    return " ".join(box.text.split())


def _body(block: Block, band: Band, column: int) -> Iterator[Box]:
    before: Box | None = None
    for row in range(band.heads[-1] + 1, band.bottom + 1):
        box = block.by_place.get((row, column))
        if box is not None and box is not before:
            yield box
        before = box


def _role(over: tuple[str, ...], boxes: Sequence[Box], at: int) -> Role:
    texts = [box.text for box in boxes if box.text]
    head = words.bare(over[-1]) if over else ""
    if not boxes:
        return "nothing"
    if head in words.UNITS and texts and all(is_label(b) for b in boxes if b.text):
        return "unit"
    if texts and _counts_up(texts) and (at <= 2 or head in words.INDEX):
        return "index"
    if head in words.INDEX and texts and all(words.plain(t).isdigit() for t in texts):
        return "index"
    said = sum(is_label(box) for box in boxes)
    if said and said == len(boxes) and all(t.strip().casefold() in words.MEASURES for t in texts):
        return "unit"
    return "label" if said * 5 >= len(boxes) * 3 else "slot"


def _counts_up(texts: Sequence[str]) -> bool:
    plain = [words.plain(t) for t in texts]
    return (
        all(t.isdigit() for t in plain)
        and [int(t) for t in plain] == list(range(int(plain[0]), int(plain[0]) + len(plain)))
        and int(plain[0]) <= 1
    )


def _is_list(columns: Sequence[_Column], knows: Knows) -> bool:
    """Whether each line is a subject of its own, and no line has a name: so too where values stand already."""
    labels = [c for c in columns if c.role == "label"]
    if not labels:
        return True
    filled = [box for c in columns if c.role == "slot" for box in c.boxes]
    if not filled:
        return True
    if sum(box.kind == "empty" for box in filled) * 2 > len(filled):
        return False
    known = [c for c in columns if c.over and knows(c.over[-1])]
    usual = [c for c in labels if c.over and knows(c.over[-1])]
    return len(known) * 2 > len([c for c in columns if c.role != "index"]) and len(usual) == len(
        labels
    )


def _as_list(column: _Column) -> _Column:
    """Whatever stands in the column of a list is a value."""
    role: Role = column.role if column.role in ("index", "nothing") else "slot"
    return _Column(column.at, column.over, column.boxes, role)


def _panels(columns: Sequence[_Column]) -> Iterator[list[_Column]]:
    """The table cut where labels begin anew on the right of what is filled."""
    panel: list[_Column] = []
    for column in columns:
        if column.role == "label" and any(c.role == "slot" for c in panel):
            yield panel
            panel = []
        panel.append(column)
    if panel:
        yield panel


def _cells(block: Block, band: Band, panel: Sequence[_Column], is_list: bool) -> Iterator[Found]:
    labels = [column for column in panel if column.role == "label"]
    units = [column for column in panel if column.role == "unit"]
    first = band.heads[-1] + 1
    for row in range(first, band.bottom + 1):
        beside = () if is_list else tuple(_beside(block, row, labels))
        unit = next(
            (b.text for c in units if (b := block.by_place.get((row, c.at))) and b.text), ""
        )
        for column in panel:
            box = block.by_place.get((row, column.at))
            if column.role != "slot" or box is None or box.row != row or box.column != column.at:
                continue
            if box.kind == "formula" or (is_label(box) and not is_list):
                continue
            if not is_list and not beside:
                continue
            yield Found(box, beside, column.over, row - first, unit)


def _beside(block: Block, row: int, labels: Sequence[_Column]) -> Iterator[str]:
    seen: set[Box] = set()
    for column in labels:
        box = block.by_place.get((row, column.at))
        if box is not None and box.text and box not in seen:
            seen.add(box)
            yield _said(box)
