"""Single steps that change an entry's data: a cell written or cleared, a branch chosen. Not for reading posts."""

from __future__ import annotations

from typing import Any

from runtime.definitions.place import Placed, place, walk
from runtime.definitions.plan import AnyNode, Cell, Choice, Group, Plan, Rows
from runtime.definitions.values import value_at, with_value
from runtime.fields.base import MISSING
from runtime.fields.catalogue import field_types
from runtime.fields.choices import value_of


def written(data: Any, pointer: str, value: Any) -> Any:
    """`data` with `value` in a cell; objects around it are made as needed."""
    try:
        return with_value(data, pointer, value)
    except LookupError:
        return data


def cleared(plan: Plan, data: Any, part: Placed, node: Cell) -> Any:
    """`data` with a cell emptied.

    A member goes away; an object that has nothing left because of it goes too, unless it is required, is a
    row, or is the whole entry. In a row of bare values, and in a required cell that may be null, null is left.
    """
    above, _slash, _last = part.pointer.rpartition("/")
    if not part.pointer or isinstance(value_at(data, above), list):
        return with_value(data, part.pointer, None) if part.pointer else MISSING
    if part.required and node.options.get("nullable"):
        return with_value(data, part.pointer, None)
    data = with_value(data, part.pointer, MISSING)
    kept = required_places(plan, data)
    while above and value_at(data, above) == {} and above not in kept:
        outer = above.rpartition("/")[0]
        if isinstance(value_at(data, outer), list):
            break
        data, above = with_value(data, above, MISSING), outer
    return data


def required_places(plan: Plan, data: Any) -> frozenset[str]:
    """The groups that must be there, empty or not."""
    parts = walk(place(plan, data))
    return frozenset(p.pointer for p in parts if p.required and not isinstance(p.node, Cell))


def chosen(data: Any, part: Placed, node: Choice, picked: str) -> Any:
    """`data` after another branch was picked.

    What the new branch cannot hold at its place is taken away; members that must have one certain value
    (`kind: {const: "card"}`) get it. Members of the branch left behind stay: `whenHidden` says how long.
    """
    branch = next((b for b in node.branches if b.key == picked), None)
    if branch is None:
        return data
    value = value_at(data, part.pointer)
    if value is not MISSING and not _holds(branch.node, value):
        data = with_value(data, part.pointer, MISSING) if part.pointer else {}
    for child in _constants(branch.node):
        pointer = part.pointer + "".join(
            "/" + s.replace("~", "~0").replace("/", "~1") for s in child.path
        )
        data = written(data, pointer, value_of(child.options["choices"][0]))
    return data


def _holds(node: AnyNode, value: Any) -> bool:
    if isinstance(node, Group):
        return isinstance(value, dict)
    if isinstance(node, Rows):
        return isinstance(value, list)
    if isinstance(node, Cell) and node.field in field_types:
        return field_types[node.field].carries(value, node.options)
    return True


def _constants(node: AnyNode) -> list[Cell]:
    children = node.children if isinstance(node, Group) else (node,)
    return [
        child
        for child in children
        if isinstance(child, Cell)
        and not child.when
        and child.required
        and len(child.options.get("choices", ())) == 1
    ]
