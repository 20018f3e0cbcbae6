"""A form that extends another: merge patch, removals and placements. Not for finding the other one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runtime.definitions.address import at, pointer, tokens
from runtime.errors import Problem
from runtime.language import gettext as _

OWN = ("$schema", "$id", "extends", "remove", "place")
"""Keywords of the extending file itself, which are no part of the patch."""


def merge_patch(target: Any, patch: Any) -> Any:
    """`patch` applied to `target` by RFC 7396; neither is changed."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged


def extended(base: dict[str, Any], own: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """`base` with what the extending file `own` states; and what could not be done, its pointers into `own`.

    First the removals are made, all as seen in the base; a property that the patch sets to null counts as
    one. Then the patch is merged, then the layout items are placed.
    """
    problems: list[Problem] = []
    gone = _nulls(own.get("properties"), base.get("properties"), ("properties",))
    for n, place in enumerate(_list(own.get("remove"))):
        steps = _found(base, place)
        if steps:
            gone.append(steps)
        else:
            problems.append(Problem("extends-remove", _unremoved(place), pointer("remove", n)))
    merged = merge_patch(without(base, gone), {k: v for k, v in own.items() if k not in OWN})
    for n, order in enumerate(_list(own.get("place"))):
        layout = _placed(merged.get("layout", []), order) if isinstance(order, dict) else None
        if layout is None:
            problems.append(Problem("extends-place", _unplaced(order), pointer("place", n)))
        else:
            merged["layout"] = layout
    return merged, problems


def without(document: dict[str, Any], places: list[tuple[str, ...]]) -> dict[str, Any]:
    """`document` without the parts at these steps, all of which it has.

    A property that goes is no longer required and no longer laid out, so that a form which removes it need
    not say so three times.
    """
    less: Any = document
    for steps in sorted(set(places), key=_from_the_end):
        if _found(less, pointer(*steps)):  # it may have gone with what it stood in
            less = _without(less, steps)
    for cell in filter(None, map(_cell, places)):
        if isinstance(less.get("layout"), list):
            less = {**less, "layout": _laid_out(less["layout"], cell)}
    return dict(less)


def _from_the_end(steps: tuple[str, ...]) -> list[tuple[int, str]]:
    """An order in which no removal shifts the index of a later one."""
    return [(-int(step), "") if step.isdecimal() else (0, step) for step in steps]


def _found(document: Any, place: Any) -> tuple[str, ...]:
    """The steps of a JSON pointer that leads somewhere below the root of `document`, else none."""
    if not isinstance(place, str):
        return ()
    try:
        at(document, place)
    except LookupError:
        return ()
    return tokens(place)


def _nulls(own: Any, base: Any, steps: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The properties of `base` that the patch sets to null."""
    found: list[tuple[str, ...]] = []
    if isinstance(own, dict) and isinstance(base, dict):
        for name in own.keys() & base.keys():
            here = (*steps, name)
            if own[name] is None:
                found.append(here)
            elif isinstance(own[name], dict) and isinstance(base[name], dict):
                inner = own[name].get("properties"), base[name].get("properties")
                found += _nulls(*inner, (*here, "properties"))
    return found


def _without(part: Any, steps: tuple[str, ...]) -> Any:
    first, *rest = steps
    copy = part.copy()
    key: Any = int(first) if isinstance(part, list) else first
    if rest:
        copy[key] = _without(part[key], tuple(rest))
        if first == "properties" and len(rest) == 1 and isinstance(copy.get("required"), list):
            copy["required"] = [name for name in copy["required"] if name != rest[0]]
    else:
        del copy[key]
    return copy


def _cell(steps: tuple[str, ...]) -> str:
    """The pointer in an entry of the property at these steps of the schema; empty where it is none."""
    if len(steps) % 2 or any(step != "properties" for step in steps[::2]):
        return ""
    return pointer(*steps[1::2])


def _laid_out(items: list[Any], cell: str) -> list[Any]:
    kept = []
    for item in items:
        if isinstance(item, dict):
            place = item.get("at")
            if isinstance(place, str) and (place == cell or place.startswith(cell + "/")):
                continue
            if isinstance(item.get("items"), list):
                item = {**item, "items": _laid_out(item["items"], cell)}  # noqa: PLW2901 -- its copy
        kept.append(item)
    return kept


def _placed(items: Any, order: dict[str, Any]) -> list[Any] | None:
    """`items` with `order["item"]` beside the item that it names, at any depth; None when there is none."""
    if not isinstance(items, list) or not isinstance(order.get("item"), dict):
        return None
    beside = order.get("before", order.get("after"))
    for n, item in enumerate(items):
        if not isinstance(item, dict):
            continue
        if item.get("id") == beside and beside is not None:
            spot = n if "before" in order else n + 1
            return [*items[:spot], order["item"], *items[spot:]]
        inner = _placed(item.get("items"), order)
        if inner is not None:
            return [*items[:n], {**item, "items": inner}, *items[n + 1 :]]
    return None


def _unremoved(place: Any) -> str:
    return _(
        "`remove` names %(place)s, which the form that this one extends does not have; "
        "take the line out or correct it.",
        place=str(place),
    )


def _unplaced(order: Any) -> str:
    beside = order.get("before", order.get("after")) if isinstance(order, dict) else None
    return _(
        "`place` puts an item beside %(id)s, but the layout has no item with that id; "
        "name one that it has.",
        id=str(beside),
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
