"""`oneOf` and `anyOf` of things to draw, as choices that the entry remembers. Not for lists of values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from runtime.definitions import compile_cells as cells
from runtime.definitions.compile_faces import Face, Faces, Guards, Start
from runtime.definitions.plan import AnyNode, Branch, Cell, Choice, Group, Locked, Words
from runtime.language import Texts

if TYPE_CHECKING:
    from runtime.definitions.compile_parts import Parts

_TYPE_WORDS: dict[str, Texts] = {
    "string": {"en": "Text", "zh-CN": "文字"},
    "integer": {"en": "Whole number", "zh-CN": "整数"},
    "number": {"en": "Number", "zh-CN": "数字"},
    "boolean": {"en": "Yes or no", "zh-CN": "是或否"},
    "array": {"en": "List", "zh-CN": "列表"},
    "object": {"en": "Group of values", "zh-CN": "一组值"},
    "null": {"en": "Nothing", "zh-CN": "无"},
}


def choices(
    parts: Parts, faces: Faces, above: tuple[str, ...], memory: str, drawn: set[str]
) -> Iterator[Choice]:
    """The choices at one place. What is drawn already is left out of their branches."""
    taken = set(drawn)
    used: dict[str, int] = {}
    for face in faces.assertive:
        for keyword in ("oneOf", "anyOf"):
            branches = face.schema.get(keyword)
            if not isinstance(branches, list) or cells.listed(face.schema) is not None:
                continue
            used[keyword] = used.get(keyword, 0) + 1
            name = keyword if used[keyword] == 1 else f"{keyword}.{used[keyword]}"
            name = f"{memory}/{name}" if memory else name
            found = _choice(parts, face, branches, name, above, taken)
            if found is not None:
                taken |= {p for b in found.branches for p in names_of(b.node)}
                yield found


def _choice(
    parts: Parts,
    face: Face,
    branches: list[Any],
    name: str,
    above: tuple[str, ...],
    taken: set[str],
) -> Choice | None:
    made: list[Branch] = []
    for index, schema in enumerate(branches):
        if schema is False:
            continue
        inner = parts.faces(Start(schema, face.resolver))
        node = _without(parts.node(inner, above, f"{name}/{index}"), taken)
        place = parts.space.place_of(schema) or {"allOf": [schema]}
        types = tuple(sorted(inner.types() or ()))
        words = _branch_words(inner, index, schema)
        if isinstance(node, Cell):  # its box says nothing of what it is by itself
            node = msgspec.structs.replace(node, words=words)
        made.append(Branch(str(index), words, node, place, types))
    if len(made) < 2 or not any(_draws(branch.node) for branch in made):
        return None
    return Choice(
        keyword=name,
        branches=tuple(made),
        words=Words(),
        when=_guards(face),
        by_type=len(made) == len(branches) and _apart(made),
    )


def _apart(branches: list[Branch]) -> bool:
    """Whether each branch says its types, and no value is of two of them."""
    seen: set[str] = set()
    for branch in branches:
        types = {"number" if kind == "integer" else kind for kind in branch.types} - {"null"}
        if not branch.types or types & seen:
            return False
        seen |= types
    return True


def by_type(parts: Parts, faces: Faces, above: tuple[str, ...], memory: str) -> Choice | None:
    """A place where values of several types may stand, told apart by nothing else: a choice of the type."""
    kinds = _kinds(faces)
    if len(kinds) < 2:
        return None
    name = f"{memory}/type" if memory else "type"
    null = ["null"] if cells.nullable(faces) else []
    made = []
    for index, kind in enumerate(kinds):
        inner = parts.faces(*faces.starts, Start({"type": [kind, *null]}, parts.space.resolver()))
        node = parts.node(inner, above, f"{name}/{index}")
        title = _TYPE_WORDS.get(kind, {})
        node = msgspec.structs.replace(node, words=Words(title))
        made.append(Branch(str(index), Words(title), node, {"type": kind}, (kind,)))
    if not any(_draws(branch.node) for branch in made):
        return None
    return Choice(keyword=name, branches=tuple(made), by_type=True)


def _kinds(faces: Faces) -> list[str]:
    """The types of a place, in the order in which they are named; none where alternatives tell them apart."""
    types = faces.types() or frozenset()
    kinds = types - {"null"}
    if any(isinstance(f.schema.get(k), list) for f in faces.firm for k in ("oneOf", "anyOf")):
        return []
    lists = (f.schema["type"] for f in faces.firm if isinstance(f.schema.get("type"), list))
    named: list[str] = next(lists, [])
    return [*(k for k in dict.fromkeys(named) if k in kinds), *sorted(kinds.difference(named))]


def _guards(face: Face) -> Guards:
    return face.guards


def _draws(node: AnyNode) -> bool:
    if isinstance(node, Group):
        return bool(node.children)
    return not isinstance(node, Locked)


def names_of(node: AnyNode) -> Iterator[str]:
    """The members that a part draws at its own place."""
    if node.path:
        yield node.path[0]
        return
    for child in getattr(node, "children", ()):
        yield from names_of(child)
    for branch in getattr(node, "branches", ()):
        yield from names_of(branch.node)


def _without(node: AnyNode, taken: set[str]) -> AnyNode:
    """A branch as it is drawn: without members that stand beside the choice; one that adds none is empty."""
    if isinstance(node, Locked) and node.reason in ("any", "type", "not"):
        return Group()
    if not isinstance(node, Group):
        return node
    kept = tuple(c for c in node.children if not c.path or c.path[0] not in taken)
    return msgspec.structs.replace(node, children=kept)


def _branch_words(faces: Faces, index: int, schema: Any) -> Words:
    words = faces.words()
    if words.title:
        return words
    kind = cells.one_type(faces) or _only_type(faces)
    title = _told_apart(faces) or (_TYPE_WORDS.get(kind) if kind != "object" else None)
    title = title or _definition_name(schema)
    fallback = {"en": f"Option {index + 1}", "zh-CN": f"选项 {index + 1}"}
    return msgspec.structs.replace(words, title=title or fallback)


def _definition_name(schema: Any) -> Texts:
    """What the definition is called that a branch refers to."""
    reference = schema.get("$ref") if isinstance(schema, dict) else None
    _before, slash, name = str(reference or "").rpartition("/")
    return {"en": name} if slash and name and not name.isdigit() and ":" not in name else {}


def _only_type(faces: Faces) -> str:
    types = faces.types() or frozenset()
    return next(iter(types)) if len(types) == 1 else ""


def _told_apart(faces: Faces) -> Texts:
    """The value of the member that tells the branch from others: `kind: {const: "card"}`."""
    for face in faces.firm:
        properties = face.schema.get("properties")
        for member in properties.values() if isinstance(properties, dict) else ():
            if isinstance(member, dict) and isinstance(member.get("const"), str):
                return {"en": member["const"]}
    return {}
