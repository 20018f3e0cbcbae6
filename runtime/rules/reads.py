"""Which fields of a register a rule reads, so that it is asked again only when one of them changes. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from runtime.definitions.plan import Rule
from runtime.rules.derive import comes_from


def fields_read(rule: Rule) -> frozenset[str]:
    """The fields, derived ones by their own name, that decide what the rule says of a subject."""
    named = {*_names(rule.where), *(by.field for by in rule.by), rule.field, rule.on}
    return frozenset(named - {""})


def base_fields(rule: Rule) -> frozenset[str]:
    """The same, each derived field by the fields that it comes from."""
    return frozenset(f for name in fields_read(rule) for f in comes_from(rule.derive, name))


def _names(where: Any) -> Iterator[str]:
    if not isinstance(where, Mapping):
        return
    yield from where.get("properties", ())
    yield from where.get("required", ())
    for word in ("allOf", "anyOf"):
        for part in where.get(word, ()):
            yield from _names(part)
    yield from _names(where.get("not"))
