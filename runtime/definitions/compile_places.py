"""Lists: rows of one kind, and lists each place of which has a schema of its own (`prefixItems`). Not for members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from runtime.definitions import compile_cells as cells
from runtime.definitions.compile_faces import Faces, Start, raised
from runtime.definitions.plan import AnyNode, Group, Locked, Rows, Words
from runtime.language import Texts, in_all
from runtime.language import gettext as _

if TYPE_CHECKING:
    from runtime.definitions.compile_parts import Parts


def item_starts(faces: Faces) -> list[Start]:
    """The schemas of the elements that have none by their place."""
    found = [
        Start(schema, face.resolver, raised(face.guards, 1))
        for face in faces.assertive
        if (schema := _of_rest(face.schema)) is not None
    ]
    if not found:
        found = [
            Start(face.schema["unevaluatedItems"], face.resolver, raised(face.guards, 1))
            for face in faces.assertive
            if "unevaluatedItems" in face.schema
        ]
    return found


def _of_rest(schema: dict[str, Any]) -> Any:
    items = schema.get("items")
    return schema.get("additionalItems") if isinstance(items, list) else items


def first_places(schema: dict[str, Any]) -> list[Any]:
    """The schemas that a list has by place: `prefixItems`, in older drafts a list of `items`."""
    for found in (schema.get("prefixItems"), schema.get("items")):
        if isinstance(found, list):
            return found
    return []


def places(parts: Parts, faces: Faces, above: tuple[str, ...]) -> AnyNode:
    """A list whose first places have parts of their own; what may follow them are rows."""
    least = count(faces, "minItems") or 0
    children: list[AnyNode] = []
    for number in range(max(len(first_places(face.schema)) for face in faces.firm)):
        inner = parts.faces(*_starts_at(faces, number))
        words = inner.words()
        if not words.title:
            words = msgspec.structs.replace(words, title=_numbered(number))
        node = parts.node(inner, above) if inner.all else Locked(reason="any")
        children.append(
            msgspec.structs.replace(node, path=(str(number),), words=words, required=number < least)
        )
    rest = _rest(parts, faces, above, len(children))
    if rest is None and all(isinstance(child, Locked) for child in children):
        return Locked(reason="prefixItems")
    return Group(
        children=(*children, *([rest] if rest is not None else [])),
        elements=True,
        nullable=cells.nullable(faces),
    )


def _starts_at(faces: Faces, number: int) -> list[Start]:
    """What is said of one place: by its number, else by a face that speaks of all elements."""
    found = []
    for face in faces.firm:
        first = first_places(face.schema)
        if number < len(first):
            found.append(Start(first[number], face.resolver))
        elif (schema := _of_rest(face.schema)) is not None:
            found.append(Start(schema, face.resolver))
    return found


def _rest(parts: Parts, faces: Faces, above: tuple[str, ...], start: int) -> Rows | None:
    starts = item_starts(faces)
    if not starts or not all(isinstance(s.schema, dict) and s.schema for s in starts):
        return None
    inner = parts.faces(*starts)
    item = parts.node(inner, above)
    most, least = count(faces, "maxItems"), count(faces, "minItems") or 0
    if isinstance(item, Locked) or (most is not None and most <= start):
        return None
    return Rows(
        item=msgspec.structs.replace(item, words=inner.words()),
        start=start,
        words=Words(title=in_all(lambda: _("More"))),
        minimum=max(0, least - start),
        maximum=None if most is None else most - start,
        read_only=any(f.schema.get("readOnly") is True for f in faces.firm),
    )


def _numbered(number: int) -> Texts:
    return in_all(lambda: _("Item %(n)s", n=number + 1))


def count(faces: Faces, keyword: str) -> int | None:
    """The tightest of several limits; None where there is none."""
    found = [int(f.schema[keyword]) for f in faces.firm if keyword in f.schema]
    if not found:
        return None
    return max(found) if keyword.startswith("min") else min(found)
