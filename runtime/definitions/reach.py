"""What a definition needs of others: the parts that it reaches, to be bundled with it. Not for resolving at use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from runtime.definitions.address import at, pointer, register_address, resolve, tokens
from runtime.definitions.compile_worked import indicators_in
from runtime.definitions.fills import register_of
from runtime.definitions.load import Library
from runtime.definitions.walk import walk
from runtime.errors import NotFound

_WHOLE = ("oneOf", "anyOf", "allOf", "prefixItems")
_HEADER = ("$schema", "$id", "title", "translations", "type", "label")


class Reach:
    """Collects, from one definition on, the parts of other definitions that it needs."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._root = ""
        self._wanted: dict[str, set[str]] = {}

    def document(self, address: str, document: dict[str, Any]) -> None:
        """Start from this definition, all of which is needed."""
        self._root = address
        self._follow(address, document)

    def parts(self) -> dict[str, dict[str, Any]]:
        """The needed parts of each other definition, as documents with their `$id`, by address."""
        return {
            address: _cut(self._library.document(address), places)
            for address, places in sorted(self._wanted.items())
        }

    def _want(self, address: str, place: str) -> None:
        if address == self._root or address not in self._library:
            return
        places = self._wanted.setdefault(address, set())
        whole = self._library.document(address)
        if place and not place.startswith("/"):
            place = ""  # an anchor: all of the document, which is simplest and right
        place = _kept_whole(place)
        if place in places:
            return
        try:
            part = at(whole, place)
        except LookupError:
            return
        places.add(place)
        self._follow(address, part)

    def _follow(self, base: str, part: Any) -> None:
        for _place, schema in walk(part):
            if not isinstance(schema, dict):
                continue
            for key in ("$ref", "$dynamicRef"):
                if isinstance(schema.get(key), str):
                    self._want(*resolve(base, schema[key]))
            if isinstance(schema.get("fill"), dict):
                self._filled(schema["fill"], schema.get("by"))
                for address, place_of in indicators_in(schema["fill"], base):
                    self._want(address, place_of)
            self._derived(base, schema.get("rule"))
            if isinstance(schema.get("subject"), str):
                self._register(schema["subject"], ())

    def _filled(self, fill: dict[str, Any], by: Any) -> None:
        if register := register_of(fill):
            self._register(register, _names(fill, by))
        for item in by if isinstance(by, list) else []:
            if isinstance(item, dict) and isinstance(item.get("bands"), str):
                self._want(*resolve("", item["bands"]))

    def _register(self, name: str, fields: Any) -> None:
        address = register_address(name)
        try:
            register = self._library.document(address)
        except NotFound:
            return
        if address == self._root:
            return
        self._wanted.setdefault(address, set())
        for field in fields:
            for group in ("properties", "derive"):
                if isinstance(register.get(group), dict) and field in register[group]:
                    self._want(address, pointer(group, field))

    def _derived(self, base: str, rule: Any) -> None:
        """A derived field needs the fields that its rule names."""
        if not isinstance(rule, dict):
            return
        compared = rule.get("compare")
        named = [rule.get("since"), rule.get("until")]
        named += compared if isinstance(compared, list) else []
        for field in named:
            if isinstance(field, str):
                self._want(base, pointer("properties", field))


def _names(fill: dict[str, Any], by: Any) -> Iterator[str]:
    """The fields of the register that a rule and its breakdowns read."""
    for key in ("field", "on"):
        if isinstance(fill.get(key), str):
            yield fill[key]
    order = fill.get("order")
    yield from (name for name in order if isinstance(name, str)) if isinstance(order, list) else ()
    for item in by if isinstance(by, list) else []:
        name = item.get("field") if isinstance(item, dict) else item
        if isinstance(name, str):
            yield name
    for _place, schema in walk(fill.get("where", True)):
        if isinstance(schema, dict) and isinstance(schema.get("properties"), dict):
            yield from schema["properties"]


def _kept_whole(place: str) -> str:
    """The place itself, or the schema around the list in which it stands: lists are not cut."""
    steps = tokens(place)
    for n, step in enumerate(steps):
        if step in _WHOLE and not (n and steps[n - 1] in ("properties", "derive", "$defs")):
            return pointer(*steps[:n])
    return place


def _cut(document: dict[str, Any], places: set[str]) -> dict[str, Any]:
    if "" in places:
        return document
    kept: dict[str, Any] = {key: document[key] for key in _HEADER if key in document}
    for place in sorted(places):
        if any(place.startswith(other + "/") for other in places):
            continue
        target, source = kept, document
        *steps, last = tokens(place)
        for step in steps:
            source = source[step]
            target = target.setdefault(step, {})
        target[last] = source[last]
    return _in_order(kept, document)


def _in_order(kept: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """Fields stand in the order of their register."""
    for group in ("properties", "derive"):
        if isinstance(kept.get(group), dict):
            kept[group] = {k: kept[group][k] for k in document[group] if k in kept[group]}
    return kept
