"""Moving things on a form's layout: put, taken, moved up and down, in and out. Pure, and not for the cells' meaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from builder.edits.spots import HOLDERS, Document, Refused, find, items_of, with_items
from runtime.api import gettext as _


def put(document: Document, item: Mapping[str, Any], holder: str, before: str = "") -> Document:
    """The document with an item in a holder (empty: at the top), before another or last.

    Raises `Refused` where the holder is gone or is none.
    """
    if holder and find(document, holder).item.get("kind") not in HOLDERS:
        raise Refused(_("Only sections and columns can hold other parts."))

    def with_it(items: list[Any]) -> list[Any]:
        ids = [one.get("id") if isinstance(one, Mapping) else None for one in items]
        place = ids.index(before) if before in ids else len(items)
        return [*items[:place], dict(item), *items[place:]]

    return with_items(document, holder, with_it)


def take(document: Document, name: str) -> Document:
    """The document without an item and what it holds. Raises `Refused` where it is not there."""
    holder = find(document, name).holder

    def without(items: list[Any]) -> list[Any]:
        return [one for one in items if not (isinstance(one, Mapping) and one.get("id") == name)]

    return with_items(document, holder, without)


def move(document: Document, name: str, holder: str, before: str = "") -> Document:
    """The document with an item elsewhere. Raises `Refused` where that cannot be."""
    item = find(document, name).item
    if before == name:
        return document
    if holder == name or holder in {i.get("id") for i in _all_within(item)}:
        raise Refused(_("A part cannot be put into itself."))
    return put(take(document, name), item, holder, before)


def stepped(document: Document, name: str, way: str) -> Document:
    """The document with an item one step `up`, `down`, `in` (to the holder before it) or `out`.

    At the end of what holds it, it leaves it; and a holder that is met is entered, except by sections.
    Raises `Refused` at the form's own ends.
    """
    found = find(document, name)
    if way == "out":
        return _left(document, name, found.holder, after=True)
    if way == "in":
        return _entered(document, name, found.siblings[: found.index])
    step = -1 if way == "up" else 1
    place = found.index + step
    if not 0 <= place < len(found.siblings):
        return _left(document, name, found.holder, after=way == "down")
    beside = found.siblings[place]
    if isinstance(beside, Mapping) and _may_hold(beside, found.item):
        first = items_of(beside)[:1] if way == "down" else []
        before = str(first[0].get("id", "")) if first and isinstance(first[0], Mapping) else ""
        return move(document, name, str(beside.get("id", "")), before)
    return move(document, name, found.holder, _before(found.siblings, found.index, step))


def _before(siblings: Any, index: int, step: int) -> str:
    place = index - 1 if step < 0 else index + 2
    beside = siblings[place] if place < len(siblings) else {}
    return str(beside.get("id", "")) if isinstance(beside, Mapping) else ""


def _left(document: Document, name: str, holder: str, *, after: bool) -> Document:
    if not holder:
        raise Refused(_("It is at the edge of the form already."))
    around = find(document, holder)
    place = around.index + (1 if after else 0)
    beside = around.siblings[place] if place < len(around.siblings) else {}
    before = str(beside.get("id", "")) if isinstance(beside, Mapping) else ""
    return move(document, name, around.holder, before)


def _entered(document: Document, name: str, earlier: Any) -> Document:
    item = find(document, name).item
    holders = [one for one in earlier if isinstance(one, Mapping) and _may_hold(one, item)]
    if not holders:
        raise Refused(_("There is no section or columns above it that it could go into."))
    return move(document, name, str(holders[-1].get("id", "")))


def _may_hold(holder: Mapping[str, Any], item: Mapping[str, Any]) -> bool:
    """Sections stand side by side, columns hold no columns."""
    kind = item.get("kind")
    if holder.get("kind") == "section":
        return kind != "section"
    return holder.get("kind") == "columns" and kind in ("cell", "note", "part")


def _all_within(item: Any) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    waiting = list(items_of(item))
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            found.append(one)
            waiting += items_of(one)
    return found
