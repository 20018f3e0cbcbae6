"""How a form's own cells are filled when it is not from a register: carried over, of the unit, from the units below.

Not for figures of indicators, and not for totals.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from runtime.definitions.plan import Below, Carry, OfUnit, Own

OWN = ("carry", "unit", "below")
"""Ways to fill that stand in a form itself."""


def own_fill(fill: Any) -> Own | None:
    """The way that a cell's `fill` names; None where it names none of these, or of nothing that could be."""
    if not isinstance(fill, Mapping):
        return None
    carry, unit, of = fill.get("carry"), fill.get("unit"), fill.get("of")
    if carry is True or isinstance(carry, str):
        return Carry(carry if isinstance(carry, str) else "")
    if unit in ("title", "code", "level"):
        return OfUnit(cast("Any", unit))
    if fill.get("below") in ("sum", "cell"):
        return Below(of if isinstance(of, str) else "")
    return None


def rows_below(fill: Any) -> bool:
    """Whether a list is filled with a row for each unit below."""
    return isinstance(fill, Mapping) and fill.get("below") == "rows"
