"""Where schemas stand within a schema, and their references made absolute. Not for what they mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin

from runtime.definitions.address import pointer

MAPS = frozenset(
    {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "derive"}
)
"""Keywords whose value maps names to schemas; `derive` is a register's own."""

LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
ONES = frozenset(
    {
        "items", "contains", "additionalProperties", "unevaluatedItems", "unevaluatedProperties",
        "propertyNames", "not", "if", "then", "else", "contentSchema", "where",
    }
)  # fmt: skip
"""Keywords whose value is one schema; `where` is ours, within `fill`."""


def below(schema: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """The schemas directly within `schema`, each with the steps that lead to it."""
    if not isinstance(schema, dict):
        return
    for key, value in schema.items():
        if key in MAPS and isinstance(value, dict):
            for name, part in value.items():
                yield (key, name), part
        elif key in LISTS and isinstance(value, list):
            for n, part in enumerate(value):
                yield (key, n), part
        elif key in ONES:
            yield (key,), value
        elif key == "fill" and isinstance(value, dict) and "where" in value:
            yield ("fill", "where"), value["where"]


def walk(schema: Any, start: str = "") -> Iterator[tuple[str, Any]]:
    """`schema` and all schemas within it, outermost first, each with its JSON pointer."""
    waiting = [(start, schema)]
    while waiting:
        place, part = waiting.pop()
        yield place, part
        inner = [(place + pointer(*steps), found) for steps, found in below(part)]
        waiting.extend(reversed(inner))


def rebased(schema: Any, base: str) -> Any:
    """A copy of `schema` whose references lead to the same places from anywhere.

    References that stay within the document (`#…`) stay as they are, so that a form which extends another
    refers to its own merged parts.
    """
    return _rebased(schema, base)


def _rebased(schema: Any, base: str) -> Any:
    if not isinstance(schema, dict):
        return schema
    here = base
    if isinstance(schema.get("$id"), str):
        here = _join(base, schema["$id"])
    copy = {key: _keyword(key, value, here) for key, value in schema.items()}
    for key in ("$ref", "$dynamicRef"):
        reference = copy.get(key)
        if isinstance(reference, str) and not reference.startswith("#"):
            copy[key] = _join(here, reference)
    return copy


def _keyword(key: str, value: Any, base: str) -> Any:
    if key in ONES:
        return _rebased(value, base)
    if isinstance(value, dict):
        if key in MAPS:
            return {name: _rebased(part, base) for name, part in value.items()}
        if key == "fill":
            return {name: _of_fill(name, part, base) for name, part in value.items()}
    if isinstance(value, list):
        if key in LISTS:
            return [_rebased(part, base) for part in value]
        if key == "by":
            return [_bands(part, base) for part in value]
    return value


def _of_fill(key: str, value: Any, base: str) -> Any:
    """A part of a `fill`; references to figures hold a `#`, Relative JSON Pointers never do."""
    if key == "where":
        return _rebased(value, base)
    if key == "ratio" and isinstance(value, list):
        return [_join(base, one) if isinstance(one, str) else one for one in value]
    if key == "cells" and isinstance(value, dict):
        return {
            name: _join(base, one) if isinstance(one, str) and "#" in one else one
            for name, one in value.items()
        }
    return value


def _bands(item: Any, base: str) -> Any:
    if isinstance(item, dict) and isinstance(item.get("bands"), str):
        return {**item, "bands": _join(base, item["bands"])}
    return item


def _join(base: str, reference: str) -> str:
    try:
        return urljoin(base, reference)
    except ValueError:
        return reference


def transformed(schema: Any, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    """A copy of `schema` with `change` applied to each schema in it, innermost first."""
    if not isinstance(schema, dict):
        return schema
    copy = dict(schema)
    for steps, part in below(schema):
        key, *rest = steps
        if not rest:
            copy[key] = transformed(part, change)
            continue
        if copy[key] is schema[key]:
            copy[key] = schema[key].copy()
        copy[key][rest[0]] = transformed(part, change)
    return change(copy)
