"""A `where` read back into rows and groups, where it can be said so; else it stays as it is. Not for judging it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from builder.rules.rows import NEGATED, TESTS, Group, Path, Row, Where

_NESTED = frozenset({"type", "properties", "required"})
_LIMITS = {words: test for test, words in TESTS.items() if test not in NEGATED and words}
_NOT = {TESTS[test]: test for test in NEGATED}
DEEPEST = 8


class _Unsaid(ValueError):
    """There is no row for this."""


def read(where: Where) -> Group | None:
    """The rows and groups that mean the same; None for what cannot be composed, and is then kept as it is."""
    try:
        found = _group(where, 0)
    except _Unsaid:
        return None
    inner = found.parts[0] if len(found.parts) == 1 else None
    return inner if isinstance(inner, Group) else found


def _group(where: Any, depth: int) -> Group:
    if where is True:
        return Group()
    if not isinstance(where, Mapping) or depth > DEEPEST:
        raise _Unsaid
    parts: list[Row | Group] = []
    if where.keys() - {"type", "properties", "required", "not", "allOf", "anyOf"}:
        raise _Unsaid
    if where.get("type", "object") != "object":
        raise _Unsaid
    parts += _rows(where, ())
    if "not" in where:
        parts.append(_negated(where["not"], depth))
    if "anyOf" in where:
        either = [_single(_group(part, depth + 1)) for part in _listed(where, "anyOf")]
        parts.append(Group("any", tuple(either)))
    # Last, as they are written: what stands first then stands first again.
    for part in _listed(where, "allOf"):
        parts.append(_single(_group(part, depth + 1)))
    return Group("all", tuple(parts))


def _single(group: Group) -> Row | Group:
    if not group.parts:
        raise _Unsaid  # “everybody” beside others is no row
    return group.parts[0] if len(group.parts) == 1 and group.mode == "all" else group


def _negated(schema: Any, depth: int) -> Row | Group:
    inner = _single(_group(schema, depth + 1))
    if isinstance(inner, Row) and inner.test == "known":
        return Row(inner.path, "unknown")
    if isinstance(inner, Group) and inner.mode == "any":
        return Group("none", inner.parts)
    return Group("none", (inner,))


def _listed(where: Mapping[str, Any], keyword: str) -> list[Any]:
    parts = where.get(keyword, [])
    if not isinstance(parts, list) or (keyword in where and not parts):
        raise _Unsaid
    return parts


def _rows(where: Mapping[str, Any], above: Path) -> Iterator[Row]:
    """The rows of `properties` and `required`, in order; within an object of a field likewise."""
    properties, required = where.get("properties", {}), where.get("required", [])
    if not isinstance(properties, Mapping) or not isinstance(required, list):
        raise _Unsaid
    if not all(isinstance(name, str) for name in required):
        raise _Unsaid
    for name, schema in properties.items():
        strict = name in required
        if isinstance(schema, Mapping) and schema.keys() & {"properties", "required"}:
            yield from _within(schema, (*above, name), strict)
        else:
            yield from _tests(schema, (*above, name), strict)
    yield from (Row((*above, name), "known") for name in required if name not in properties)


def _within(schema: Mapping[str, Any], path: Path, strict: bool) -> Iterator[Row]:
    if schema.keys() - _NESTED or schema.get("type", "object") != "object" or len(path) > DEEPEST:
        raise _Unsaid
    rows = list(_rows(schema, path))
    if strict and not rows:
        yield Row(path, "known")
    if not strict and not (rows and all(row.loose for row in rows)):
        raise _Unsaid  # “if it is there, then this must be” is no row
    if strict and rows and all(row.loose for row in rows):
        yield Row(path, "known")
    yield from rows


def _tests(schema: Any, path: Path, strict: bool) -> Iterator[Row]:
    if schema is True or schema == {}:
        if strict:
            yield Row(path, "known")
        return
    if not isinstance(schema, Mapping):
        raise _Unsaid
    left = dict(schema)
    if "not" in left:
        yield _not(left.pop("not"), path, strict)
    if {"minimum", "maximum"} <= left.keys():
        limits = (left.pop("minimum"), left.pop("maximum"))
        yield Row(path, "between", limits, not strict)
    for keyword, value in left.items():
        test = _LIMITS.get((keyword,))
        if test is None:
            raise _Unsaid
        yield Row(path, test, _values(keyword, value), not strict)


def _not(schema: Any, path: Path, strict: bool) -> Row:
    if isinstance(schema, Mapping) and len(schema) == 1:
        ((keyword, value),) = schema.items()
        if (keyword,) in _NOT:
            return Row(path, _NOT[(keyword,)], _values(keyword, value), not strict)
    raise _Unsaid


def _values(keyword: str, value: Any) -> tuple[Any, ...]:
    if keyword != "enum":
        return (value,)
    if not isinstance(value, list) or not value:
        raise _Unsaid
    return tuple(value)
