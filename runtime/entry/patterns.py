"""The cells of a form that is filled anew, without laying it out for each entry. Not for entries that people work on.

Which cells there are follows from the form's conditions alone as long as no list has rows. So a form is laid out once
for each way in which its conditions turn out (a `Pattern`), whatever unit it is filled for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from runtime.definitions.address import pointer as pointer_of
from runtime.definitions.address import tokens
from runtime.definitions.judge import holds
from runtime.definitions.place import cells, place
from runtime.definitions.placed import Placed
from runtime.definitions.plan import (
    AnyNode,
    Carry,
    Cell,
    Choice,
    Condition,
    CrossTable,
    Group,
    Path,
    Plan,
    Recursion,
    Rows,
)
from runtime.entry.defaults import proposed_of, proposes
from runtime.entry.sums import Steps, Sums
from runtime.entry.totals import at

MOST = 64
"""Patterns of one form, and plans whose patterns are kept."""


@dataclass(frozen=True, slots=True)
class There:
    """A cell that is there: where it stands, and whether it must be filled."""

    pointer: str
    steps: Steps
    node: Cell
    required: bool


@dataclass(frozen=True, slots=True)
class Pattern:
    """All cells that are there, in drawing order, and of these the sums, and those with a default."""

    cells: tuple[There, ...]
    sums: Sums
    proposed: tuple[tuple[There, Any], ...]
    asked: tuple[There, ...]
    """Those that wait for somebody to type while they are empty."""


class Patterns:
    """The patterns of one plan, each made when it is first met."""

    def __init__(self, plan: Plan, conditions: list[tuple[Steps, Condition]]) -> None:
        self._plan = plan
        self._conditions = conditions
        self._known: dict[tuple[bool, ...], Pattern] = {}
        self.carried = tuple(_carried(plan.root))
        """The lists that are carried over: pointer, and what says from where."""

    def of(self, data: Mapping[str, Any]) -> Pattern:
        """What is there for data that holds values of cells and nothing else: no rows, and no choice is made."""
        key = tuple(holds(self._plan, c, at(data, steps)) for steps, c in self._conditions)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MOST:
                self._known.clear()
            found = self._known[key] = _pattern(place(self._plan, deepcopy(data)))
        return found


def patterns_of(plan: Plan) -> Patterns | None:
    """The plan's patterns; None where what is there depends on more than conditions, or on whom it is about."""
    found = _known.get(id(plan))
    if found is None or found[0] is not plan:
        if len(_known) >= MOST:
            _known.clear()
        found = _known[id(plan)] = (plan, _patterns(plan))
    return found[1]


_known: dict[int, tuple[Plan, Patterns | None]] = {}


def _patterns(plan: Plan) -> Patterns | None:
    found = list(_nodes(plan.root, ()))
    if plan.form.subject or plan.parts or any(_is_open(node) for _path, node in found):
        return None
    paths = {path for path, node in found if isinstance(node, Cell)}
    if any(path[:n] in paths for path in paths for n in range(len(path))):
        return None  # within the value of one cell there is another
    conditions = {}
    for path, node in found:
        base = path[: len(path) - len(node.path)]
        for condition in (*node.when, *node.required_when):
            steps = _place(base, condition)
            schema = condition.schema
            key = schema if isinstance(schema, str) else id(schema)
            conditions[steps, key, condition.negate] = (steps, condition)
    return Patterns(plan, list(conditions.values()))


def _is_open(node: AnyNode) -> bool:
    """Whether rows come to stand there, a list by places, or what a program says."""
    if isinstance(node, Cell):
        return bool(node.source)
    if isinstance(node, Group):
        return node.elements
    return isinstance(node, Recursion) or (isinstance(node, Rows) and bool(node.fill or node.below))


def _nodes(node: AnyNode, above: Path) -> Iterator[tuple[Path, AnyNode]]:
    """A part and all below it, with their places; nothing within rows and branches: a new entry has none."""
    here = above + node.path
    yield here, node
    if isinstance(node, Rows | Choice):
        return
    inner: Any = getattr(node, "children", ())
    if isinstance(node, CrossTable):
        inner = (cell for line in node.cells for cell in line if cell is not None)
    for child in inner:
        yield from _nodes(child, here)


def _carried(root: AnyNode) -> Iterator[tuple[str, Carry]]:
    for path, node in _nodes(root, ()):
        if isinstance(node, Rows) and node.carry:
            yield pointer_of(*path), node.carry


def _place(base: Path, condition: Condition) -> Steps:
    """Where the condition looks; `base` is the place of what encloses the part that it is about."""
    above = base[: max(0, len(base) - condition.up)] if condition.up else base
    return (*above, *condition.at)


def _pattern(placed: Placed) -> Pattern:
    found = []
    for part in cells(placed):
        # Locked by its value: not for the next, whose value is another. By its place or type: for all.
        if isinstance(part.node, Cell) and part.locked in ("", "value"):
            there = There(part.pointer, tokens(part.pointer), part.node, part.required)
            found.append(there)
    sums = Sums((one.pointer, one.node) for one in found if one.node.computed)
    proposed = ((one, proposed_of(one.node)) for one in found if proposes(one.node))
    return Pattern(tuple(found), sums, tuple(proposed), tuple(filter(_is_asked, found)))


def _is_asked(one: There) -> bool:
    """As `to_type`."""
    node = one.node
    return not node.read_only and not node.computed and (one.required or node.expected)
