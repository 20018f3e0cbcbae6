"""The dictionary as its stewards look at it: each field and indicator, and the forms that use it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from builder.search import matches
from runtime.api import (
    BASE,
    Library,
    Texts,
    references,
    register_address,
    register_of,
    say,
    short_name,
    texts_of,
)


@dataclass(frozen=True, slots=True)
class Item:
    """One field or indicator; `uses` are the short names of the forms that refer to it."""

    address: str
    """With its pointer: `…/dictionary/resident.json#/properties/birth_date`."""
    name: str
    home: Texts
    """The register or group that it stands in."""
    title: Texts
    definition: Texts
    steward: str
    synonyms: tuple[str, ...]
    kind: str
    """`field`, `derived` or `indicator`."""
    schema: Mapping[str, Any]
    uses: tuple[str, ...]
    figures: tuple[str, ...] = ()
    """Names of the indicators whose rule reads this field."""

    def names(self) -> Iterator[str]:
        """All that it may be found by."""
        yield self.name
        yield self.address.removeprefix(BASE)
        yield from self.title.values()
        yield from self.synonyms


def items(library: Library) -> list[Item]:
    """All fields, derived fields and indicators, register by register, in their own order."""
    uses, figures = where_used(library), read_by(library)
    return [
        replace(item, figures=figures.get(item.address, ()))
        for kind in ("register", "indicators")
        for address in library.addresses(kind)
        for item in _of_document(address, library.source(address), uses)
    ]


def found(library: Library, query: str) -> list[Item]:
    """The items that answer to `query`; all of them when it is empty."""
    return [item for item in items(library) if matches(query, item.names())]


def grouped(found_items: Iterable[Item]) -> list[tuple[str, list[Item]]]:
    """Items under the name of their register or group, in the language in force."""
    groups: dict[str, list[Item]] = defaultdict(list)
    for item in found_items:
        groups[say(item.home)].append(item)
    return list(groups.items())


def where_used(library: Library) -> dict[str, tuple[str, ...]]:
    """Address with pointer -> short names of the forms that refer to it."""
    uses: dict[str, dict[str, None]] = defaultdict(dict)
    for form in library.addresses("form"):
        for target in references(library.document(form), form):
            uses[target][short_name(form)] = None
    return {target: tuple(forms) for target, forms in uses.items()}


def read_by(library: Library) -> dict[str, tuple[str, ...]]:
    """Address with pointer of a field -> names of the indicators whose rule reads it."""
    figures: dict[str, dict[str, None]] = defaultdict(dict)
    for group in library.addresses("indicators"):
        for name, schema in _members(library.source(group), "properties"):
            for register, field in _read_by_rule(schema):
                home = register_address(register)
                for keyword in ("properties", "derive"):
                    figures[f"{home}#/{keyword}/{field}"][f"{short_name(group)}.{name}"] = None
    return {place: tuple(names) for place, names in figures.items()}


def _read_by_rule(schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The register and name of each field that an indicator's rule and breakdowns read."""
    fill = schema.get("fill")
    if not isinstance(fill, dict):
        return
    register = register_of(fill)
    by = schema.get("by")
    breakdowns = by if isinstance(by, list) else []
    own = [fill.get("on"), fill.get("field")]
    own += [b.get("field") if isinstance(b, dict) else b for b in breakdowns]
    for field in (*own, *_tested(fill.get("where"))):
        if isinstance(field, str):
            yield register, field


def _tested(where: Any) -> Iterator[str]:
    """The names of the properties that a condition looks at, at any depth."""
    if isinstance(where, list):
        for part in where:
            yield from _tested(part)
    elif isinstance(where, dict):
        yield from (name for name, _ in _members(where, "properties"))
        for keyword in ("allOf", "anyOf", "not"):
            yield from _tested(where.get(keyword))


def _members(schema: Mapping[str, Any], keyword: str) -> Iterator[tuple[str, dict[str, Any]]]:
    parts = schema.get(keyword)
    for name, part in parts.items() if isinstance(parts, dict) else ():
        if isinstance(part, dict):
            yield name, part


def _of_document(
    address: str, document: Mapping[str, Any], uses: Mapping[str, tuple[str, ...]]
) -> Iterator[Item]:
    is_register = address.startswith(f"{BASE}dictionary/")
    places = [("properties", "field" if is_register else "indicator"), ("derive", "derived")]
    for keyword, kind in places:
        for name, schema in _members(document, keyword):
            place = f"{address}#/{keyword}/{name}"
            yield _item(place, name, kind, schema, texts_of(document), uses.get(place, ()))


def _item(
    place: str, name: str, kind: str, schema: dict[str, Any], home: Texts, uses: tuple[str, ...]
) -> Item:
    synonyms = schema.get("synonyms")
    return Item(
        address=place,
        name=name,
        home=home,
        title=texts_of(schema),
        definition=texts_of(schema, "definition"),
        steward=str(schema.get("steward", "")),
        synonyms=tuple(map(str, synonyms)) if isinstance(synonyms, list) else (),
        kind=kind,
        schema=schema,
        uses=uses,
    )
