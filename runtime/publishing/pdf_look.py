"""A sheet laid out as its PDF would be, and looked at: text beyond its box, characters that no font has."""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from runtime.outputs.pdf import laid_out

TOLERANCE = 1.5
"""Pixels that rounding may put a text beyond its box."""
SHOWN = 40
"""Characters of a text that are told."""


@dataclass(frozen=True, slots=True)
class Beyond:
    """A text that runs out of its box."""

    text: str
    page: int


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen: how many pages, texts beyond their boxes, texts with characters that no font has."""

    pages: int
    beyond: tuple[Beyond, ...]
    strange: tuple[str, ...]


def looked_at(page: str) -> Look:
    """Lay the HTML page of a sheet out and look at every text in it."""
    laid = laid_out(page)
    beyond: list[Beyond] = []
    texts: dict[str, Any] = {}
    for number, one in enumerate(laid.pages, 1):
        root = one._page_box
        edge = root.content_box_x() + root.width
        for box, right in _texts(root, edge):
            texts.setdefault(box.text, box)
            if box.position_x + box.width > right + TOLERANCE:
                beyond.append(Beyond(box.text[:SHOWN], number))
    strange = [text[:SHOWN] for text, box in texts.items() if _has_strange(box)]
    return Look(len(laid.pages), tuple(beyond), tuple(strange))


def _texts(box: Any, edge: float) -> Iterator[tuple[Any, float]]:
    """Every text of the sheet itself (not of its margins), with the edge that it must keep within."""
    from weasyprint.formatting_structure import boxes

    if isinstance(box, boxes.MarginBox):
        return
    if isinstance(box, boxes.TableCellBox):
        edge = min(edge, box.content_box_x() + box.width + box.padding_right)
    if isinstance(box, boxes.TextBox):
        yield box, edge
    for child in getattr(box, "children", ()):
        yield from _texts(child, edge)


def _has_strange(box: Any) -> bool:
    """Whether a character of the text is in no font; False where that cannot be asked."""
    count = _counter()
    if count is None or box.text.isascii():
        return False
    from weasyprint.text.ffi import ffi

    layout = box.pango_layout
    layout.reactivate(box.style)
    try:
        layout.set_text(box.text)
        return count(int(ffi.cast("uintptr_t", layout.layout))) > 0
    finally:
        layout.deactivate()


@cache
def _counter() -> Callable[[int], int] | None:
    """Pango's own count of glyphs that it has not, which WeasyPrint does not pass on."""
    name = ctypes.util.find_library("pango-1.0") or "libpango-1.0.so.0"
    try:
        function = ctypes.CDLL(name).pango_layout_get_unknown_glyphs_count
    except (OSError, AttributeError):
        return None
    function.argtypes, function.restype = [ctypes.c_void_p], ctypes.c_int
    return function
