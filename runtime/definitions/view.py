"""One definition as its checks see it: its parts, what they refer to, and its registers' fields. Judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from runtime.definitions import dialect
from runtime.definitions.address import BASE, Kind, at, kind_of, register_address, resolve
from runtime.definitions.load import Library
from runtime.definitions.walk import walk
from runtime.language import gettext as _

INNERMOST = 40
"""References that are followed one after the other before they count as leading in a circle."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a reference leads: the document's address, the fragment, and the schema there."""

    address: str
    fragment: str
    schema: Any

    @property
    def kind(self) -> Kind | None:
        """The kind of the document that it stands in."""
        return kind_of(self.address)


class View:
    """The definition at `address`: `source` as written, `document` in full, and where its references lead."""

    def __init__(self, library: Library, address: str) -> None:
        self.library = library
        self.address = address
        self.kind = library.kind(address)
        self.source = library.source(address)
        self.document = library.document(address)

    @cached_property
    def schemas(self) -> list[tuple[str, dict[str, Any]]]:
        """All schemas of the definition with their pointers, but not those that `by` was written out to."""
        return list(self._schemas())

    def _schemas(self) -> Iterator[tuple[str, dict[str, Any]]]:
        hidden: tuple[str, ...] = ()
        for place, schema in walk(self.document):
            if isinstance(schema, dict) and not place.startswith(hidden or ("\0",)):
                yield place, schema
                if (
                    "by" in schema
                    and "properties" in schema
                    and not self.written(place, "properties")
                ):
                    hidden = (*hidden, place + "/properties/")

    def written(self, place: str, *steps: str) -> bool:
        """Whether the author wrote this part, as opposed to inheriting it."""
        try:
            found = at(self.source, place)
        except LookupError:
            return False
        for step in steps:
            if not isinstance(found, dict) or step not in found:
                return False
            found = found[step]
        return True

    @cached_property
    def _embedded(self) -> dict[str, Any]:
        """Schemas within the definition that have an `$id` of their own, by address."""
        inner = (schema for place, schema in self.schemas if place)
        named = ((schema.get("$id"), schema) for schema in inner)
        return {resolve(self.address, name)[0]: s for name, s in named if isinstance(name, str)}

    def target(self, reference: str, base: str = "") -> Target | None:
        """Where `reference` leads; None when there is no such definition or no such part in it."""
        address, fragment = resolve(base or self.address, reference)
        document: Any = dialect.documents().get(address)
        if address in self.library:
            document = self.library.document(address)
        if document is None:
            document = self._embedded.get(address)
        if document is None:
            return None
        if fragment and not fragment.startswith("/"):
            anchored = (s for _p, s in walk(document) if isinstance(s, dict))
            found = next(
                (s for s in anchored if fragment in (s.get("$anchor"), s.get("$dynamicAnchor"))),
                None,
            )
            return None if found is None else Target(address, fragment, found)
        try:
            return Target(address, fragment, at(document, fragment))
        except LookupError:
            return None

    def chain(self, schema: Any, base: str = "") -> list[tuple[dict[str, Any], Target | None]]:
        """`schema`, what its `$ref` leads to, what that leads to …, nearest first."""
        found: list[tuple[dict[str, Any], Target | None]] = []
        target: Target | None = None
        while isinstance(schema, dict) and len(found) < INNERMOST:
            found.append((schema, target))
            reference = schema.get("$ref")
            if not isinstance(reference, str):
                break
            target = self.target(reference, target.address if target else base)
            schema = target.schema if target else None
        return found

    def flat(self, schema: Any, base: str = "") -> dict[str, Any]:
        """`schema` with all that its references say; what is nearest wins."""
        merged: dict[str, Any] = {}
        for part, _target in reversed(self.chain(schema, base)):
            merged.update(part)
        return merged

    def fields(self, register: Any) -> Fields | None:
        """The fields of the register with this short name; None when there is no such register."""
        if not isinstance(register, str) or register_address(register) not in self.library:
            return None
        address = register_address(register)
        return Fields(self, register, address, self.library.document(address))


class Fields(Mapping[str, dict[str, Any]]):
    """The fields and derived fields of a register by name, each with all that its references say."""

    def __init__(self, view: View, register: str, address: str, document: dict[str, Any]) -> None:
        self.register = register
        stored, derived = as_map(document.get("properties")), as_map(document.get("derive"))
        self.stored = frozenset(stored)
        self._flat = {
            name: view.flat(schema, address) for name, schema in {**derived, **stored}.items()
        }

    def __getitem__(self, name: str) -> dict[str, Any]:
        return self._flat[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._flat)

    def __len__(self) -> int:
        return len(self._flat)


def as_map(value: Any) -> dict[str, Any]:
    """`value` where it is an object, else an empty one: its wrong type is another check's business."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """`value` where it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def strings(value: Any) -> list[str]:
    """The strings of an array."""
    return [item for item in as_list(value) if isinstance(item, str)]


def nearest(name: str, known: Iterable[str]) -> str:
    """A half sentence that names what was probably meant, or nothing."""
    found = get_close_matches(name, list(known), n=1, cutoff=0.7)
    return " " + _("Did you mean %(name)s?", name=found[0]) if found else ""


def brief(address: str) -> str:
    """An address as a person would write it: without what they all begin with."""
    return address.removeprefix(BASE)
