"""What a cell or list is filled from, set and taken away. Pure, and not for whether it can be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from builder.edits.spots import Document, at, schema_path, with_at

OWN = ("fill", "totalOf")


def set_fill(document: Document, pointer: str, keywords: Mapping[str, Any]) -> Document:
    """The document with other keywords that fill a cell; none: people type it. Raises `Refused`.

    What was only to be read because it was a total can be typed again.
    """
    path = schema_path(document, pointer)
    schema = dict(at(document, path))
    if "totalOf" in schema:
        schema.pop("readOnly", None)
    kept = {k: v for k, v in schema.items() if k not in OWN}
    translations = kept.pop("translations", None)  # texts stand last
    last = {} if translations is None else {"translations": translations}
    return with_at(document, path, {**kept, **keywords, **last})  # type: ignore[no-any-return]


def way_of(schema: Mapping[str, Any]) -> str:
    """The way in which a cell is filled, as the panel names it; `json` for what it does not know."""
    fill = schema.get("fill")
    if fill is None:
        return "worked" if "totalOf" in schema else "typed"
    if not isinstance(fill, Mapping):
        return "json"
    if "below" in fill:
        ways = {"sum": "below", "cell": "cell-below", "rows": "rows-below"}
        return ways.get(str(fill["below"]), "json")
    return next(
        (way for way in ("carry", "unit", "formula", "list", "source") if way in fill), "json"
    )
