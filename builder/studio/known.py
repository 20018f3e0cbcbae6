"""What the dictionary has already that an own cell of a form may mean, while it is named. Not for judging likeness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from builder.radar.index import index_of
from builder.radar.likeness import Alike, Wanted, similar
from builder.radar.views import why
from builder.studio.canvas import Part
from builder.studio.shapes import Shapes
from runtime.api import Library, texts_of

SURE = 70
"""From so many points of a hundred on it is said."""
MOST = 3


def alike(part: Part, shapes: Shapes, library: Library) -> list[tuple[Alike, str]]:
    """The likeliest entries of the dictionary with the reasons in words; none for what is from the dictionary."""
    schema = part.schema or {}
    if part.kind != "cell" or "$ref" in schema:
        return []
    names = tuple(texts_of(schema).values())
    found = similar(index_of(library), Wanted(names, is_indicator=_is_figure(schema, shapes)), MOST)
    return [(one, why(one)) for one in found if one.score >= SURE]


def _is_figure(schema: Mapping[str, Any], shapes: Shapes) -> bool | None:
    """A number may be a figure or a field; a text is no figure."""
    kind = shapes.whole(schema).get("type")
    return None if kind in ("integer", "number") else False
