"""One part of a plan at its place in one instance, and the way through all of them. Not for placing them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from runtime.definitions.plan import AnyNode, Cell
from runtime.definitions.values import MISSING


class Placed:
    """One part of the plan at its place in one instance.

    `pointer` is the JSON pointer of its place; `value` what stands there (`MISSING` when nothing does);
    `children` the parts below that are there (conditions that do not hold leave theirs out). `locked` says
    why the part is shown but cannot be edited (`""`: it can). `index` is the row number within `Rows`.
    For a `Choice`, `branch` is the key picked (`""`: none yet) and `children` holds that branch's part.
    For a `CrossTable`, `children` holds the cells that are there, row by row; `cells` the matrix of them.
    For a `Recursion` not yet opened `children` is empty.
    """

    __slots__ = (
        "branch", "cells", "children", "index", "locked", "node", "pointer", "required", "value",
    )  # fmt: skip

    def __init__(self, node: AnyNode, pointer: str, value: Any = MISSING) -> None:
        self.node = node
        self.pointer = pointer
        self.value = value
        self.children: list[Placed] = []
        self.cells: list[list[Placed | None]] = []
        self.required = False
        self.locked = ""
        self.branch = ""
        self.index: int | None = None


def walk(placed: Placed) -> Iterator[Placed]:
    """This part and all below it, in drawing order."""
    waiting = [placed]
    while waiting:
        part = waiting.pop()
        yield part
        if part.children:
            waiting.extend(reversed(part.children))


def cells(placed: Placed) -> Iterator[Placed]:
    """The cells in drawing order, those of cross-tables as well, locked ones too."""
    return (part for part in walk(placed) if type(part.node) is Cell)
