"""How a form's own cells are filled when it is not from a register: carried over, of the unit, from the units below.

Not for figures of indicators, and not for totals.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from runtime.definitions.address import pointer
from runtime.definitions.compile_worked import worked_fill
from runtime.definitions.formulas import WrongFormula, names_in
from runtime.definitions.plan import Below, Carry, Formula, OfUnit, Own

OWN = ("carry", "unit", "below", "formula")
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
    return worked_fill(fill) or formula_fill(fill)


def formula_fill(fill: Mapping[str, Any]) -> Formula | None:
    """A formula over cells of the form; a name that `cells` does not give is that of a cell beside it."""
    text, cells = fill.get("formula"), fill.get("cells", {})
    if not isinstance(text, str) or not isinstance(cells, Mapping):
        return None
    try:
        names = names_in(text)
    except WrongFormula:
        return None
    return Formula(text, {name: str(cells.get(name, "1" + pointer(name))) for name in names})


def carried_rows(fill: Any) -> Carry | None:
    """The way in which a list is filled with the values that were reported before; None where it is not."""
    own = own_fill(fill)
    return own if isinstance(own, Carry) else None


def rows_below(fill: Any) -> bool:
    """Whether a list is filled with a row for each unit below."""
    return isinstance(fill, Mapping) and fill.get("below") == "rows"
