"""The dictionary as its stewards look at it: each field and indicator, and the forms that use it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from builder.dictionary.references import uses_of
from builder.search import matches
from runtime.api import BASE, Library, Texts, say, short_name, texts_of


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

    @property
    def is_retired(self) -> bool:
        """Whether nobody is to use it anew."""
        return self.schema.get("deprecated") is True

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
        source = library.source(form)
        document = library.document(form) if "extends" in source else source
        for target, places in uses_of(document, form).items():
            if any(how == "refers" for how, _pointer in places):
                uses[target][short_name(form)] = None
    return {target: tuple(forms) for target, forms in uses.items()}


def read_by(library: Library) -> dict[str, tuple[str, ...]]:
    """Address with pointer of a field -> names of the indicators whose rule reads it."""
    figures: dict[str, dict[str, None]] = defaultdict(dict)
    for group in library.addresses("indicators"):
        for target, places in uses_of(library.source(group), group).items():
            for how, pointer in places:
                if how == "reads" and target.startswith(f"{BASE}dictionary/"):
                    figures[target][f"{short_name(group)}.{pointer.split('/')[2]}"] = None
    return {place: tuple(names) for place, names in figures.items()}


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
