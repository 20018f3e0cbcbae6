"""Checks of what a form fills in a way of its own: carried over, of the unit, from units below. Not of registers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from runtime.definitions.address import tokens
from runtime.definitions.check_indicators import OPERATIONS
from runtime.definitions.check_worked import cell
from runtime.definitions.codes import problem
from runtime.definitions.compile_own import OWN
from runtime.definitions.spots import ROWS, Path, Spot, Spots
from runtime.definitions.view import View, as_list
from runtime.errors import Problem
from runtime.language import gettext as _

_READ = {
    "carry": {"carry"},
    "unit": {"unit"},
    "below": {"below", "of"},
    "formula": {"formula", "cells"},
}
_BESIDE = {"field", "on", "where", "order", "of", "cells", "percent"}


def is_own(fill: dict[str, Any]) -> bool:
    """Whether the `fill` is one that this module judges."""
    return any(key in fill for key in OWN)


def own(view: View, spots: Spots, place: str, fill: dict[str, Any]) -> Iterator[Problem]:
    """What is wrong with a `fill` in a form that reads no register."""
    found = [key for key in (*OPERATIONS, *OWN) if key in fill]
    if len(found) > 1:
        text = _("A `fill` has one way to find the value, and this has %(count)s; keep one.",
                 count=len(found))  # fmt: skip
        yield problem("fill-operation", text, view.address, place + "/fill")
        return
    way = found[0]
    yield from _beside(view, place, fill, way)
    spot = next((s for s in spots.values() if any(p == place for _s, p in s.parts)), None)
    if spot is None:
        return
    if way in ("carry", "below") and not view.document.get("frequency"):
        text = _("`%(way)s` needs a form with a `frequency`: it looks at other reports.", way=way)
        yield problem("fill-period", text, view.address, f"{place}/fill/{way}")
        return
    yield from _WAYS[way](view, spots, spot, place, fill)


def _beside(view: View, place: str, fill: dict[str, Any], way: str) -> Iterator[Problem]:
    for key in fill:
        if key in _BESIDE and key not in _READ[way]:
            text = _("`%(key)s` means nothing beside `%(operation)s`; take it out.",
                     key=key, operation=way)  # fmt: skip
            yield problem("fill-beside", text, view.address, f"{place}/fill/{key}")


def _carried(
    view: View, spots: Spots, spot: Spot, place: str, fill: dict[str, Any]
) -> Iterator[Problem]:
    here = place + "/fill/carry"
    if ROWS in spot.path or not spots.leaf(spot.path):
        text = _("Only a single cell outside of rows carries over what was reported before.")
        yield problem("fill-place", text, view.address, here)
    elif isinstance(fill["carry"], str):
        yield from _pointed(view, spots, spot, here, fill["carry"])


def _unit(
    view: View, _spots: Spots, spot: Spot, place: str, _fill: dict[str, Any]
) -> Iterator[Problem]:
    if spot.says("type") != "string":
        text = _("What is known of a unit is a text; give the cell the `type` string.")
        yield problem("fill-type", text, view.address, place + "/fill/unit")


def _below(
    view: View, spots: Spots, spot: Spot, place: str, fill: dict[str, Any]
) -> Iterator[Problem]:
    here, how = place + "/fill/below", fill["below"]
    if len(as_list(view.document.get("level"))) < 2:
        text = _("No unit below owes this form: name in `level` those that add up and those below.")
        yield problem("fill-below", text, view.address, here)
    if how == "rows":
        if spot.says("type") != "array" or ROWS in spot.path or "of" in fill:
            text = _('`"below": "rows"` fills an array with a row for each unit, without `of`.')
            yield problem("fill-place", text, view.address, here)
        return
    if (how == "cell") != _in_rows_below(spots, spot.path):
        text = _('In rows of the units below a cell has `"below": "cell"`, elsewhere `"sum"`.')
        yield problem("fill-place", text, view.address, here)
    elif how == "sum" and (not spot.number() or ROWS in spot.path):
        text = _("Only a number outside of rows is the sum of the units below.")
        yield problem("fill-type", text, view.address, here)
    elif how == "cell" and "of" not in fill:
        text = _("Name in `of` the cell that each unit has reported.")
        yield problem("fill-incomplete", text, view.address, place + "/fill")
    if isinstance(fill.get("of"), str):
        yield from _pointed(view, spots, spot, place + "/fill/of", fill["of"])


def _in_rows_below(spots: Spots, path: Path) -> bool:
    if ROWS not in path:
        return False
    rows = spots.get(path[: path.index(ROWS)])
    fill = rows.says("fill") if rows else None
    return isinstance(fill, dict) and fill.get("below") == "rows"


def _pointed(view: View, spots: Spots, spot: Spot, place: str, named: str) -> Iterator[Problem]:
    """The other cell must be there, outside of rows, and hold what this one can."""
    path = tokens(named)
    other = spots.get(path)
    if other is None or ROWS in path or not spots.leaf(path):
        text = _("%(pointer)s is no single cell of this form; correct it.", pointer=named)
        yield problem("fill-pointer", text, view.address, place)
        return
    kinds = {other.says("type"), spot.says("type")}
    if len(kinds) > 1 and not (kinds == {"integer", "number"} and spot.says("type") == "number"):
        text = _(
            "%(pointer)s holds another type than this cell; correct one of them.", pointer=named
        )
        yield problem("fill-type", text, view.address, place)


_WAYS = {"carry": _carried, "unit": _unit, "below": _below, "formula": cell}
