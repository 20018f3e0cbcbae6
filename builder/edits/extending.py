"""A form that extends another, put together as the whole that it makes, and written again as what differs. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from builder.edits.patch import members, same
from builder.edits.spots import Document, items_of

OWN = ("$schema", "$id", "extends")
"""What the extending file says of itself, beside what differs."""
_Layout = list[Any]


def folded(base: Document, whole: Document, own: Document) -> Document:
    """What makes `whole` of `base`, as the form that extends it says it: merge patch (RFC 7396), removals, places.

    Layout items that only came or went are placed or removed one by one, so that the base may grow; where others have
    changed the layout is written out. What `own` says of itself stays.
    """
    found: Document = {key: own[key] for key in OWN if key in own}
    gone = [*_gone(base, whole, "")]
    found |= _patch(_without_layout(base), _without_layout(whole), "")
    layout = _places(_list(base.get("layout")), _list(whole.get("layout")), _cells_of(gone))
    if layout is None:
        found["layout"] = whole.get("layout", [])
        places: list[dict[str, Any]] = []
    else:
        places, lines = layout
        gone += lines
    if gone:
        found["remove"] = gone
    if places:
        found["place"] = places
    return _in_order(found, own)


def _without_layout(document: Document) -> Document:
    return {k: v for k, v in document.items() if k not in ("layout", *OWN)}


def _in_order(found: Document, own: Document) -> Document:
    """What the file has already keeps its place in it."""
    return {k: found[k] for k in dict.fromkeys((*own, *found)) if k in found}


def _gone(base: Any, whole: Any, place: str) -> Iterator[str]:
    """The pointers of the cells of the base that the whole does not have, groups before what is in them."""
    old, new = _map(base.get("properties")), _map(whole.get("properties"))
    for name, schema in old.items():
        here = f"{place}/properties/{_token(name)}"
        if name not in new:
            yield here
        elif isinstance(schema, Mapping) and isinstance(new[name], Mapping):
            yield from _gone(schema, new[name], here)


def _patch(base: Mapping[str, Any], whole: Mapping[str, Any], place: str) -> dict[str, Any]:
    """The merge patch from one object to another; cells that go are removals and no part of it."""
    found: dict[str, Any] = {}
    for key, value in whole.items():
        if key not in base:
            found[key] = value
        elif same(base[key], value):
            continue
        elif isinstance(value, Mapping) and isinstance(base[key], Mapping):
            inner = _patch(base[key], value, f"{place}/{_token(key)}")
            if inner:
                found[key] = inner
        elif key != "required" or not _is_required_without(base, whole):
            found[key] = value
    if not place.endswith("/properties"):
        found |= {key: None for key in base if key not in whole and key != "properties"}
    return found


def _is_required_without(base: Mapping[str, Any], whole: Mapping[str, Any]) -> bool:
    """Whether `required` differs only by cells that are gone: a removal takes them out of it by itself."""
    old, new = base.get("required"), whole.get("required")
    if not isinstance(old, list) or not isinstance(new, list):
        return False
    there = _map(whole.get("properties"))
    return [name for name in old if name in there] == new


def _places(
    base: _Layout, whole: _Layout, cells: set[str]
) -> tuple[list[dict[str, Any]], list[str]] | None:
    """Where new items stand, and the pointers of items that are gone; None where others have changed or moved."""
    places: list[dict[str, Any]] = []
    lines: list[str] = []
    return (places, lines) if _compared(base, whole, "/layout", cells, places, lines) else None


def _compared(
    base: _Layout, whole: _Layout, here: str, cells: set[str], places: list[Any], lines: list[str]
) -> bool:
    old, new = members(base), members(whole)
    if old is None or new is None or not all(isinstance(i, Mapping) for i in (*base, *whole)):
        return same(base, whole)
    kept = [key for key in new if key in old]
    if kept != [key for key in old if key in new] or (not kept and new and here == "/layout"):
        return False
    for n, (key, item) in enumerate(old.items()):
        if key not in new:
            if str(item.get("at")) not in cells:
                lines.append(f"{here}/{n}")
            continue
        held, fresh = items_of(item), items_of(new[key])
        if not same({**item, "items": None}, {**new[key], "items": None}):
            return False
        if not _compared(held, fresh, f"{here}/{n}/items", cells, places, lines):
            return False
    return _placed(new, set(old), places)


def _placed(new: Mapping[str, Any], old: set[str], places: list[Any]) -> bool:
    """New items one by one, each beside one that is there by then; an empty holder has none."""
    there: str | None = None
    waiting: list[Any] = []
    for key, item in new.items():
        if key not in old and there is None:
            waiting.append(item)
            continue
        if key not in old:
            places.append({"item": item, "after": there})
        places += [{"item": first, "before": key} for first in waiting]
        waiting = []
        there = key
    return not waiting


def _cells_of(gone: list[str]) -> set[str]:
    """The entry's pointers of removed cells: what stands on the layout for them goes by itself."""
    return {"/" + "/".join(pointer.split("/")[2::2]) for pointer in gone}


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> _Layout:
    return value if isinstance(value, list) else []


def _token(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
