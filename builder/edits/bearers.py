"""A group or list with what branches elsewhere in the form put into it under a condition. Not for changing them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from builder.edits.spots import Document, at, defines, schema_path, schema_paths


def whole_at(document: Document, pointer: str) -> Mapping[str, Any]:
    """The schema of a cell, what branches further out put into it in `allOf`. Raises `Refused` where there is none."""
    main = schema_path(document, pointer)
    found = at(document, main)
    for path in schema_paths(document, pointer):
        if path != main:
            found = with_more(found, at(document, path))
    return found if isinstance(found, Mapping) else {}


def with_more(one: Any, other: Any) -> Any:
    """One schema of a place with what another says of what is within; the one that defines it counts first."""
    if defines(other) and not defines(one):
        one, other = other, one
    if not (isinstance(one, Mapping) and isinstance(other, Mapping)):
        return one
    if isinstance(one.get("items"), Mapping) and isinstance(other.get("items"), Mapping):
        return {**one, "items": with_more(one["items"], other["items"])}
    if not isinstance(other.get("properties"), Mapping):
        return one
    listed = one.get("allOf")
    within = {k: v for k, v in other.items() if k in ("properties", "required")}
    return {**one, "allOf": [*(listed if isinstance(listed, list) else ()), {"then": within}]}
