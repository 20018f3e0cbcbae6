"""The cells behind a cross-table with headings of one's own, kept in step with them: made, taken, added up. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from builder.edits.cells import remove_cell
from builder.edits.headings import AXES, TOTAL, headings_of, keys, walked
from builder.edits.spots import (
    Document,
    Refused,
    all_items,
    at,
    find,
    pointer_of,
    schema_path,
    with_at,
    with_items,
)
from builder.edits.texts import SOURCE, text_in, with_text
from runtime.api import MISSING, dumps, texts_of

Shape = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""A cell's schema with what the dictionary says of it."""
NUMBER: dict[str, Any] = {"type": "integer", "minimum": 0}
_TEXTS = ("title", "help", "description", "unit", "translations")


def is_own(document: Document, item: Mapping[str, Any]) -> bool:
    """Whether the form itself defines what stands behind the table, so that lines and columns can be added."""
    try:
        group = at(document, schema_path(document, str(item.get("at", ""))))
    except Refused:
        return False
    has_both = all(headings_of(item, axis) for axis in AXES)
    plain = all(k and "/" not in k for axis in AXES for k in keys(item, axis))
    return has_both and plain and isinstance(group, Mapping) and "$ref" not in group


def with_table(
    document: Document, name: str, fresh: Mapping[str, Any], kinds: Mapping[str, Any], shape: Shape
) -> Document:
    """The document with another table in place of the item `name`, and the cells that it needs.

    `kinds` gives columns another kind of cell, by their keys. Raises `Refused`.
    """
    found = find(document, name)
    own = is_own(document, found.item)
    old = found.item

    def swapped(items: list[Any]) -> list[Any]:
        return [fresh if one is old else one for one in items]

    document = with_items(document, found.holder, swapped)
    if not own:
        return document
    document = _titled(document, old, fresh)
    document = _without_gone(document, old, fresh)
    document = _with_new(document, fresh, kinds)
    return _added_up(document, fresh, shape)


def kind_of(document: Document, item: Mapping[str, Any], column: str) -> dict[str, Any] | None:
    """What the cells of a column are, without their texts; None where they differ, or refer to the dictionary."""
    found = {dumps(kind): kind for row in keys(item, "rows") if row != TOTAL
             if (kind := _kind(cell_of(document, item, row, column))) is not None}  # fmt: skip
    only = next(iter(found.values())) if len(found) == 1 else None
    return only if only is None or "$ref" not in only else None


def _kind(schema: Any) -> dict[str, Any] | None:
    if not isinstance(schema, Mapping):
        return None
    return {k: v for k, v in schema.items() if k not in (*_TEXTS, "readOnly", "totalOf", "fill")}


def _group(document: Document, item: Mapping[str, Any]) -> tuple[str | int, ...]:
    return schema_path(document, str(item["at"]))


def cell_of(document: Document, item: Mapping[str, Any], row: str, column: str) -> Any:
    """The schema of a cell as the form writes it; `MISSING` where the place is blank."""
    return at(document, (*_group(document, item), "properties", row, "properties", column))


def _titled(document: Document, old: Mapping[str, Any], fresh: Mapping[str, Any]) -> Document:
    """A line's group, and a column's cells, are called as their heading, where they were before."""
    path = _group(document, fresh)
    for axis in AXES:
        before = {h.get("key"): h for _p, h in walked(headings_of(old, axis)) if "items" not in h}
        for _p, heading in walked(headings_of(fresh, axis)):
            was = before.get(heading.get("key"))
            if was is None or was == heading or "items" in heading:
                continue
            rows = [heading["key"]] if axis == "rows" else keys(fresh, "rows")
            for row in rows:
                place = (*path, "properties", row)
                place = place if axis == "rows" else (*place, "properties", heading["key"])
                node = at(document, place)
                if isinstance(node, Mapping):
                    document = with_at(document, place, _called(node, was, heading))
    return document


def _called(
    node: Mapping[str, Any], was: Mapping[str, Any], heading: Mapping[str, Any]
) -> dict[str, Any]:
    found = dict(node)
    more = heading.get("translations")
    for tag in (SOURCE, *(more if isinstance(more, Mapping) else ())):
        old, new = text_in(was, "title", tag), text_in(heading, "title", tag)
        if old != new and text_in(node, "title", tag) == old:
            found = with_text(found, "title", tag, new)
    return found


def _without_gone(document: Document, old: Mapping[str, Any], fresh: Mapping[str, Any]) -> Document:
    """Lines and columns that no table shows any more take their cells with them."""
    others = [
        i for i in all_items(document) if i.get("at") == fresh["at"] and i["id"] != fresh["id"]
    ]
    kept = {axis: {k for one in (fresh, *others) for k in keys(one, axis)} for axis in AXES}
    base = str(fresh["at"])
    for row in keys(old, "rows"):
        if row not in kept["rows"]:
            document = _gone(document, f"{base}{pointer_of([row])}")
            continue
        for column in keys(old, "columns"):
            if column not in kept["columns"]:
                document = _gone(document, f"{base}{pointer_of([row, column])}")
    return document


def _gone(document: Document, pointer: str) -> Document:
    try:
        return remove_cell(document, pointer)
    except Refused:  # a place of the table may be blank
        return document


def _with_new(document: Document, item: Mapping[str, Any], kinds: Mapping[str, Any]) -> Document:
    path = _group(document, item)
    heads = {axis: _leaves(item, axis) for axis in AXES}
    known = {c: kind_of(document, item, c) for c in heads["columns"]}
    filled = {
        c
        for c in heads["columns"]
        for r in heads["rows"]
        if cell_of(document, item, r, c) is not MISSING
    }
    for row, row_head in heads["rows"].items():
        place = (*path, "properties", row)
        group = at(document, place)
        if group is MISSING:
            group = _titles(row_head) | {"type": "object", "properties": {}}
            document = with_at(document, place, group)
        if not isinstance(group, Mapping) or "$ref" in group or row == TOTAL:
            continue
        is_new = not group.get("properties")
        for column, head in heads["columns"].items():
            if column == TOTAL:
                continue
            here = (*place, "properties", column)
            cell = at(document, here)
            known_cell = cell if isinstance(cell, Mapping) else None
            if column in kinds and "$ref" not in (known_cell or {}):
                texts = _titles(head)
                if known_cell is not None:
                    texts = {k: known_cell[k] for k in _TEXTS if k in known_cell}
                document = with_at(document, here, _ordered(texts, kinds[column]))
            elif cell is MISSING and (is_new or column not in filled):
                document = with_at(document, here, _ordered(_titles(head), known[column] or NUMBER))
    return document


def _added_up(document: Document, item: Mapping[str, Any], shape: Shape) -> Document:
    """The cells of total lines and columns add up the numbers that stand beside and above them."""
    path, rows, columns = _group(document, item), keys(item, "rows"), keys(item, "columns")
    heads = _leaves(item, "columns")

    def number(row: str, column: str) -> Mapping[str, Any] | None:
        cell = cell_of(document, item, row, column)
        whole = shape(cell) if isinstance(cell, Mapping) else {}
        return whole if whole.get("type") in ("integer", "number") else None

    for row in [r for r in rows if r != TOTAL] + [r for r in rows if r == TOTAL]:
        group = at(document, (*path, "properties", row))
        if not isinstance(group, Mapping) or "$ref" in group:
            continue
        for column in columns:
            if TOTAL not in (row, column):
                continue
            beside = column == TOTAL
            parts = (
                [c for c in columns if c != TOTAL] if beside else [r for r in rows if r != TOTAL]
            )
            found = {p: n for p in parts if (n := number(row, p) if beside else number(p, column))}
            ways = [
                f"1{pointer_of([p])}" if beside else f"2{pointer_of([p, column])}" for p in found
            ]
            place = (*path, "properties", row, "properties", column)
            document = _total(document, place, _titles(heads[column]), list(found.values()), ways)
    return document


def _total(
    document: Document,
    place: tuple[str | int, ...],
    texts: Mapping[str, Any],
    numbers: list[Any],
    ways: list[str],
) -> Document:
    old = at(document, place)
    if not ways:
        return with_at(document, place, MISSING) if old is not MISSING else document
    kept = {k: old[k] for k in _TEXTS if k in old} if isinstance(old, Mapping) else dict(texts)
    told = [n.get("digits", 2) for n in numbers if n.get("type") == "number"]
    digits = [n if isinstance(n, int) else 2 for n in told]
    kind: dict[str, Any] = (
        {"type": "number", "digits": max(digits)} if digits else {"type": "integer"}
    )
    units = [texts_of(dict(n), "unit") for n in numbers]
    if "unit" not in kept and all(unit == units[0] for unit in units):
        for tag, text in units[0].items():
            kept = with_text(kept, "unit", tag, text)
    fresh = _ordered(kept, {**kind, "readOnly": True, "totalOf": ways})
    return with_at(document, place, fresh)  # type: ignore[no-any-return]


def _leaves(item: Mapping[str, Any], axis: str) -> dict[str, Mapping[str, Any]]:
    return {
        str(h["key"]): h
        for _p, h in walked(headings_of(item, axis))
        if "items" not in h and "key" in h
    }


def _titles(heading: Mapping[str, Any]) -> dict[str, Any]:
    return {k: heading[k] for k in ("title", "translations") if k in heading}


def _ordered(texts: Mapping[str, Any], kind: Mapping[str, Any]) -> dict[str, Any]:
    """Title first, translations last, as definitions are written."""
    first = {k: v for k, v in texts.items() if k != "translations"}
    last = {k: v for k, v in texts.items() if k == "translations"}
    return {**first, **kind, **last}
