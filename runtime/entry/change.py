"""Single steps that change an entry's data: a cell written or cleared, a branch chosen. Not for reading posts."""

from __future__ import annotations

from typing import Any

from runtime.definitions.address import tokens
from runtime.definitions.place import Placed, place, walk
from runtime.definitions.plan import AnyNode, Cell, Choice, Group, Plan, Recursion, Rows
from runtime.definitions.values import is_index, value_at, with_value
from runtime.entry.shape import Shape, shape_of
from runtime.fields.base import MISSING
from runtime.fields.catalogue import field_types
from runtime.fields.choices import value_of


def written(plan: Plan, data: Any, pointer: str, value: Any) -> Any:
    """`data` with `value` in a cell; objects around it, and lists of places, are made as needed."""
    try:
        shape = shape_of(plan)
        if shape.has_places:
            return _put(shape, data, tokens(pointer), value)
        return with_value(data, pointer, value)
    except LookupError:
        return data


def _put(shape: Shape, data: Any, steps: tuple[str, ...], value: Any) -> Any:
    """As `with_value`; places of a list that were left out before this one are null."""
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(data, dict):
        return {**data, step: _put(shape.step(step), data.get(step, MISSING), rest, value)}
    nothing = data is MISSING or data is None
    if is_index(step) and (isinstance(data, list) or (nothing and shape.places)):
        elements, index = list(data) if isinstance(data, list) else [], int(step)
        if index > max(len(elements), len(shape.places) - 1):
            raise LookupError(step)
        elements += [None] * (index + 1 - len(elements))
        elements[index] = _put(shape.step(step), elements[index], rest, value)
        return elements
    if not nothing:
        raise LookupError(step)
    return {step: _put(shape.step(step), MISSING, rest, value)}


def cleared(plan: Plan, data: Any, part: Placed, node: Cell) -> Any:
    """`data` with a cell emptied.

    A member goes away; an object that has nothing left because of it goes too, unless it is required, is a
    row, or is the whole entry. In a row of bare values, in a row with a name, and in a required cell that may be
    null, null is left; of a list of places those at its end that were left out go as well.
    """
    above, _slash, _last = part.pointer.rpartition("/")
    if not part.pointer:
        return MISSING
    around = shape_of(plan).at(above)
    if isinstance(value_at(data, above), list):
        data = with_value(data, part.pointer, None)
        if not around.places:
            return data
        data = _shortened(around, data, above)
    elif around.names_row(tokens(part.pointer)[-1]) or (
        part.required and node.options.get("nullable")
    ):
        return with_value(data, part.pointer, None)
    else:
        data = with_value(data, part.pointer, MISSING)
    return _without_empty(plan, data, above)


def _without_empty(plan: Plan, data: Any, pointer: str) -> Any:
    """`data` without the object or list at a pointer if nothing is left of it, and those around it likewise."""
    kept = required_places(plan, data)
    while pointer and value_at(data, pointer) in ({}, []) and pointer not in kept:
        outer, _slash, _last = pointer.rpartition("/")
        shape, step = shape_of(plan).at(outer), tokens(pointer)[-1]
        if isinstance(value_at(data, outer), list):
            if not is_index(step) or int(step) >= len(shape.places):
                break
            data = _shortened(shape, with_value(data, pointer, None), outer)
        elif shape.names_row(step):
            break
        else:
            data = with_value(data, pointer, MISSING)
        pointer = outer
    return data


def _shortened(shape: Shape, data: Any, pointer: str) -> Any:
    """`data` without the places at the end of a list that hold nothing: what follows them would keep them."""
    elements = value_at(data, pointer)
    count = len(elements)
    places = shape.places
    while 0 < count <= len(places) and elements[count - 1] is None and not places[count - 1]:
        count -= 1
    return with_value(data, pointer, elements[:count]) if count < len(elements) else data


def required_places(plan: Plan, data: Any) -> frozenset[str]:
    """The groups that must be there, empty or not."""
    parts = walk(place(plan, data))
    return frozenset(p.pointer for p in parts if p.required and not isinstance(p.node, Cell))


def chosen(plan: Plan, data: Any, part: Placed, node: Choice, picked: str) -> Any:
    """`data` after another branch was picked.

    What the new branch cannot hold at its place is taken away; members that must have one certain value
    (`kind: {const: "card"}`) get it. Members of the branch left behind stay: `whenHidden` says how long.
    """
    branch = next((b for b in node.branches if b.key == picked), None)
    if branch is None:
        return data
    value = value_at(data, part.pointer)
    if value is not MISSING and not _holds(branch.node, value):
        data = _emptied(plan, data, part.pointer, branch.node)
    for child in _constants(branch.node):
        pointer = part.pointer + "".join(
            "/" + s.replace("~", "~0").replace("/", "~1") for s in child.path
        )
        data = written(plan, data, pointer, value_of(child.options["choices"][0]))
    return data


def _emptied(plan: Plan, data: Any, pointer: str, node: AnyNode) -> Any:
    """`data` with nothing at a place where another part is drawn from now on; a row stays there."""
    if not pointer:
        return {}
    outer, _slash, _last = pointer.rpartition("/")
    is_row = shape_of(plan).at(outer).names_row(tokens(pointer)[-1])
    if is_row or isinstance(value_at(data, outer), list):
        return with_value(data, pointer, blank(plan, node))
    return with_value(data, pointer, MISSING)


def blank(plan: Plan, node: AnyNode) -> Any:
    """What a new row holds: an object to be filled, a list, or null where one value is to be typed."""
    if isinstance(node, Recursion):
        return blank(plan, plan.parts[node.part])
    if isinstance(node, Choice):
        found = [blank(plan, branch.node) for branch in node.branches]
        return found[0] if all(one == found[0] for one in found) else None
    if isinstance(node, Cell):
        return None
    return [] if isinstance(node, Rows) or (isinstance(node, Group) and node.elements) else {}


def _holds(node: AnyNode, value: Any) -> bool:
    if isinstance(node, Group):
        return isinstance(value, list if node.elements else dict)
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
