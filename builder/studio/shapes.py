"""What a cell's schema is with all that the dictionary says of it; and its titles. Not for compiling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from referencing.exceptions import Unresolvable

from runtime.api import Library, register_address, register_of, say, texts_of


class Shapes:
    """The schemas of one form's cells; what it refers to is looked up once."""

    def __init__(self, library: Library, address: str) -> None:
        self._resolver = library.registry.resolver(address)
        self._known: dict[str, Mapping[str, Any]] = {}

    def whole(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """The schema over what it refers to; what it says itself wins."""
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return schema
        return {**self.of_reference(reference), **schema}

    def of_reference(self, reference: str) -> Mapping[str, Any]:
        """What a reference leads to; empty where it leads nowhere."""
        if reference not in self._known:
            self._known[reference] = self._found(reference)
        return self._known[reference]

    def title(self, schema: Mapping[str, Any]) -> str:
        """What a cell is called, in the language in force; empty where it has no title."""
        own = texts_of(schema)
        if own:
            return say(own)
        reference = schema.get("$ref")
        return say(texts_of(self.of_reference(reference))) if isinstance(reference, str) else ""

    def breakdown(self, schema: Mapping[str, Any], field: str) -> str:
        """What the field is called by which an indicator is broken down; its name where nothing is known of it."""
        fill = self.whole(schema).get("fill")
        register = register_of(fill) if isinstance(fill, dict) else ""
        for keyword in ("properties", "derive"):
            found = (
                self.of_reference(f"{register_address(register)}#/{keyword}/{field}")
                if register
                else {}
            )
            if found:
                return say(texts_of(found)) or field
        return field

    def _found(self, reference: str) -> Mapping[str, Any]:
        try:
            found = self._resolver.lookup(reference).contents
        except (Unresolvable, ValueError, TypeError, LookupError):  # a draft may refer to anything
            return {}
        return found if isinstance(found, Mapping) else {}
