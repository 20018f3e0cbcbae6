"""What is composed means what its rows say; what is read back means what was written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from builder.rules import Group, Row, read, written
from builder.rules.rows import LISTED, NEGATED, TESTS
from runtime.rules.where import compile_where

NUMBERS = st.integers(-2, 3)
WORDS = st.sampled_from(["a", "b", "cd"])
PATHS = {("n",): NUMBERS, ("s",): WORDS, ("m",): NUMBERS, ("o", "x"): NUMBERS, ("o", "y"): WORDS}
OF_NUMBERS = ["is", "is-not", "one-of", "none-of", "at-least", "at-most", "between", "more", "less"]
OF_WORDS = ["is", "is-not", "one-of", "none-of"]


@st.composite
def rows(draw: Any) -> Row:
    path = draw(st.sampled_from(sorted(PATHS)))
    values = PATHS[path]
    if draw(st.integers(0, 3)) == 0:
        return Row(path, draw(st.sampled_from(["known", "unknown"])))
    test = draw(st.sampled_from(OF_WORDS if values is WORDS else OF_NUMBERS))
    n = draw(st.integers(1, 3)) if test in LISTED else len(TESTS[test])
    return Row(path, test, tuple(draw(values) for _ in range(n)), draw(st.booleans()))


groups = st.recursive(
    rows(),
    lambda inner: st.builds(
        Group,
        st.sampled_from(["all", "any", "none"]),
        st.lists(inner, min_size=1, max_size=4).map(tuple),
    ),
    max_leaves=8,
).map(lambda part: part if isinstance(part, Group) else Group("all", (part,)))
inner = st.fixed_dictionaries({}, optional={"x": NUMBERS, "y": WORDS})
documents = st.fixed_dictionaries({}, optional={"n": NUMBERS, "s": WORDS, "m": NUMBERS, "o": inner})
_MISSING = object()


def holds(part: Row | Group, document: dict[str, Any]) -> bool:
    """What rows and groups say, told apart from JSON Schema."""
    if isinstance(part, Group):
        found = [holds(one, document) for one in part.parts]
        return all(found) if part.mode == "all" else any(found) == (part.mode == "any")
    value: Any = document
    for name in part.path:
        value = value.get(name, _MISSING) if isinstance(value, dict) else _MISSING
    if part.test in ("known", "unknown"):
        return (value is not _MISSING) == (part.test == "known")
    if value is _MISSING:
        return part.loose
    some = part.values
    said = {
        "is": lambda: value == some[0],
        "one-of": lambda: value in some,
        "at-least": lambda: value >= some[0],
        "at-most": lambda: value <= some[0],
        "between": lambda: some[0] <= value <= some[1],
        "more": lambda: value > some[0],
        "less": lambda: value < some[0],
    }
    positive = {"is-not": "is", "none-of": "one-of"}.get(part.test, part.test)
    return said[positive]() != (part.test in NEGATED)


@given(groups, st.lists(documents, max_size=6))
def test_what_is_written_holds_where_the_rows_hold(
    group: Group, some: list[dict[str, Any]]
) -> None:
    holds_written = compile_where(written(group))
    for document in some:
        assert holds_written(document) == holds(group, document)


TWICE = (Row(("o", "x"), "is", (0,), loose=True), Row(("o", "x"), "is-not", (0,), loose=True))
KNOWN, UNKNOWN = Row(("m",), "known"), Row(("m",), "unknown")
EITHER = (Group("any", (KNOWN, KNOWN)), Group("any", (KNOWN, UNKNOWN)))


@example(Group("all", TWICE), [])
@example(Group("all", EITHER), [])
@given(groups, st.lists(documents, max_size=6))
def test_what_is_read_back_means_the_same(group: Group, some: list[dict[str, Any]]) -> None:
    found = read(written(group))
    assert found is not None
    again = written(found)
    assert written(read(again) or Group()) == again
    for document in some:
        assert holds(found, document) == holds(group, document)


@pytest.mark.parametrize(
    "where",
    [
        False,
        {"properties": {"a": {"pattern": "x"}}},
        {"$ref": "#/$defs/a"},
        {"anyOf": [True, {"required": ["a"]}]},
        {"properties": {"a": {"properties": {"b": {"const": 1}}, "required": ["b"]}}},
        {"required": "a"},
        {"properties": {"a": {"enum": []}}},
        {"not": True},
        {"type": "array"},
    ],
)
def test_what_cannot_be_composed_is_left_alone(where: Any) -> None:
    assert read(where) is None


def test_an_unfinished_row_is_left_out() -> None:
    group = Group(
        "all", (Row((), "is"), Row(("age",), "between", (1, "")), Row(("age",), "at-least", (60,)))
    )
    assert written(group) == {
        "type": "object",
        "properties": {"age": {"minimum": 60}},
        "required": ["age"],
    }
