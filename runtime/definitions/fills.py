"""What a `fill` is about: its one operation, and the register that it reads. Not whether it is right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runtime.definitions.address import pointer
from runtime.definitions.formulas import WrongFormula, names_in

FIGURES = ("count", "sum", "average", "min", "max", "distinct")
"""Operations over the subjects of a register that give one figure."""

ADDITIVE = frozenset({"count", "sum"})
"""Figures whose total over a breakdown is the sum of its members."""

OF_A_FIELD = frozenset(FIGURES) - {"count"}
"""Figures of one field of the subjects."""


def operation(fill: Any) -> str:
    """The operation over a register, `""` where there is none."""
    return next((op for op in FIGURES if isinstance(fill, Mapping) and op in fill), "")


def register_of(fill: Any) -> str:
    """The short name of the register that a figure or the rows are read from, `""` where there is none."""
    name = fill.get(operation(fill) or "list") if isinstance(fill, Mapping) else None
    return name if isinstance(name, str) else ""


def with_cells(fill: dict[str, Any], address: str) -> dict[str, Any]:
    """An indicator's `fill` in which a formula says of each name what it is: by itself, an indicator of the group."""
    text, cells = fill.get("formula"), fill.get("cells", {})
    if not isinstance(text, str) or not isinstance(cells, dict):
        return fill
    try:
        names = names_in(text)
    except WrongFormula:  # the check says so
        return fill
    group = {name: f"{address}#{pointer('properties', name)}" for name in names}
    return {**fill, "cells": {**group, **cells}}
