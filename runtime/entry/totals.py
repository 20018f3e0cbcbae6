"""Cells worked out from others, sums and formulas, on the server. Not for what is filled from registers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from runtime.definitions.address import pointer as pointer_of
from runtime.definitions.address import tokens
from runtime.definitions.place import cells, is_fixed, place
from runtime.definitions.plan import Cell, Formula, Plan
from runtime.definitions.values import MISSING, value_at, with_value
from runtime.entry.change import written
from runtime.fields.choices import same
from runtime.fields.numbers import exact
from runtime.fill.formula import answer_at

MOST_ROUNDS = 10
"""Sums of sums, so often at most."""


def with_totals(plan: Plan, data: Any, choices: Mapping[str, str] | None = None) -> Any:
    """`data` with every sum and formula worked out anew from what it is made of.

    In a sum only numbers that are there count; where none is, it is absent. A formula wants all of its parts. What
    is right already stays as it is written.
    """
    if not has_totals(plan):
        return data
    for _round in range(MOST_ROUNDS):  # by a sum that comes or goes, other cells may
        before, data = data, _worked_out(plan, data, choices)
        if data is before or is_fixed(plan):
            break
    return data


def _worked_out(plan: Plan, data: Any, choices: Mapping[str, str] | None) -> Any:
    """The same for the cells that are there now."""
    sums = [
        (part.pointer, part.node)
        for part in cells(place(plan, data, choices))
        if isinstance(part.node, Cell) and part.node.computed and part.locked in ("", "value")
    ]
    for _round in range(MOST_ROUNDS):
        before = data
        for pointer, node in sums:
            data = _with_sum(plan, data, pointer, made_of(data, pointer, node))
        if data is before:
            break
    return data


def made_of(data: Any, pointer: str, node: Cell) -> int | Decimal | None:
    """What the computed cell at `pointer` comes to; None where that is nothing."""
    if not isinstance(node.own, Formula):
        return total(data, pointer, node.total_of)
    value, _why = answer_at(data, pointer, node)
    return None if value is MISSING else value


def total(data: Any, pointer: str, summands: tuple[str, ...]) -> int | Decimal | None:
    """The sum of the numbers that the relative pointers lead to from `pointer`; None where there are none."""
    found: int | Decimal | None = None
    for relative in summands:
        fixed = fixed_place(pointer, relative)
        there = [fixed] if fixed else map(tokens, places(data, pointer, relative))
        for steps in there:
            number = exact(at(data, steps))
            if number is not None:
                found = number if found is None else found + number
    return found


@lru_cache(maxsize=65_536)
def fixed_place(pointer: str, relative: str) -> tuple[str, ...]:
    """The steps to the one place that `relative` leads to, whatever the data; empty where that depends."""
    up, slash, rest = relative.partition("/")
    steps = tokens(pointer)
    if not slash or not up.isdecimal() or int(up) > len(steps) or "*" in rest.split("/"):
        return ()
    found = (*steps[: len(steps) - int(up)], *tokens(f"/{rest}"))
    return found if found != steps else ()


def at(data: Any, steps: tuple[str, ...]) -> Any:
    """What stands at the end of the steps, without spelling a pointer where there are only objects."""
    for n, step in enumerate(steps):
        if data is MISSING:
            return data
        if data.__class__ is not dict:
            return value_at(data, pointer_of(*steps[n:]))
        data = data.get(step, MISSING)
    return data


def places(data: Any, pointer: str, relative: str) -> Iterator[str]:
    """The pointers that a Relative JSON Pointer with `*` leads to, never `pointer` itself."""
    up, slash, rest = relative.partition("/")
    steps = tokens(pointer)
    if not up.isdecimal() or int(up) > len(steps):
        return
    start = steps[: len(steps) - int(up)]
    for found in _spread(
        value_at(data, pointer_of(*start)), start, tuple(rest.split("/")) if slash else ()
    ):
        place_of = pointer_of(*found)
        if place_of != pointer:
            yield place_of


def _spread(
    value: Any, above: tuple[str, ...], steps: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    if not steps:
        yield above
        return
    step, rest = steps[0].replace("~1", "/").replace("~0", "~"), steps[1:]
    if step != "*":
        yield from _spread(value_at(value, pointer_of(step)), (*above, step), rest)
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _spread(part, (*above, str(index)), rest)
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _spread(part, (*above, name), rest)


def _with_sum(plan: Plan, data: Any, pointer: str, found: int | Decimal | None) -> Any:
    before = value_at(data, pointer)
    if found is not None:
        return data if same(before, found) else written(plan, data, pointer, found)
    if before is MISSING:
        return data
    if isinstance(value_at(data, pointer.rpartition("/")[0]), list):  # what follows keeps its place
        return data if before is None else with_value(data, pointer, None)
    return with_value(data, pointer, MISSING)


def has_totals(plan: Plan) -> bool:
    """Whether any cell of the plan is a sum or formula."""
    found = _known.get(id(plan))
    if found is None or found[0] is not plan:
        if len(_known) >= _MOST_PLANS:
            _known.clear()
        there = any(_sums(node) for node in (plan.root, *plan.parts.values()))
        found = _known[id(plan)] = (plan, there)
    return found[1]


_MOST_PLANS = 256
_known: dict[int, tuple[Plan, bool]] = {}


def _sums(node: Any) -> bool:
    if isinstance(node, Cell):
        return node.computed
    inner = [*getattr(node, "children", ()), *(b.node for b in getattr(node, "branches", ()))]
    inner += [c for line in getattr(node, "cells", ()) for c in line if c is not None]
    inner += [node.item] if hasattr(node, "item") else []
    return any(map(_sums, inner))
