"""What must be among the elements of a list (`contains`), as it is told to people. Not for judging it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from runtime.definitions import compile_cells as cells
from runtime.definitions.compile_faces import Faces, Start
from runtime.definitions.plan import AnyNode, Path, Wanted
from runtime.fields.choices import value_of
from runtime.language import Texts, in_all, say
from runtime.language import gettext as _

if TYPE_CHECKING:
    from runtime.definitions.compile_parts import Parts

_FIRST = 19
"""The draft, as jsonschema-rs counts them, from which on a schema may say how many."""
MOST = 6
"""So many values are told of those that an element may have."""


def wanted(parts: Parts, faces: Faces, item: AnyNode) -> Iterator[Wanted]:
    """Each demand of a list of `item`s."""
    titles = {c.path[:1]: c.words.title for c in getattr(item, "children", ())}
    for face in faces.firm:
        schema = face.schema.get("contains")
        if not isinstance(schema, dict):
            continue
        modern = parts.space.draft >= _FIRST
        least = face.schema.get("minContains", 1) if modern else 1
        most = face.schema.get("maxContains") if modern else None
        if least == 0 and most is None:
            continue
        inner = parts.faces(Start(schema, face.resolver))
        place = parts.space.place_of(schema) or {"allOf": [schema]}
        yield Wanted(
            place, _what(parts, inner, titles), int(least), None if most is None else int(most)
        )


def _what(parts: Parts, faces: Faces, titles: Mapping[Path, Texts]) -> Texts:
    """What such an element is: by its title, the values that it may have, or those of its members."""
    own = faces.texts("title") or faces.texts("description")
    return own or _values(parts, faces) or _members(parts, faces, titles)


def _values(parts: Parts, faces: Faces) -> Texts:
    whole = cells.merged(faces)
    found = whole.get("oneOf")
    if not isinstance(found, list) or not found or len(found) > MOST:
        return {}
    field = parts.types.of(whole)
    choices = field.options(whole).get("choices", ()) if field is not None else ()
    if not choices:
        return {}
    return in_all(lambda: _(" or ").join(_("“%(value)s”", value=_told(one)) for one in choices))


def _told(choice: dict[str, Any]) -> str:
    return say(choice["title"]) or str(value_of(choice))


def _members(parts: Parts, faces: Faces, titles: Mapping[Path, Texts]) -> Texts:
    """`kind: “head”`, where only members with certain values are asked for."""
    found = []
    for face in faces.firm:
        if not {"properties", "required", "type"}.issuperset(face.schema):
            return {}
        for name, schema in (face.schema.get("properties") or {}).items():
            inner = parts.faces(Start(schema, face.resolver))
            title = inner.texts("title") or titles.get((name,)) or {"en": name}
            found.append((title, _values(parts, inner)))
    if not found or not all(values for _title, values in found):
        return {}
    return in_all(lambda: _(", ").join(_pair(say(title), say(values)) for title, values in found))


def _pair(title: str, values: str) -> str:
    return _("%(title)s %(values)s", title=title, values=values)
