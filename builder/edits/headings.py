"""Headings of a cross-table's own: lines and columns put, taken, moved, merged. Pure, and not for their cells.

A place is the numbers that lead to a heading, (1, 0) the first under the second merged one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from builder.edits.spots import Refused
from runtime.api import gettext as _

Item = Mapping[str, Any]
Place = tuple[int, ...]
AXES = ("rows", "columns")
TOTAL = "total"


def headings_of(item: Item, axis: str) -> list[Any]:
    """The headings of an axis at the top; empty where it has breakdowns instead."""
    held = item.get(axis)
    listed = held.get("items") if isinstance(held, Mapping) else None
    return listed if isinstance(listed, list) else []


def walked(headings: Sequence[Any], above: Place = ()) -> Iterator[tuple[Place, Item]]:
    """All headings with their places, from top to bottom."""
    for n, one in enumerate(headings):
        if isinstance(one, Mapping):
            yield (*above, n), one
            inner = one.get("items")
            yield from walked(inner if isinstance(inner, list) else [], (*above, n))


def keys(item: Item, axis: str) -> list[str]:
    """The keys of the lines or columns, in order."""
    return [
        str(one.get("key", "")) for _p, one in walked(headings_of(item, axis)) if "items" not in one
    ]


def with_headings(item: Item, axis: str, headings: Sequence[Any]) -> dict[str, Any]:
    """The table with other headings. Raises `Refused` where none would be left, or only a total of nothing."""
    fresh = {**item, axis: {"items": _without_empty(headings)}}
    if not set(keys(fresh, axis)) - {TOTAL}:
        raise Refused(_("A cross-table needs a heading down and a heading across."))
    return fresh


def added(headings: Sequence[Any], heading: Item) -> list[Any]:
    """One more at the end, before the total."""
    last = [one for one in headings if isinstance(one, Mapping) and one.get("key") == TOTAL]
    return [*(one for one in headings if one not in last), dict(heading), *last]


def at_place(
    headings: Sequence[Any], place: Place, change: Callable[[Any], list[Any]]
) -> list[Any]:
    """The headings in which others stand for the one at a place. Raises `Refused` where there is none."""
    here, inner = place[0], place[1:]
    if not 0 <= here < len(headings):
        raise Refused(_("This heading is no longer there."))
    one = headings[here]
    if not inner:
        return [*headings[:here], *change(one), *headings[here + 1 :]]
    below = one.get("items") if isinstance(one, Mapping) else None
    fresh = {**one, "items": at_place(below if isinstance(below, list) else [], inner, change)}
    return [*headings[:here], fresh, *headings[here + 1 :]]


def taken(headings: Sequence[Any], place: Place) -> tuple[Any, list[Any]]:
    """The heading at a place, and the others. Raises `Refused`."""
    found: list[Any] = []

    def out(one: Any) -> list[Any]:
        found.append(one)
        return []

    rest = at_place(headings, place, out)
    return found[0], rest


def merged(headings: Sequence[Any], place: Place, over: Item) -> list[Any]:
    """The heading at a place under a new one that is merged over it."""
    return at_place(headings, place, lambda one: [{**over, "items": [one]}])


def stepped(headings: Sequence[Any], place: Place, way: str) -> list[Any]:
    """The heading one step `up`, `down`, `in` (under the merged one before it) or `out`. Raises `Refused`."""
    one, rest = taken(headings, place)
    above, here = place[:-1], place[-1]
    if way == "out":
        if not above:
            raise Refused(_("It stands under no other heading."))
        return _put(rest, (*above[:-1], above[-1] + 1), one)
    if way == "in":
        before = _siblings(headings, above)[here - 1] if here else None
        if not isinstance(before, Mapping) or "items" not in before:
            raise Refused(_("There is no merged heading right before it that it could go under."))
        return _put(rest, (*above, here - 1, len(before["items"])), one)
    other = here + (-1 if way == "up" else 1)
    if not 0 <= other < len(_siblings(headings, above)):
        raise Refused(_("It is at the edge already."))
    return _put(rest, (*above, other), one)


def _put(headings: Sequence[Any], place: Place, one: Any) -> list[Any]:
    here, inner = place[0], place[1:]
    if not inner:
        return [*headings[:here], one, *headings[here:]]
    return at_place(headings, (here,), lambda h: [{**h, "items": _put(h["items"], inner, one)}])


def _siblings(headings: Sequence[Any], above: Place) -> Sequence[Any]:
    for n in above:
        headings = headings[n]["items"]
    return headings


def _without_empty(headings: Sequence[Any]) -> list[Any]:
    found = []
    for one in headings:
        if isinstance(one, Mapping) and isinstance(one.get("items"), list):
            inner = _without_empty(one["items"])
            if inner:
                found.append({**one, "items": inner})
        else:
            found.append(one)
    return found
