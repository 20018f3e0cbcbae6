"""What becomes of cells that conditions have hidden: `whenHidden` keep, drop on submit, drop at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from runtime.definitions.address import pointer as pointer_of
from runtime.definitions.named import members_of
from runtime.definitions.place import Placed, is_fixed, place, walk
from runtime.definitions.plan import (
    AnyNode,
    Choice,
    Columns,
    CrossTable,
    Group,
    Path,
    Plan,
    Rows,
    Section,
    WhenHidden,
)
from runtime.definitions.values import MISSING, value_at, with_value

_LAYOUT = (Section, Columns, CrossTable)


def without_dropped(
    plan: Plan, data: Any, choices: Mapping[str, str] | None, *rules: WhenHidden
) -> Any:
    """`data` without the members of parts that are hidden now and have one of these rules.

    Members of a branch that was not picked are hidden once another one is; while none is picked nothing is
    dropped. What is drawn elsewhere at the same place stays.
    """
    if is_fixed(plan):
        return data
    for _round in range(10):
        root = place(plan, data, choices)
        drawn = {part.pointer for part in walk(root) if part.node.__class__ not in _LAYOUT}
        gone = [
            p
            for p in _hidden(plan, root, frozenset(rules))
            if p not in drawn and not _around(p, drawn)
        ]
        changed = data
        for pointer in gone:
            if value_at(changed, pointer) is not MISSING:
                changed = with_value(changed, pointer, MISSING)
        if changed is data:
            break
        data = changed
    return data


def for_submit(plan: Plan, data: Any, choices: Mapping[str, str] | None = None) -> Any:
    """`data` as it is submitted: hidden parts that are not to be kept are gone."""
    return without_dropped(plan, data, choices, "dropOnSubmit", "dropAtOnce")


def _hidden(plan: Plan, root: Placed, rules: frozenset[WhenHidden]) -> Iterator[str]:
    for part in walk(root):
        node, here = part.node, {id(child.node) for child in part.children}
        if isinstance(node, Group | Section | Columns):
            for child in node.children:
                if id(child) not in here:
                    yield from _places(plan, child, part, rules)
        elif isinstance(node, Choice) and part.branch:
            for branch in node.branches:
                if branch.key != part.branch:
                    yield from _places(plan, branch.node, part, rules)
        elif isinstance(node, CrossTable):
            for cell in (c for line in node.cells for c in line if c is not None):
                if id(cell) not in here:
                    yield from _places(plan, cell, part, rules)


def _places(
    plan: Plan, node: AnyNode, part: Placed, rules: frozenset[WhenHidden], above: Path = ()
) -> Iterator[str]:
    """The places that a hidden part of a group, section or choice would draw."""
    path = above + node.path
    if isinstance(node, Rows) and node.named is not None:
        if node.when_hidden in rules and not path and isinstance(part.value, dict):
            names = members_of(plan, node.named, part.value)
            yield from (part.pointer + pointer_of(name) for name in names)
        return
    if node.path and node.__class__ not in _LAYOUT:
        if node.when_hidden in rules:
            yield part.pointer + pointer_of(*path)
        return
    for child in getattr(node, "children", ()):
        yield from _places(plan, child, part, rules, path)
    for branch in getattr(node, "branches", ()):
        yield from _places(plan, branch.node, part, rules, path)
    if isinstance(node, CrossTable):
        for cell in (c for line in node.cells for c in line if c is not None):
            yield from _places(plan, cell, part, rules, path)


def _around(pointer: str, drawn: set[str]) -> bool:
    """Whether something within the place is drawn by another part."""
    return any(other.startswith(pointer + "/") for other in drawn)
