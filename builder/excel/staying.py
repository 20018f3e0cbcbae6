"""What of a sheet stays on it, filled or not, beside its headers and labels: for its designer to look through."""

from __future__ import annotations

from collections.abc import Iterator

from openpyxl.utils import get_column_letter

from builder.excel import about, words
from builder.excel.keeping import Kept
from builder.excel.picture import Box


def stays(kept: Kept) -> list[str]:
    """Place and text of each such cell, as `Sheet!A1: text`, of a sheet that was emptied (`Kept.emptied`)."""
    known = _known(kept)
    return [
        f"{sheet.name}!{get_column_letter(box.column)}{box.row}: {' '.join(box.text.split())}"
        for sheet in kept.picture.sheets
        for box in sheet.boxes
        if box.kind not in ("empty", "formula") and not _is_label(box, known)
    ]


def _known(kept: Kept) -> frozenset[str]:
    """All words that were understood: headers, labels, captions, titles."""
    return frozenset(words.plain(text) for text in _texts(kept))


def _texts(kept: Kept) -> Iterator[str]:
    yield from kept.read.titles
    for part in kept.read.parts:
        yield from (part.caption, part.corner)
    for slot in kept.read.slots:
        yield from (*slot.beside, *slot.over)


def _is_label(box: Box, known: frozenset[str]) -> bool:
    said = words.plain(box.text)
    if not said or said in known or box.ticks:
        return True
    return bool(about.whole(box.text) or about.measure_in(box.text) or about.is_personal(box.text))
