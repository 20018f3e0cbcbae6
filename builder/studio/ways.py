"""In which ways a part of a form may be filled, given what it is and where it stands. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from builder.edits.spots import Document
from builder.studio.canvas import Part
from runtime.api import SOURCES
from runtime.api import gettext as _


def titles() -> dict[str, str]:
    """What each way is called."""
    return {
        "typed": _("Typed by staff"),
        "carry": _("Carried over from the period before"),
        "unit": _("What is known of the unit"),
        "below": _("The sum of what the units below reported"),
        "cell-below": _("What the unit below reported"),
        "worked": _("Worked out from other cells"),
        "formula": _("A formula as in Excel"),
        "source": _("Asked of a program (source)"),
        "list": _("A row for each subject of a register"),
        "rows-below": _("A row for each unit below"),
    }


def ways(
    part: Part, whole: Mapping[str, Any], document: Document, around: Mapping[str, Any]
) -> list[str]:
    """The ways that make sense of it; `whole` is its schema, `around` that of the list in which it stands."""
    known = (
        list(_of_list(whole, document))
        if part.kind == "rows"
        else list(_of_cell(part, whole, document, around))
    )
    return ["typed", *known]


def _of_list(whole: Mapping[str, Any], document: Document) -> Iterator[str]:
    yield "list"
    if _has_below(document):
        yield "rows-below"
    if "frequency" in document and not _has_cells(whole.get("items")):
        yield "carry"


def _of_cell(
    part: Part, whole: Mapping[str, Any], document: Document, around: Mapping[str, Any]
) -> Iterator[str]:
    in_rows, kind, periodic = "/*" in part.pointer, whole.get("type"), "frequency" in document
    fill = around.get("fill")
    of_unit = isinstance(fill, Mapping) and fill.get("below") == "rows"
    if periodic and not in_rows:
        yield "carry"
    if periodic and kind == "string" and (of_unit or not in_rows):
        yield "unit"
    if kind in ("integer", "number"):
        if not in_rows and _has_below(document):
            yield "below"
        yield from ("worked", "formula")
    if of_unit:
        yield "cell-below"
    if SOURCES and kind != "object":
        yield "source"


def _has_below(document: Document) -> bool:
    levels = document.get("level")
    return "frequency" in document and isinstance(levels, list) and len(levels) > 1


def _has_cells(items: Any) -> bool:
    return isinstance(items, Mapping) and ("properties" in items or items.get("type") == "object")
