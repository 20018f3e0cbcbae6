"""Rows of labels with their values beside them: which cells they leave to fill. Not for tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from builder.excel import words
from builder.excel.bands import Knows, is_label
from builder.excel.picture import Box


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and the cell beside it; `unit` where the unit stands behind the cell."""

    label: str
    box: Box
    unit: str = ""


def pairs_of(line: Sequence[Box], row: int, knows: Knows) -> Iterator[Pair]:
    """The pairs of one row: each cell that is not words, with the words before it; of words alone, two by two."""
    line = list(line)
    values = _values(line, knows)
    label: Box | None = None
    for at, box in enumerate(line):
        if at not in values:
            label = box if box.text else label
            continue
        if label is not None and box.row == row and box.kind != "formula":
            after = line[at + 1] if at + 1 < len(line) else None
            unit = after.text.strip() if after is not None and _is_unit(after) else ""
            yield Pair(" ".join(label.text.split()).rstrip("：: "), box, unit)
        label = None


def _values(line: Sequence[Box], knows: Knows) -> set[int]:
    """Which of the boxes are values: what is no text, and texts behind a label that the next label follows."""
    found = {at for at, box in enumerate(line) if not is_label(box)}
    texts = [box for box in line if is_label(box)]
    if len(texts) == len(line) and len(line) % 2 == 0:
        return set(range(1, len(line), 2))
    for at, box in enumerate(line):
        before = line[at - 1] if at else None
        if at in found or before is None or at - 1 in found or not is_label(before):
            continue
        drawn = (before.shaded or before.bold) and not (box.shaded or box.bold)
        named = (
            knows(before.text)
            and not knows(box.text)
            and not box.text.rstrip().endswith(("：", ":"))
        )
        if (drawn or named) and not _is_unit(box):
            found.add(at)
    return found


def _is_unit(box: Box) -> bool:
    return box.text.strip().casefold() in words.MEASURES
