"""Parts of a plan from the faces of their places: groups, rows, choices, cells, and what cannot be drawn.

Not for layout: the parts come in the schema's own order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from runtime.definitions import compile_cells as cells
from runtime.definitions.compile_choices import by_type, choices, names_of
from runtime.definitions.compile_contains import wanted
from runtime.definitions.compile_faces import Face, Faces, Guards, Start, raised
from runtime.definitions.compile_named import named_rows
from runtime.definitions.compile_own import carried_rows, rows_below
from runtime.definitions.compile_places import count, first_places, item_starts, places
from runtime.definitions.compile_required import Required, strings
from runtime.definitions.compile_rules import list_rule
from runtime.definitions.load import Library
from runtime.definitions.plan import (
    AnyNode,
    Choice,
    Group,
    ListRule,
    Locked,
    Recursion,
    Rows,
)
from runtime.definitions.resolve import Space
from runtime.fields.catalogue import FieldTypes

MOST_PARTS = 4000
"""From so many parts on, objects stand on their own in `Plan.parts`, each once, and are opened when wanted."""

DEEPEST = 24
"""Levels of parts within parts that are drawn before they are opened one by one."""

_MAP_KEYWORDS = (
    "patternProperties", "additionalProperties", "unevaluatedProperties", "propertyNames",
)  # fmt: skip
_REASONS = (
    "prefixItems", "additionalItems", "contains", *_MAP_KEYWORDS, "unevaluatedItems", "not",
    "items", "oneOf", "anyOf", "type",
)  # fmt: skip


class Parts:
    """Makes parts; what contains itself is noted, and made apart from them."""

    def __init__(
        self, space: Space, types: FieldTypes, library: Library | None, context: str
    ) -> None:
        self.space = space
        self.types = types
        self.library = library
        self.context = context
        """The register of the subject at hand, whose fields are facts."""
        self.made = 0
        self._waiting: dict[str, tuple[Faces, str]] = {}
        self._done: dict[str, AnyNode] = {}

    def faces(self, *starts: Start) -> Faces:
        """The faces of one place, a union with null and a single branch taken in."""
        faces = Faces(self.space, starts)
        for _round in range(8):
            known = {id(face.schema) for face in faces.all}
            fresh = [s for s in _lone_branches(faces) if id(s.schema) not in known]
            if not fresh:
                break
            types = faces.types()
            with_null = faces.with_null or (
                _has_null_branch(faces) and (types is None or "null" in types)
            )
            starts = (*starts, *fresh)
            faces = Faces(self.space, starts)
            faces.with_null = with_null
        return faces

    def others(self) -> dict[str, AnyNode]:
        """The parts that stand on their own, by name."""
        while self._waiting:
            key, (faces, context) = self._waiting.popitem()
            if key not in self._done:
                self.context = context
                self._done[key] = self._composed(faces, cells.merged(faces).get("type", ""), (key,))
        return self._done

    def node(self, faces: Faces, above: tuple[str, ...], memory: str = "") -> AnyNode:
        """The part for a place, at its own path. `above` are the places around it, `memory` the choice around."""
        self.made += 1
        if faces.lock:
            return Locked(reason=faces.lock)
        whole = cells.merged(faces)
        if whole.get("type") == "array" and whole.get("uniqueItems") is True:
            whole["items"] = cells.merged(self._items(faces))
        cell = None if _open(whole) else cells.cell(faces, whole, self.types, self.context)
        if cell is not None:
            return cell
        key = faces.key()
        if key in above or (above and (self.made > MOST_PARTS or len(above) > DEEPEST)):
            self._waiting.setdefault(key, (faces, self.context))
            return Recursion(part=key)
        return self._composed(faces, whole.get("type", ""), (*above, key), memory)

    def _composed(
        self, faces: Faces, kind: str, above: tuple[str, ...], memory: str = ""
    ) -> AnyNode:
        found = by_type(self, faces, above, memory) if not kind else None
        if found is not None:
            return found
        if kind == "array":
            return self._rows(faces, above)
        return self._object(faces, kind, above, memory)

    def _items(self, faces: Faces) -> Faces:
        return self.faces(*item_starts(faces))

    def _rows(self, faces: Faces, above: tuple[str, ...]) -> AnyNode:
        if any(first_places(face.schema) for face in faces.firm):
            return places(self, faces, above)
        fill = self._list_rule(faces)
        context, self.context = self.context, fill.register if fill else self.context
        starts = item_starts(faces)
        usable = starts and all(isinstance(s.schema, dict) and s.schema for s in starts)
        item = (
            self.node(self.faces(*starts), above)
            if usable
            else Locked(reason=_reason(faces, "array"))
        )
        self.context = context
        if isinstance(item, Locked):
            return Locked(reason=item.reason if usable else _reason(faces, "array"))
        titled = self.faces(*starts).words()
        return Rows(
            item=msgspec.structs.replace(item, words=titled),
            minimum=count(faces, "minItems") or 0,
            maximum=count(faces, "maxItems"),
            read_only=any(f.schema.get("readOnly") is True for f in faces.firm),
            nullable=cells.nullable(faces),
            fill=fill,
            below=rows_below(faces.first("fill")),
            carry=carried_rows(faces.first("fill")),
            wanted=tuple(wanted(self, faces, item)),
        )

    def _list_rule(self, faces: Faces) -> ListRule | None:
        rule = faces.first("fill")
        if not isinstance(rule, dict):
            return None
        return list_rule(rule, self.library, self.space.place_of(rule).partition("#")[0])

    def _object(self, faces: Faces, kind: str, above: tuple[str, ...], memory: str) -> AnyNode:
        is_object = kind in ("object", "")
        children = list(self._members(faces, above)) if is_object else []
        drawn = {child.path[0] for child in children if child.path}
        choices = list(self._choices(faces, above, memory, drawn))
        declared = drawn | {n for c in choices for b in c.branches for n in names_of(b.node)}
        alone = not children and not choices
        named = list(named_rows(self, faces, above, declared, alone=alone)) if is_object else []
        if not children and not named and len(choices) == 1 and not choices[0].when:
            return choices[0]
        if alone and not named and not (kind == "object" and _closed(faces)):
            return Locked(reason=_reason(faces, kind))
        return Group(
            children=(*children, *choices, *named),
            nullable=cells.nullable(faces),
            others=next((k for k in _MAP_KEYWORDS if faces.first(k) not in (None, False)), ""),
        )

    def _members(self, faces: Faces, above: tuple[str, ...]) -> Iterator[AnyNode]:
        named: dict[str, list[tuple[Any, Face]]] = {}
        for face in faces.assertive:
            for name, schema in _properties(face.schema):
                named.setdefault(name, []).append((schema, face))
        required = Required(faces)
        for name, found in named.items():
            for guards, starts in _by_guards(found):
                inner = self.faces(*starts)
                node = self.node(inner, above)
                if isinstance(node, Locked) and node.reason == "false" and guards:
                    continue
                always, sometimes = required.of(name, guards)
                yield msgspec.structs.replace(
                    node,
                    path=(name,),
                    words=inner.words(name),
                    when=guards,
                    when_hidden=_when_hidden(inner, faces),
                    required=always,
                    required_when=sometimes,
                )

    def _choices(
        self, faces: Faces, above: tuple[str, ...], memory: str, drawn: set[str]
    ) -> Iterator[Choice]:
        yield from choices(self, faces, above, memory, drawn)


def _by_guards(found: list[tuple[Any, Face]]) -> Iterator[tuple[Guards, list[Start]]]:
    """The schemas of one member: where one always applies it is one part, else one part for each guard."""
    if any(not face.guards for _schema, face in found):
        starts = [Start(schema, f.resolver, raised(f.guards, 1)) for schema, f in found]
        yield (), starts
        return
    groups: dict[str, tuple[Guards, list[Start]]] = {}
    for schema, face in found:
        key = repr(face.guards)
        groups.setdefault(key, (face.guards, []))[1].append(Start(schema, face.resolver))
    yield from groups.values()


def _lone_branches(faces: Faces) -> Iterator[Start]:
    """Branches of a union with null that leaves only one other: `anyOf: [{…}, {type: null}]`."""
    for face in faces.firm:
        for keyword in ("oneOf", "anyOf"):
            branches = face.schema.get(keyword)
            if not isinstance(branches, list) or cells.listed(face.schema) is not None:
                continue
            others = [b for b in branches if not is_null(b)]
            if len(others) == 1 and isinstance(others[0], dict):
                yield Start(others[0], face.resolver)


def _has_null_branch(faces: Faces) -> bool:
    """Whether every union of the place that has one other branch has null as well."""
    unions = [
        branches
        for face in faces.firm
        for keyword in ("oneOf", "anyOf")
        if isinstance(branches := face.schema.get(keyword), list)
        and cells.listed(face.schema) is None
    ]
    return bool(unions) and all(any(map(is_null, branches)) for branches in unions)


def is_null(branch: Any) -> bool:
    """Whether a branch allows null and nothing else."""
    if not isinstance(branch, dict):
        return False
    return branch.get("type") == "null" or ("const" in branch and branch["const"] is None)


def _open(whole: dict[str, Any]) -> bool:
    """Whether the place is of parts rather than one value."""
    return (
        whole.get("type") == "object"
        and whole.get("format") != "attachment"
        and "oneOf" not in whole
    )


def _properties(schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return
    order = [n for n in strings(schema.get("propertyOrder")) if n in properties]
    for name in (*order, *(n for n in properties if n not in order)):
        yield name, properties[name]


def _closed(faces: Faces) -> bool:
    """Whether an object without members of its own allows none: then an empty group is all there is to draw."""
    return any(f.schema.get("additionalProperties") is False for f in faces.firm)


def _reason(faces: Faces, kind: str) -> str:
    """The keyword that keeps a place from being drawn: one that is there, or the one that is missing."""
    missing = {"array": "items", "object": "properties"}.get(kind, "any")
    found = next((k for k in _REASONS if faces.some(k)), missing)
    return missing if found == "type" and kind else found


def _when_hidden(faces: Faces, around: Faces) -> Any:
    found = faces.first("whenHidden") or around.first("whenHidden")
    return found if found in ("keep", "dropOnSubmit", "dropAtOnce") else "dropOnSubmit"
