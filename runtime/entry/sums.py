"""The computed cells of a form made ready, to be worked out in entry after entry. Not for entries people work on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from runtime.definitions.address import tokens
from runtime.definitions.plan import Cell, Formula
from runtime.definitions.values import MISSING
from runtime.entry.totals import MOST_ROUNDS, at, fixed_place, made_of
from runtime.fields.choices import same
from runtime.fields.numbers import exact

Steps = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum or formula at its place; `parts` are the summands' places, None where those depend on the data."""

    pointer: str
    steps: Steps
    node: Cell
    parts: tuple[Steps, ...] | None


class Sums:
    """All computed cells that are there for some data, in drawing order."""

    def __init__(self, cells: Iterable[tuple[str, Cell]]) -> None:
        self.all = tuple(_sum(pointer, node) for pointer, node in cells)
        self._rounds = 1 if _are_in_order(self.all) else MOST_ROUNDS
        self._from_nothing = any(one.parts is None for one in self.all)

    def bring_up(self, data: dict[str, Any]) -> None:
        """Work out all of them anew as `with_totals` does, changing the data in its place."""
        if not data and not self._from_nothing:
            return
        for _round in range(self._rounds):
            changed = False
            for one in self.all:
                changed |= _bring_up(data, one)
            if not changed:
                break


def put(data: dict[str, Any], steps: Steps, value: Any) -> None:
    """Let `value` stand at the end of the steps, changing `data` in its place; `MISSING` takes away what is there."""
    for step in steps[:-1]:
        inner = data.get(step)
        if inner is None:
            if value is MISSING:
                return
            inner = data[step] = {}
        data = inner
    if value is MISSING:
        data.pop(steps[-1], None)
    else:
        data[steps[-1]] = value


def _sum(pointer: str, node: Cell) -> Sum:
    fixed = tuple(fixed_place(pointer, relative) for relative in node.total_of)
    is_simple = bool(fixed) and all(fixed) and not isinstance(node.own, Formula)
    return Sum(pointer, tokens(pointer), node, fixed if is_simple else None)


def _are_in_order(sums: Iterable[Sum]) -> bool:
    """Whether each comes after those that it is made of, so that going through them once is enough."""
    left = {one.steps for one in sums}
    for one in sums:
        if one.parts is None or left.intersection(one.parts):
            return False
        left.discard(one.steps)
    return True


def _bring_up(data: dict[str, Any], one: Sum) -> bool:
    found = made_of(data, one.pointer, one.node) if one.parts is None else _added(data, one.parts)
    before = at(data, one.steps)
    value = MISSING if found is None else found
    if value is before or same(before, value):
        return False
    put(data, one.steps, value)
    return True


def _added(data: Any, parts: Iterable[Steps]) -> int | Decimal | None:
    found: int | Decimal | None = None
    for steps in parts:
        value = at(data, steps)
        number = value if value.__class__ is int else exact(value)
        if number is not None:
            found = number if found is None else found + number
    return found
