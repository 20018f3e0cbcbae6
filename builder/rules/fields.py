"""What a condition may compare: fields of a register or cells of a form, with their kind, codes and title."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from referencing.exceptions import Unresolvable

from builder.rules.rows import Path
from runtime.api import Library, Texts, register_address, texts_of

DEEPEST = 6
_OF_KIND = {
    "codes": ("is", "one-of", "is-not", "none-of"),
    "boolean": ("is",),
    "number": ("at-least", "at-most", "between", "more", "less", "is", "is-not"),
    "date": ("is", "is-not"),
    "text": ("is", "is-not", "longer", "shorter"),
    "other": (),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field or cell; `codes` are the values that it may have, with what they are called."""

    path: Path
    title: Texts
    kind: str
    """`codes`, `boolean`, `number`, `date`, `text` or `other`."""
    codes: tuple[tuple[Any, Texts], ...] = ()
    unit: Texts | None = None
    whole: bool = False
    """Of a number: it has no places after the point."""

    @property
    def tests(self) -> tuple[str, ...]:
        """The comparisons that make sense of it, the usual one first."""
        return (*_OF_KIND[self.kind], "known", "unknown")


def fields_of_register(library: Library, name: str) -> tuple[Field, ...]:
    """The fields of a register, derived ones included. Raises `NotFound`."""
    document = library.register(name)
    address = register_address(name)
    derived = document.get("derive")
    own = fields_of(library, address, document)
    if not isinstance(derived, Mapping):
        return own
    return (*own, *fields_of(library, address, {"properties": derived}))


def fields_of(library: Library, address: str, document: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields below `properties` of a document at `address`, those within objects too; lists are left out."""
    return tuple(_fields(library, address, document, ()))


def _fields(
    library: Library, address: str, schema: Mapping[str, Any], above: Path
) -> Iterator[Field]:
    properties = schema.get("properties")
    if not isinstance(properties, Mapping) or len(above) >= DEEPEST:
        return
    for name, part in properties.items():
        if not isinstance(part, Mapping):
            continue
        whole, home = _whole(library, address, part)
        path = (*above, name)
        if whole.get("type") == "object" or "properties" in whole:
            yield from _fields(library, home, whole, path)
        elif whole.get("type") != "array":
            yield field(path, whole)


def field(path: Path, schema: Mapping[str, Any]) -> Field:
    """One field from its schema without references."""
    codes = _codes(schema)
    unit = texts_of(schema, "unit") or None
    whole = schema.get("type") == "integer"
    return Field(
        path, texts_of(schema) or {"en": path[-1]}, _kind(schema, codes), codes, unit, whole
    )


def _kind(schema: Mapping[str, Any], codes: tuple[Any, ...]) -> str:
    if codes:
        return "codes"
    if schema.get("format") == "date":
        return "date"
    kinds = {"boolean": "boolean", "integer": "number", "number": "number", "string": "text"}
    name = schema.get("type")
    return kinds.get(name, "other") if isinstance(name, str) else "other"


def _codes(schema: Mapping[str, Any]) -> tuple[tuple[Any, Texts], ...]:
    labelled, plain = schema.get("oneOf"), schema.get("enum")
    if isinstance(labelled, list):
        members = [m for m in labelled if isinstance(m, Mapping) and "const" in m]
        return tuple((m["const"], texts_of(m) or {"en": str(m["const"])}) for m in members)
    if isinstance(plain, list):
        return tuple((value, {"en": str(value)}) for value in plain)
    return ()


def _whole(
    library: Library, address: str, part: Mapping[str, Any]
) -> tuple[Mapping[str, Any], str]:
    """The schema with what its references lead to beneath it, and where the innermost stands."""
    found, home = dict(part), address
    for _ in range(DEEPEST):
        reference = found.pop("$ref", None)
        if not isinstance(reference, str):
            break
        try:
            there = library.registry.resolver(home).lookup(reference).contents
        except (Unresolvable, ValueError, TypeError, LookupError):  # a draft may refer to anything
            break
        if not isinstance(there, Mapping):
            break
        if "://" in reference:  # what a document in full refers to elsewhere is absolute
            home = reference.partition("#")[0]
        found = _over(found, there)
    return found, home


def _over(near: Mapping[str, Any], far: Mapping[str, Any]) -> dict[str, Any]:
    """Of two annotations the nearer one wins, in each language."""
    both = {**far, **near}
    if isinstance(far.get("translations"), Mapping) and isinstance(
        near.get("translations"), Mapping
    ):
        both["translations"] = {
            tag: {**_texts(far, tag), **_texts(near, tag)}
            for tag in {**far["translations"], **near["translations"]}
        }
    return both


def _texts(schema: Mapping[str, Any], tag: str) -> Mapping[str, Any]:
    texts = schema["translations"].get(tag)
    return texts if isinstance(texts, Mapping) else {}
