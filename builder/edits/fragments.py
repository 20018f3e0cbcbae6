"""A part of a form copied with its cells, and put into another form. Pure, and not for where the copy waits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from builder.edits.cells import add_cell, is_required, names_in, object_path, require
from builder.edits.layout import put
from builder.edits.naming import fresh, item_id
from builder.edits.spots import (
    Document,
    Refused,
    all_items,
    at,
    find,
    items_of,
    pointer_of,
    schema_at,
    tokens,
)
from runtime.api import MISSING
from runtime.api import gettext as _

Fragment = dict[str, Any]
"""`item`: what stands on the layout; `cells`: pointer -> schema; `required`: pointers of cells that are needed."""


def copied(document: Document, name: str) -> Fragment:
    """An item with the schemas of all cells that stand on it. Raises `Refused` where it is gone."""
    item = find(document, name).item
    cells: dict[str, Any] = {}
    for pointer in _pointers(item):
        try:
            cells[pointer] = schema_at(document, pointer)
        except Refused:  # the layout may name what the form does not have
            continue
    needed = [p for p in cells if is_required(document, p)]
    return {"item": dict(item), "cells": cells, "required": needed}


def pasted(
    document: Document, fragment: Any, holder: str, before: str = ""
) -> tuple[Document, str]:
    """The document with a copy put on the layout, under free ids and names; and the copy's id. Raises `Refused`."""
    item, cells, required = _read(fragment)
    moved: dict[str, str] = {}
    for pointer, schema in cells.items():
        document, moved[pointer] = _with_cell(document, pointer, schema)
    for pointer in required:
        if pointer in moved:
            document = require(document, moved[pointer], needed=True)
    item = _renamed(document, item, moved)
    return put(document, item, holder, before), str(item["id"])


def _read(fragment: Any) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    if not isinstance(fragment, Mapping):
        raise Refused(_("What was copied is not part of a form."))
    item, cells = fragment.get("item"), fragment.get("cells")
    if not isinstance(item, Mapping) or not isinstance(item.get("kind"), str):
        raise Refused(_("What was copied is not part of a form."))
    known = (
        {p: s for p, s in cells.items() if p.startswith("/")} if isinstance(cells, Mapping) else {}
    )
    named = fragment.get("required")
    return (
        dict(item),
        known,
        [p for p in named if isinstance(p, str)] if isinstance(named, list) else [],
    )


def _with_cell(document: Document, pointer: str, schema: Any) -> tuple[Document, str]:
    """A copied cell goes where it was, if the groups around it are there too, else to the top of the form."""
    steps = tokens(pointer)
    above = steps[:-1]
    if not _takes(document, above):
        above = ()
    holder = pointer_of(above)
    name = fresh(steps[-1], names_in(document, holder), "_")
    node = schema if isinstance(schema, Mapping) else {}
    return add_cell(document, holder, name, node), pointer_of((*above, name))


def _takes(document: Document, above: tuple[str, ...]) -> bool:
    if "*" in above:
        return False
    try:
        return at(document, object_path(document, pointer_of(above))) is not MISSING
    except Refused:
        return False


def _renamed(
    document: Document, item: Mapping[str, Any], moved: Mapping[str, str]
) -> dict[str, Any]:
    taken = {str(one["id"]) for one in all_items(document)}

    def anew(one: Mapping[str, Any]) -> dict[str, Any]:
        found = dict(one)
        wanted = found.get("id")
        name = fresh(wanted, taken, "-") if isinstance(wanted, str) and wanted else ""
        found["id"] = name or item_id(document, str(found.get("title", "")), str(found["kind"]))
        taken.add(found["id"])
        if isinstance(found.get("at"), str):
            found["at"] = moved.get(found["at"], found["at"])
        if isinstance(found.get("items"), list):
            found["items"] = [
                anew(i) for i in items_of(one) if isinstance(i, Mapping) and "kind" in i
            ]
        return found

    return anew(item)


def _pointers(item: Mapping[str, Any]) -> list[str]:
    named = item.get("at")
    found = [named] if isinstance(named, str) and named.startswith("/") else []
    for inner in items_of(item):
        found += _pointers(inner) if isinstance(inner, Mapping) else []
    return list(dict.fromkeys(found))
