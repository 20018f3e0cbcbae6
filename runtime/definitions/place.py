"""A plan laid over one instance: what is there to draw, with its pointer and value. Not for drawing it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from runtime.definitions.address import pointer as pointer_of
from runtime.definitions.claims import claims_of
from runtime.definitions.fixed import is_fixed
from runtime.definitions.judge import holds
from runtime.definitions.named import members_of
from runtime.definitions.placed import Placed, cells, walk
from runtime.definitions.plan import (
    AnyNode,
    Cell,
    Choice,
    Columns,
    Condition,
    CrossTable,
    Group,
    Locked,
    Named,
    Note,
    Path,
    Plan,
    Recursion,
    Rows,
    Section,
    Words,
)
from runtime.definitions.values import MISSING, is_of_type, value_at, with_value
from runtime.fields.catalogue import field_types

__all__ = [
    "Placed",
    "cells",
    "is_fixed",
    "place",
    "remembering",
    "takes_null",
    "value_at",
    "walk",
    "with_value",
]

DEEPEST = 40
"""Times that a part is opened within itself; beyond that it is shown locked."""


def place(
    plan: Plan,
    data: Any,
    choices: Mapping[str, str] | None = None,
    opened: Sequence[str] = (),
) -> Placed:
    """The parts of `plan` that are there for `data`, as a tree with the whole form at its root.

    `choices` remembers the branches picked, `opened` the pointers of recursions that stand open.
    """
    kept = _kept.get()
    if kept is None:
        return _laid(plan, data, choices or {}, frozenset(opened))
    fixed = is_fixed(plan)
    memory = {} if fixed else dict(choices or {})
    open_now = frozenset() if fixed else frozenset(opened)
    like = None
    for one in kept:
        if one[0] is plan:
            if one[1] is data and one[2:4] == (memory, open_now):
                return one[4]
            like = one[4] if fixed else None
    if data.__class__ is dict and not data and not memory and not open_now:
        placed = _laid_empty(plan)
    else:
        placed = _laid(plan, data, choices or {}, open_now, like)
    kept.append((plan, data, memory, open_now, placed))
    return placed


def _laid_empty(plan: Plan) -> Placed:
    """The plan without any data, as each filling begins: laid out once for all who promise not to change it."""
    found = _empty.get(id(plan))
    if found is None or found[0] is not plan:
        if len(_empty) >= _MOST_PLANS:
            _empty.clear()
        found = _empty[id(plan)] = (plan, _laid(plan, {}, {}, frozenset()))
    return found[1]


_MOST_PLANS = 256
_empty: dict[int, tuple[Plan, Placed]] = {}


def _laid(
    plan: Plan,
    data: Any,
    choices: Mapping[str, str],
    opened: frozenset[str],
    like: Placed | None = None,
) -> Placed:
    placing = _Placing(plan, data, choices, opened)
    found = placing.one(plan.root, "", data, outer=True, like=like)
    return found if found is not None else Placed(plan.root, "", data)


Laid = tuple[Plan, Any, dict[str, str], frozenset[str], Placed]
"""A plan, the data, choices and open parts, and how they were laid out."""
_kept: ContextVar[list[Laid] | None] = ContextVar("placed", default=None)


@contextmanager
def remembering(known: Sequence[Laid] = ()) -> Iterator[list[Laid]]:
    """Within the block the same data is laid out once, and other data is only where it differs.

    So nobody may change data, or what was placed, in its place there: `with_value` makes new data. Yields what is
    remembered, to be `known` to a later block.
    """
    laid = list(known)
    token = _kept.set(laid)
    try:
        yield laid
    finally:
        _kept.reset(token)


class _Placing:
    def __init__(
        self, plan: Plan, data: Any, choices: Mapping[str, str], opened: frozenset[str]
    ) -> None:
        self.plan = plan
        self.data = data
        self.choices = choices
        self.opened = opened
        self.drawn: set[str] = set()
        self.named: set[str] = set()
        """The pointers of members that are rows already."""
        self.old: Placed | None = None
        """The part as it was placed for other data, while its children are placed."""
        self.inside: list[tuple[str, str]] = []
        self.carriers = {t.name: t.carries for t in field_types}

    def one(
        self,
        node: AnyNode,
        base: str,
        around: Any,
        *,
        outer: bool = False,
        like: Placed | None = None,
    ) -> Placed | None:
        """The part seen from the place `base`, whose value is `around`; None where it is not there.

        `outer` parts own their place: what is not drawn there becomes locked cards of theirs. `like` is the part
        as it was placed before, and is used again where its value is the very same (in a fixed plan only).
        """
        if node.when and not self._hold(node.when, base, around):
            return None
        value, pointer, broken = around, base, False
        if node.path:
            pointer = base + _joined(node.path)
            for step in node.path:
                broken = broken or (
                    value.__class__ is not dict and value is not MISSING and value is not None
                )
                value = value.get(step, MISSING) if value.__class__ is dict else MISSING
            outer = True
        if like is not None and like.value is value and not broken and like.locked != "type":
            return like
        placed = Placed(node, pointer, value)
        placed.required = node.required or (
            node.required_when != () and self._any(node.required_when, base, around)
        )
        kind = node.__class__
        if kind is Cell:
            return self._cell(placed, node, broken)  # type: ignore[arg-type]
        if broken:
            placed.locked = "type"
            return placed
        self.old = like
        found: Placed | None = _STEPS[kind](self, placed, node, outer)
        return found

    def _cell(self, placed: Placed, node: Cell, broken: bool) -> Placed | None:
        if placed.pointer in self.drawn:
            return None
        self.drawn.add(placed.pointer)
        value = placed.value
        if broken:
            placed.locked = "type"
        elif value is not MISSING and not node.read_only:
            placed.locked = self._carried(node, value)
        return placed

    def _carried(self, node: Cell, value: Any) -> str:
        """Why the cell's control cannot hold `value`; empty where it can."""
        if value is None and node.options.get("nullable"):
            return ""
        carries = self.carriers.get(node.field)
        if carries is None:
            return "field"
        return "" if carries(value, node.options) else "value"

    def _group(self, placed: Placed, node: Group, outer: bool) -> Placed:
        value = placed.value
        if value is None and node.nullable:
            value = MISSING
        if node.elements:
            return self._elements(placed, node, value)
        if value.__class__ is not dict and value is not MISSING:
            placed.locked = "type"
            return placed
        self._children(placed, node.children, value)
        if outer and value is not MISSING and value:
            self._others(placed, node, node.others)
        return placed

    def _children(self, placed: Placed, nodes: Sequence[AnyNode], value: Any) -> None:
        pointer, children, old = placed.pointer, placed.children, self.old
        before = {id(part.node): part for part in old.children} if old is not None else {}
        for node in nodes:
            child = self.one(node, pointer, value, like=before.get(id(node)))
            if child is not None:
                children.append(child)

    def _elements(self, placed: Placed, node: Group, value: Any) -> Placed:
        """A list whose places have parts of their own; null stands where something was left out before others."""
        if value.__class__ is not list and value is not MISSING:
            placed.locked = "type"
            return placed
        there = value if isinstance(value, list) else []
        around = {str(n): v for n, v in enumerate(there)}
        for child in node.children:
            self.old = None
            if child.path and around.get(child.path[0]) is None and not takes_null(child):
                around.pop(child.path[0], None)
            before = len(placed.children)
            self._children(placed, (child,), around if child.path else value)
            for part in placed.children[before:]:
                if part.value is None:
                    _wait(part)
        if not any(isinstance(child, Rows) and not child.path for child in node.children):
            for n in range(sum(1 for child in node.children if child.path), len(there)):
                self._left(placed, (str(n),), there[n], "prefixItems")
        return placed

    def _left(self, placed: Placed, path: Path, value: Any, reason: str) -> None:
        """What is there and has no part, as a locked card."""
        part = Placed(
            Locked(path=path, reason=reason, words=_named(path)),
            placed.pointer + _joined(path),
            value,
        )
        part.locked = reason
        placed.children.append(part)

    def _others(self, placed: Placed, node: AnyNode, reason: str) -> None:
        """Members which are not drawn, as locked cards."""
        names = claims_of(self.plan, node)
        for path in names.left(self.plan, placed.value, placed.pointer, self.choices):
            value: Any = placed.value
            for step in path:
                value = value[step]
            self._left(placed, path, value, reason or "additionalProperties")

    def _rows(self, placed: Placed, node: Rows, outer: bool) -> Placed | None:
        if node.named is not None:
            return self._named_rows(placed, node, node.named)
        if placed.pointer in self.drawn:
            return None
        self.drawn.add(placed.pointer)
        value = placed.value
        if value is MISSING or (value is None and node.nullable):
            return placed
        if value.__class__ is not list:
            placed.locked = "type"
            return placed
        self.old = None
        for index, element in enumerate(value):
            if index >= node.start:
                self._row(placed, node, str(index), index, element)
        return placed

    def _row(self, placed: Placed, node: Rows, step: str, index: int, element: Any) -> None:
        row = self.one(node.item, placed.pointer + _joined((step,)), element, outer=True)
        if row is not None:
            row.index = index
            if element is None:
                _wait(row)
            placed.children.append(row)

    def _named_rows(self, placed: Placed, node: Rows, named: Named) -> Placed | None:
        """Members as rows, those that fit several patterns in the first one only."""
        key = f"{placed.pointer}#{named.slot}"
        if key in self.drawn:
            return None
        self.drawn.add(key)
        value = placed.value
        if value.__class__ is not dict:
            return placed
        self.old = None
        for name in members_of(self.plan, named, value):
            pointer = placed.pointer + _joined((name,))
            if pointer not in self.named:
                self.named.add(pointer)
                self._row(placed, node, name, len(placed.children), value[name])
        return placed

    def _choice(self, placed: Placed, node: Choice, outer: bool) -> Placed:
        picked = self._picked(f"{placed.pointer}#{node.keyword}", node, placed.value)
        for branch in node.branches:
            if branch.key == picked:
                placed.branch = picked
                child = self.one(branch.node, placed.pointer, placed.value)
                if child is not None:
                    placed.children.append(child)
        if outer and placed.value.__class__ is dict and placed.value:
            self._others(placed, node, "")
        elif outer and not picked and placed.value not in (MISSING, None, {}):
            self._unpicked(placed)
        return placed

    def _unpicked(self, placed: Placed) -> None:
        """What stands where nobody has said which alternative it is, once for all choices of the place."""
        if placed.pointer not in self.drawn:
            self.drawn.add(placed.pointer)
            self._left(placed, (), placed.value, "choose")

    def _picked(self, name: str, node: Choice, value: Any) -> str:
        """The branch that is remembered; of a choice of the type the one that the value itself tells."""
        picked = self.choices.get(name, "")
        if not picked and node.by_type and value is not MISSING:
            picked = next((b.key for b in node.branches if is_of_type(value, b.types)), "")
            if picked:
                self.choices = {**self.choices, name: picked}
        return picked

    def _recursion(self, placed: Placed, node: Recursion, outer: bool) -> Placed:
        here = (node.part, placed.pointer)
        if placed.value is MISSING and placed.pointer not in self.opened:
            return placed
        if here in self.inside or len(self.inside) >= DEEPEST:
            placed.locked = "$ref" if here in self.inside else "depth"
            return placed
        self.inside.append(here)
        child = self.one(self.plan.parts[node.part], placed.pointer, placed.value, outer=outer)
        self.inside.pop()
        if child is not None:
            placed.children.append(child)
        return placed

    def _locked(self, placed: Placed, node: Locked, outer: bool) -> Placed | None:
        if placed.pointer in self.drawn or (node.reason == "false" and placed.value is MISSING):
            return None
        self.drawn.add(placed.pointer)
        placed.locked = node.reason
        return placed

    def _layout(self, placed: Placed, node: Section | Columns, outer: bool) -> Placed | None:
        self._children(placed, node.children, placed.value)
        return placed if placed.children or not node.children else None

    def _note(self, placed: Placed, node: Note, outer: bool) -> Placed:
        return placed

    def _cross_table(self, placed: Placed, node: CrossTable, outer: bool) -> Placed:
        pointer, value = placed.pointer, placed.value
        for line in node.cells:
            row = [None if c is None else self.one(c, pointer, value) for c in line]
            placed.cells.append(row)
            placed.children.extend(c for c in row if c is not None)
        return placed

    def _hold(self, conditions: tuple[Condition, ...], base: str, around: Any) -> bool:
        return all(self._holds(c, base, around) for c in conditions)

    def _any(self, conditions: tuple[Condition, ...], base: str, around: Any) -> bool:
        return any(self._holds(c, base, around) for c in conditions)

    def _holds(self, condition: Condition, base: str, around: Any) -> bool:
        value = around
        if condition.up:
            steps = base.split("/")
            value = value_at(self.data, "/".join(steps[: max(1, len(steps) - condition.up)]))
        for step in condition.at:
            value = value.get(step, MISSING) if value.__class__ is dict else MISSING
        return holds(self.plan, condition, value)


_STEPS: dict[type, Any] = {
    Group: _Placing._group,
    Rows: _Placing._rows,
    Choice: _Placing._choice,
    Recursion: _Placing._recursion,
    Locked: _Placing._locked,
    Section: _Placing._layout,
    Columns: _Placing._layout,
    Note: _Placing._note,
    CrossTable: _Placing._cross_table,
}


@lru_cache(maxsize=65_536)
def _joined(path: Path) -> str:
    return pointer_of(*path)


@lru_cache(maxsize=1024)
def _named(path: Path) -> Any:
    return Words(title={"en": path[-1]} if path else {})


def _wait(row: Placed) -> None:
    """Let the control of a row that holds null be typed into: null is what a new row holds."""
    for part in (row, *row.children) if row.node.__class__ is Choice else (row,):
        if part.node.__class__ is Cell:
            part.locked = ""


def takes_null(node: AnyNode) -> bool:
    """Whether null in a part's place is a value of its own, and not a place that waits to be filled."""
    if isinstance(node, Cell):
        return "choices" in node.options or bool(node.options.get("nullable"))
    return not isinstance(node, Group | Rows) or node.nullable
