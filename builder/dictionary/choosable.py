"""The figures that an indicator may be worked out from, with what they are called. Not for what is done with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from builder.dictionary.references import item_of
from builder.dictionary.uses import Where
from builder.edits.spots import pointer_of, tokens
from builder.rules.figures import figure_title
from runtime.api import Library, say, short_name, texts_of
from runtime.api import gettext as _

Choices = list[tuple[str, list[tuple[str, str]]]]
"""What a group is called -> its figures: whole address and title."""


def choices(library: Library, home: str, own: str, kept: Sequence[str]) -> Choices:
    """The figures that may be worked with, the own group's first; what leans on this one is left out."""
    above = leaning(library, own)
    groups = sorted(library.addresses("indicators"), key=lambda one: (one != home, one))
    found: Choices = []
    for address in groups:
        document = library.document(address)
        members = document.get("properties")
        some = []
        for name, schema in members.items() if isinstance(members, Mapping) else ():
            item = f"{address}#{pointer_of(('properties', name))}"
            is_kept = any(item_of(one) == item for one in kept)
            if not isinstance(schema, Mapping) or item in above:
                continue
            if is_kept or schema.get("deprecated") is not True:
                some += [(one, figure_title(library, one)) for one in _figures(item, schema)]
        if some:
            found.append((say(texts_of(document)) or short_name(address), some))
    known = {one for _group, some in found for one, _title in some}
    others = [(one, figure_title(library, one)) for one in kept if one and one not in known]
    others = [
        one for one in others if _is_figure(node(library, one[0])) and item_of(one[0]) not in above
    ]
    return [*found, (_("others"), others)] if others else found


def leaning(library: Library, own: str) -> frozenset[str]:
    """The figure itself, and all that is worked out from it."""
    return frozenset(Where(library).leaning_on(own)) if own else frozenset()


def _figures(item: str, schema: Mapping[str, Any]) -> Iterator[str]:
    """An indicator's one figure; of one that is broken down its total, and each code where it is so by one list."""
    by = schema.get("by")
    if not isinstance(by, list) or not isinstance(schema.get("properties"), Mapping):
        if _is_figure(schema):
            yield item
        return
    total: Any = schema
    for _n in by:
        total = total.get("properties", {}).get("total", {})
    if _is_figure(total):
        yield item + "/properties/total" * len(by)
    for code, one in schema["properties"].items() if len(by) == 1 else ():
        if code != "total" and isinstance(one, Mapping) and _is_figure(one):
            yield item + pointer_of(("properties", code))


def _is_figure(schema: Mapping[str, Any]) -> bool:
    """Whether it is one number that some rule finds: what people type is not there when this is worked out."""
    found = "cellFill" in schema or ("fill" in schema and "by" not in schema)
    return found and schema.get("type") in ("integer", "number")


def node(library: Library, whole: str) -> Mapping[str, Any]:
    """What stands at the address of a figure, in full; empty where nothing does."""
    home = whole.partition("#")[0]
    found: Any = library.document(home) if home in library.addresses("indicators") else {}
    for step in steps(whole):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def steps(whole: str) -> tuple[str, ...]:
    """The steps of the pointer in an address."""
    return tokens(whole.partition("#")[2])


def is_whole(schema: Mapping[str, Any]) -> bool:
    """Whether a figure is a whole number."""
    return schema.get("type") == "integer"


def places(schema: Mapping[str, Any]) -> int:
    """To how many places after the point a figure is told."""
    digits = schema.get("digits")
    return digits if isinstance(digits, int) and not is_whole(schema) else 0
