"""Members whose names nobody declared, as rows with a name: `patternProperties` and schemas for all others.

Not for declared members, and not for drawing the rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from runtime.definitions import compile_cells as cells
from runtime.definitions.compile_faces import Face, Faces, Guards, Start
from runtime.definitions.compile_places import count
from runtime.definitions.named import ANY_NAME
from runtime.definitions.plan import Condition, Locked, Named, Rows, Words
from runtime.language import Texts, in_all
from runtime.language import gettext as _

if TYPE_CHECKING:
    from runtime.definitions.compile_parts import Parts

REST = ("additionalProperties", "unevaluatedProperties")


def named_rows(
    parts: Parts, faces: Faces, above: tuple[str, ...], declared: Collection[str], *, alone: bool
) -> Iterator[Rows]:
    """The rows of one object: for each pattern, then for all names that fit none.

    `declared` are the members with parts of their own; `alone`: nothing else is drawn there.
    """
    if any(face.schema.get("propertyNames") is False for face in faces.firm):
        return
    found = list(_described(faces))
    patterns = tuple(dict.fromkeys(pattern for pattern, _guards, _starts in found if pattern))
    patterns += tuple(p for p in _all_patterns(faces) if p not in patterns)
    used: set[str] = set()
    told = _names(parts, faces)
    for number, (pattern, guards, starts) in enumerate(found):
        inner = parts.faces(*starts)
        item = parts.node(inner, above)
        if isinstance(item, Locked) or pattern in used:
            continue
        used |= set() if guards else {pattern}
        named = Named(
            slot=f"names.{number}" if number else "names",
            pattern=pattern,
            but=() if pattern else patterns,
            declared=tuple(sorted(declared)),
            **told,
        )
        only = alone and len(found) == 1
        yield Rows(
            item=msgspec.structs.replace(item, words=inner.words()),
            words=Words() if only else Words(inner.texts("title") or _title(pattern)),
            named=named,
            when=guards,
            minimum=(count(faces, "minProperties") or 0) if only else 0,
            maximum=count(faces, "maxProperties") if only else None,
            read_only=any(f.schema.get("readOnly") is True for f in faces.firm),
        )


def _described(faces: Faces) -> Iterator[tuple[str, Guards, list[Start]]]:
    """Each pattern (all other names: `""`) with the guards under which, and the schemas by which, its members are."""
    found: dict[tuple[str, str], tuple[str, Guards, list[tuple[Any, Face]]]] = {}

    def add(pattern: str, schema: Any, face: Face) -> None:
        if isinstance(schema, dict) and schema:
            key = (pattern, repr(face.guards))
            found.setdefault(key, (pattern, face.guards, []))[2].append((schema, face))

    for face in faces.assertive:
        for pattern, schema in patterns_of(face.schema).items():
            add(pattern, schema, face)
    for face in faces.assertive:
        add("", face.schema.get(REST[0]), face)
    if not any(face.schema.get(REST[0]) is not None for face in faces.firm):
        for face in faces.assertive:
            add("", face.schema.get(REST[1]), face)
    for pattern, guards, described in found.values():
        yield pattern, guards, [Start(schema, face.resolver) for schema, face in described]


def _all_patterns(faces: Faces) -> Iterator[str]:
    """All patterns, those whose members are not drawn as well: other rows leave them alone."""
    for face in faces.assertive:
        yield from patterns_of(face.schema)


def patterns_of(schema: dict[str, Any]) -> dict[str, Any]:
    """What a schema says in `patternProperties`."""
    found = schema.get("patternProperties")
    return found if isinstance(found, dict) else {}


def _names(parts: Parts, faces: Faces) -> dict[str, Any]:
    """What names must be, whatever their rows: to be asked of the validator, and to be told."""
    found = [
        (rule, face)
        for face in faces.firm
        if isinstance(rule := face.schema.get("propertyNames"), dict) and rule
    ]
    if not found:
        return {}
    whole = cells.merged(parts.faces(*(Start(rule, face.resolver) for rule, face in found)))
    names = [branch["const"] for branch in whole.get("oneOf", ())]
    pattern = whole.get("pattern")
    return {
        "rules": tuple(
            Condition(schema=parts.space.place_of(rule) or {"allOf": [rule]})
            for rule, _face in found
        ),
        "names": tuple(name for name in names if isinstance(name, str)),
        "wanted": pattern if isinstance(pattern, str) else "",
    }


def _title(pattern: str) -> Texts:
    if pattern in ANY_NAME:
        return in_all(lambda: _("Others, each by its name"))
    return in_all(lambda: _("Names that fit %(pattern)s", pattern=pattern))
