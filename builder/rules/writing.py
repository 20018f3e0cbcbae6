"""A composed condition written as a `where`, the shortest that says it. Not for judging whether it fits the fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from builder.rules.rows import LISTED, NEGATED, TESTS, Group, Path, Row

Schema = dict[str, Any]


def written(group: Group) -> Schema:
    """The `where` of a group; rows and groups that are not complete yet are left out.

    A `required` stands beside each tested field, because to JSON Schema a missing field matches, unless the row is
    loose. Comparisons of one field stand in one place where they can.
    """
    found = _of_group(group)
    return {"type": "object", **(found or {})}


def _of_group(group: Group) -> Schema | None:
    parts = [schema for part in group.parts if (schema := _of_part(part)) is not None]
    if group.mode == "all":
        whole: Schema = {}
        for schema in parts:
            whole = _and(whole, schema)
        return whole if parts or not group.parts else None
    if not parts:
        return None
    either = parts[0] if len(parts) == 1 else {"anyOf": parts}
    return either if group.mode == "any" else {"not": either}


def _of_part(part: Row | Group) -> Schema | None:
    if isinstance(part, Group):
        return _of_group(part) if part.parts else None
    return _of_row(part) if part.is_complete else None


def _of_row(row: Row) -> Schema:
    if row.test == "known":
        return _at(row.path, None, required=True)
    if row.test == "unknown":
        return {"not": _at(row.path, None, required=True)}
    values = (list(row.values),) if row.test in LISTED else row.values
    test: Schema = dict(zip(TESTS[row.test], values, strict=True))
    return _at(row.path, {"not": test} if row.test in NEGATED else test, required=not row.loose)


def _at(path: Path, test: Schema | None, required: bool) -> Schema:
    inner = _at(path[1:], test, required) if len(path) > 1 else test
    found: Schema = {} if inner is None else {"properties": {path[0]: inner}}
    return {**found, "required": [path[0]]} if required else found


def _and(one: Schema, other: Schema) -> Schema:
    """Both, in one object where they do not meet, else side by side."""
    if not one:
        return other
    both = _joined(one, other)
    if both is not None:
        return both
    return {**one, "allOf": [*one.get("allOf", ()), other]}


def _joined(one: Schema, other: Schema) -> Schema | None:
    """One object that says both; None where a keyword would have to be said twice, or a loose test be made strict."""
    shared = (one.keys() & other.keys()) - {"properties", "required"}
    if shared:
        return None
    mine, theirs = one.get("properties", {}), other.get("properties", {})
    needs, needed = one.get("required", []), other.get("required", [])
    tested: Schema = dict(mine)
    for name, schema in theirs.items():
        if name in mine:
            inner = _joined(mine[name], schema) if (name in needs) == (name in needed) else None
            if inner is None:
                return None
            tested[name] = inner
        elif name in needs and name not in needed:
            return None
        else:
            tested[name] = schema
    if any(name in mine and name not in needs for name in needed):
        return None
    rest = {k: v for k, v in {**one, **other}.items() if k not in ("properties", "required")}
    found: Schema = {**({"properties": tested} if tested else {}), **rest}
    required = [*needs, *(name for name in needed if name not in needs)]
    return {**found, "required": required} if required else found


def is_open(schema: Mapping[str, Any]) -> bool:
    """Whether it says nothing: every subject matches."""
    return not (schema.keys() - {"type"})
