"""Data that a schema asks for where the form draws nothing of it, such as required members. A guess, to be judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

from runtime.definitions.address import at
from runtime.definitions.plan import Cell, Plan
from runtime.definitions.resolve import embedded
from runtime.fields.base import MISSING
from runtime.fields.catalogue import field_types
from runtime.samples.values import Asked, candidates

MOST = 5_000
"""Values of one guess: lists within lists that each want many would never end."""
DEEPEST = 12
"""Levels that are followed."""


class Guess:
    """Makes data for places of one plan's bundle."""

    def __init__(self, plan: Plan) -> None:
        self._bundle = plan.bundle
        self._address = plan.address
        self._resources = plan.resources
        self._homes = embedded(plan.bundle, plan.address)
        self._left = MOST

    def whole(self) -> Any:
        """An instance of the whole, with only what is required."""
        return self.of(self._bundle, "", 0)

    def of(self, schema: Any, pointer: str, depth: int) -> Any:
        """An instance of `schema`; `MISSING` where none is found."""
        self._left -= 1
        if self._left < 0:
            return MISSING
        if schema is True or schema == {}:
            return "x"
        if not isinstance(schema, dict) or depth > DEEPEST:
            return MISSING
        flat = self._flat(schema, depth)
        if "const" in flat:
            return flat["const"]
        if isinstance(flat.get("enum"), list) and flat["enum"]:
            return flat["enum"][0]
        for keyword in ("oneOf", "anyOf"):
            for branch in flat.get(keyword) or ():
                found = self.of(
                    {**_rest(flat, keyword), **self._flat(branch, depth)}, pointer, depth + 1
                )
                if found is not MISSING:
                    return found
        return self._typed(flat, pointer, depth)

    def _typed(self, flat: dict[str, Any], pointer: str, depth: int) -> Any:
        kind = flat.get("type") or _meant(flat)
        for one in kind if isinstance(kind, list) else [kind]:
            found: Any = MISSING
            if one == "null":
                found = None
            elif one == "boolean":
                found = True
            elif one == "object":
                found = self._object(flat, pointer, depth)
            elif one == "array":
                found = self._array(flat, pointer, depth)
            else:
                found = _value({**flat, "type": one}, pointer)
            if found is not MISSING:
                return found
        return MISSING

    def _object(self, flat: dict[str, Any], pointer: str, depth: int) -> dict[str, Any]:
        properties = flat.get("properties")
        known: Mapping[str, Any] = properties if isinstance(properties, dict) else {}
        made: dict[str, Any] = {}
        for name in flat.get("required") or ():
            value = self.of(known.get(name, True), f"{pointer}/{name}", depth + 1)
            if value is not MISSING:
                made[name] = value
        return made

    def _array(self, flat: dict[str, Any], pointer: str, depth: int) -> list[Any]:
        first = [
            self.of(part, f"{pointer}/{n}", depth + 1)
            for n, part in enumerate(flat.get("prefixItems") or ())
        ]
        if "contains" in flat:
            first.append(self.of(flat["contains"], f"{pointer}/0", depth + 1))
        while len(first) < min(int(flat.get("minItems", 0)), 50):
            first.append(self.of(flat.get("items", True), f"{pointer}/{len(first)}", depth + 1))
        return [one for one in first if one is not MISSING]

    def _flat(self, schema: Any, depth: int) -> dict[str, Any]:
        """A schema with what it refers to and all of its parts that hold for sure."""
        if not isinstance(schema, dict):
            return {}
        flat: dict[str, Any] = {}
        for part in self._parts(schema, depth):
            for keyword, value in part.items():
                if keyword == "properties" and isinstance(value, dict):
                    flat[keyword] = {**value, **flat.get(keyword, {})}
                elif keyword == "required" and isinstance(value, list):
                    flat[keyword] = [*flat.get(keyword, []), *value]
                else:
                    flat.setdefault(keyword, value)
        return flat

    def _parts(self, schema: dict[str, Any], depth: int) -> Iterator[dict[str, Any]]:
        yield {k: v for k, v in schema.items() if k not in ("$ref", "allOf")}
        if depth > DEEPEST:
            return
        inner = list(schema.get("allOf") or ()) if isinstance(schema.get("allOf"), list) else []
        if isinstance(schema.get("$ref"), str):
            inner.append(self._target(schema["$ref"]))
        for part in inner:
            if isinstance(part, dict):
                yield from self._parts(part, depth + 1)

    def _target(self, reference: str) -> Any:
        address, fragment = urldefrag(urljoin(self._address, reference))
        document: Any = self._resources.get(address, self._bundle)
        try:
            home = at(document, self._homes.get(address, ""))
            return at(home, unquote(fragment)) if fragment.startswith("/") or not fragment else {}
        except LookupError:
            return {}


def _rest(flat: dict[str, Any], keyword: str) -> dict[str, Any]:
    return {name: value for name, value in flat.items() if name != keyword}


def _meant(flat: dict[str, Any]) -> str:
    """The type that the keywords speak of, where none is named."""
    for kind, words in (
        ("object", ("properties", "required")),
        ("array", ("items", "prefixItems", "minItems", "contains")),
        ("integer", ("minimum", "maximum", "multipleOf")),
    ):
        if any(word in flat for word in words):
            return kind
    return "integer" if (flat.get("not") or {}) == {"type": "string"} else "string"


def _value(schema: dict[str, Any], pointer: str) -> Any:
    typed = _rest(schema, "totalOf")  # what it sums up is not there: any value of its type will do
    field = field_types.of(typed)
    if field is None:
        return MISSING
    cell = Cell(field=field.name, options=field.options(typed))
    return next(iter(candidates(Asked(cell, pointer))), MISSING)
