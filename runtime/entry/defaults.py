"""The `default` of cells: what an entry, a row or a part that appears begins with. Not for what somebody has emptied.

A default is a proposal. It is no value of a register, so a new entry holds it without provenance, and the screen
shows it as an editable cell with no mark; it is offered only where no register knows better, never in cells that
are read-only or worked out, and never over data. What a save adds of it bears the name of whoever saved.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import simplejson

from runtime.definitions.place import cells, is_fixed, place
from runtime.definitions.plan import AnyNode, Cell, Plan
from runtime.definitions.values import MISSING
from runtime.entry.change import blank, written

MOST_ROUNDS = 10
"""A default may make parts appear that have defaults of their own; so often is looked."""


def with_defaults(
    plan: Plan,
    data: Any,
    choices: Mapping[str, str] | None = None,
    within: str = "",
    *,
    but: Container[str] = (),
) -> Any:
    """`data` with the defaults of all drawn cells that hold nothing yet, parts that appear by them included.

    Only those below `within`, and none at the pointers of `but`.
    """
    for _round in range(MOST_ROUNDS):
        before = data
        data = offered(plan, data, choices, within, but=but)
        if data is before:
            break
    return data


def offered(
    plan: Plan,
    data: Any,
    choices: Mapping[str, str] | None = None,
    within: str = "",
    *,
    but: Container[str] = (),
) -> Any:
    """The same for what is drawn now only: what appears because of it may be known from elsewhere."""
    for part in cells(place(plan, data, choices)):
        node = part.node
        assert isinstance(node, Cell)
        if part.value is not MISSING or part.locked or part.pointer in but or not proposes(node):
            continue
        if f"{part.pointer}/".startswith(f"{within}/"):
            data = written(plan, data, part.pointer, proposed_of(node))
    return data


def proposes(node: Cell) -> bool:
    """Whether the cell has a default that a person could have typed."""
    return "default" in node.options and not node.read_only and not node.computed


def proposed_of(node: Cell) -> Any:
    """The default of a cell that `proposes` one."""
    return _value(node.options["default"])


def new_row(plan: Plan, node: AnyNode) -> Any:
    """What a row of `node` begins with, the defaults within it left aside: its own one, else nothing."""
    if isinstance(node, Cell) and proposes(node):
        return proposed_of(node)
    return blank(plan, node)


def in_new_parts(
    plan: Plan,
    data: Any,
    choices: Mapping[str, str],
    before: tuple[Any, Mapping[str, str]],
    posted: Container[str],
) -> Any:
    """`data` with the defaults of parts that were not drawn for the data and choices of `before`.

    What was drawn then and is empty was left so by somebody; what was posted is theirs as well.
    """
    if is_fixed(plan) or not _has_defaults(plan):
        return data
    there = {part.pointer for part in cells(place(plan, *before))}
    return with_defaults(plan, data, choices, but=_Either(there, posted))


@dataclass(frozen=True, slots=True)
class _Either:
    """What is in one of the two."""

    one: Container[str]
    other: Container[str]

    def __contains__(self, name: object) -> bool:
        return name in self.one or name in self.other


def _has_defaults(plan: Plan) -> bool:
    """Whether any cell of the plan has one."""
    return any(map(_below, (plan.root, *plan.parts.values())))


def _below(node: Any) -> bool:
    if isinstance(node, Cell):
        return proposes(node)
    inner = [*getattr(node, "children", ()), *(b.node for b in getattr(node, "branches", ()))]
    inner += [c for line in getattr(node, "cells", ()) for c in line if c is not None]
    inner += [node.item] if hasattr(node, "item") else []
    return any(map(_below, inner))


@lru_cache(maxsize=1000)
def _value(text: str) -> Any:
    return simplejson.loads(text, use_decimal=True)
