"""The cells of a form: put beside others, taken out, asked for or not, changed. Pure, and not for where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from builder.edits.branches import without
from builder.edits.layout import take
from builder.edits.spots import (
    Document,
    Refused,
    all_items,
    at,
    find,
    items_of,
    parts,
    pointer_of,
    schema_path,
    tokens,
    with_at,
)
from runtime.api import MISSING
from runtime.api import gettext as _


def add_cell(document: Document, holder: str, name: str, schema: Mapping[str, Any]) -> Document:
    """The document with a cell in the object (or in the rows) at the pointer `holder`. Raises `Refused`."""
    path = object_path(document, holder)
    if at(document, (*path, "properties", name)) is not MISSING:
        raise Refused(_("There is a cell named %(name)s beside it already.", name=name))
    return with_at(document, (*path, "properties", name), dict(schema))  # type: ignore[no-any-return]


def object_path(document: Document, pointer: str) -> tuple[str | int, ...]:
    """The path of the schema whose properties stand at a pointer: of an object, or of the rows of a list."""
    path = schema_path(document, pointer)
    schema = at(document, path)
    if isinstance(schema, Mapping) and isinstance(schema.get("items"), Mapping):
        path = (*path, "items")
        schema = schema["items"]
    if not isinstance(schema, Mapping) or "$ref" in schema:
        raise Refused(_("Nothing can be put in there: what it holds is defined elsewhere."))
    return path


def names_in(document: Document, pointer: str) -> set[str]:
    """The names that are taken in an object or in the rows of a list."""
    schema = at(document, object_path(document, pointer))
    found: set[str] = set()
    for inner in parts(schema):
        properties = at(schema, (*inner, "properties"))
        found |= set(properties) if isinstance(properties, Mapping) else set()
    return found


def remove_cell(document: Document, pointer: str) -> Document:
    """The document without a cell, a list or a group, and without its place on the layout. Raises `Refused`."""
    path = schema_path(document, pointer)
    if not path:  # the form itself
        raise Refused(_("The form has no cell at %(pointer)s.", pointer=pointer))
    document = without(_unrequired(document, path), path)
    for item in list(all_items(document)):
        placed = item.get("at")
        if isinstance(placed, str) and (placed == pointer or placed.startswith(f"{pointer}/")):
            document = take(document, str(item["id"]))
    return document


def remove_item(document: Document, name: str) -> Document:
    """The document without an item, with all the cells that stand on it. Raises `Refused` where it is gone."""
    item = find(document, name).item
    pointers = [p for p in _placed(item) if p]
    document = take(document, name)
    for pointer in pointers:
        if any(i.get("at") == pointer for i in all_items(document)):
            continue
        try:
            document = remove_cell(document, pointer)
        except Refused:  # a line of a layout may name what the form does not have
            continue
    return document


def _placed(item: Mapping[str, Any]) -> list[str]:
    """The pointers of what stands on an item; a table without one of its own leaves its cells on the form."""
    found = [str(item["at"])] if isinstance(item.get("at"), str) else []
    for inner in items_of(item):
        found += _placed(inner) if isinstance(inner, Mapping) else []
    return found


def require(document: Document, pointer: str, *, needed: bool) -> Document:
    """The document with a cell that must be answered before submitting, or need not. Raises `Refused`.

    What is needed within a group is needed only where the group is, so the groups around it become needed too.
    """
    path = schema_path(document, pointer)
    if not path:
        raise Refused(_("The form has no cell at %(pointer)s.", pointer=pointer))
    document = _unrequired(document, path)
    if not needed:
        return document
    document = _listed(document, path)
    above = tokens(pointer)[:-1]
    while above and "*" not in above:
        outer = schema_path(document, pointer_of(above))
        if at(document, outer[:-2]) is MISSING or not _is_plain(outer):
            break
        document = _listed(document, outer)
        above = above[:-1]
    return document


def is_required(document: Document, pointer: str) -> bool:
    """Whether a cell is asked for beside where it is defined."""
    try:
        path = schema_path(document, pointer)
    except Refused:
        return False
    names = at(document, (*path[:-2], "required"))
    return isinstance(names, list) and path[-1:] != () and path[-1] in names


def _is_plain(path: tuple[str | int, ...]) -> bool:
    """Whether a cell is there in any case: what is conditional is not to be asked for because of what it holds."""
    return not any(step in ("then", "else", "allOf", "dependentSchemas") for step in path)


def _listed(document: Document, path: tuple[str | int, ...]) -> Document:
    place = (*path[:-2], "required")
    names = at(document, place)
    known = list(names) if isinstance(names, list) else []
    if path[-1] in known:
        return document
    return with_at(document, place, [*known, path[-1]])  # type: ignore[no-any-return]


def _unrequired(document: Document, path: tuple[str | int, ...]) -> Document:
    place = (*path[:-2], "required")
    names = at(document, place)
    if not isinstance(names, list) or path[-1] not in names:
        return document
    left = [name for name in names if name != path[-1]]
    return with_at(document, place, left or MISSING)  # type: ignore[no-any-return]
