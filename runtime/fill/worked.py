"""Figures that are worked out from other figures: ratios, and formulas over indicators. Not for cells of the form.

They are never kept: a ratio of a street is that of its two figures, not made from the ratios below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Protocol

from runtime.definitions.plan import CellFill, Part, Ratio, Rule, Worked
from runtime.fields.base import MISSING
from runtime.fields.numbers import exact
from runtime.fill.formula import MISSING_PART, ZERO, worked_out
from runtime.fill.provenance import Provenance
from runtime.rules.figures import Figures, exactly, rounded


class Counted(Protocol):
    """What knows the figures of one rule."""

    @property
    def rule(self) -> Rule:
        """The rule."""

    @property
    def figures(self) -> Figures:
        """All figures of it, from the tallies or by a scan."""


Answer = tuple[Any, str]
"""A number, or `MISSING` and why there is none."""


def worked(
    own: Ratio | Worked, parts: Mapping[str, Part], counters: Mapping[str, Counted], digits: int
) -> tuple[Any, Provenance]:
    """The value of a cell that is worked out from figures, and what is to be told of it."""

    def figure(reference: str) -> Any:
        return _figure(reference, parts, counters)

    value, why = _answer(own, figure, digits)
    named = own.parts if isinstance(own, Ratio) else tuple(own.parts.values())
    told: Provenance = {"kind": "formula", "parts": [_told(one, figure(one)) for one in named]}
    return value, {**told, "empty": why} if why else told


def _told(reference: str, value: Any) -> dict[str, Any]:
    number = None if value is MISSING else value
    return {"rule": reference, "value": str(number) if isinstance(number, Decimal) else number}


def _answer(own: Ratio | Worked, figure: Callable[[str], Any], digits: int) -> Answer:
    if isinstance(own, Worked):
        return worked_out(own.text, {k: figure(ref) for k, ref in own.parts.items()}, digits)
    upper, lower = (exact(figure(reference)) for reference in own.parts)
    if upper is None or lower is None:
        return MISSING, MISSING_PART
    if lower == 0:
        return MISSING, ZERO
    return rounded(upper * 100 if own.percent else upper, lower, digits), ""


def _figure(reference: str, parts: Mapping[str, Part], counters: Mapping[str, Counted]) -> Any:
    """The exact value of a part; `MISSING` where it is not known."""
    part = parts.get(reference)
    if part is None:
        return MISSING
    if part.own is not None:
        value, _why = _answer(part.own, lambda inner: _figure(inner, parts, counters), part.digits)
        return value
    return _counted(part.fill, counters)


def _counted(fill: CellFill | None, counters: Mapping[str, Counted]) -> Any:
    counter = counters.get(fill.rule) if fill else None
    if fill is None or counter is None:
        return MISSING
    return exactly(counter.rule, counter.figures.of(fill.codes))
