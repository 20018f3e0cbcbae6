"""A change that is called compatible leaves every value valid that was."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.dictionary.compatible import findings, is_compatible

NUMBERS = st.integers(-2, 4)
CODES = st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=1, max_size=4)
LABELLED = CODES.map(lambda codes: [{"const": code, "title": code} for code in codes])
KEYWORDS: dict[str, st.SearchStrategy[Any]] = {
    "type": st.sampled_from(["string", "integer", "number", "boolean", ["string", "integer"]]),
    "enum": CODES | st.lists(NUMBERS, min_size=1, max_size=4),
    "const": st.sampled_from(["a", 1]),
    "oneOf": LABELLED,
    "minimum": NUMBERS,
    "maximum": NUMBERS,
    "exclusiveMinimum": NUMBERS,
    "exclusiveMaximum": NUMBERS,
    "minLength": st.integers(0, 3),
    "maxLength": st.integers(0, 3),
    "multipleOf": st.integers(1, 6),
    "pattern": st.sampled_from(["^a", "b"]),
    "not": st.sampled_from([{"const": "a"}, {"minimum": 3}]),
    "title": st.sampled_from(["x", "y"]),
    "synonyms": st.just(["z"]),
    "allOf": st.just([{"maximum": 2}]),
}
schemas = st.fixed_dictionaries({}, optional=KEYWORDS)
values = st.sampled_from(
    ["", "a", "b", "c", "d", "ab", "abc", True, None, 0, 1, 2, 3, 4, 6, -2, 0.5]
)


@st.composite
def pairs(draw: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two schemas that differ in a few keywords, so that many pairs are compatible."""
    before = draw(schemas)
    after = dict(before)
    for key in draw(st.lists(st.sampled_from(sorted(KEYWORDS)), max_size=3)):
        if draw(st.booleans()):
            after.pop(key, None)
        else:
            after[key] = draw(KEYWORDS[key])
    return before, after


@given(pairs(), st.lists(values, max_size=12))
def test_what_was_valid_stays_valid(pair: tuple[Any, Any], some: list[Any]) -> None:
    before, after = pair
    if not is_compatible(before, after):
        return
    old, new = (jsonschema_rs.Draft202012Validator(one) for one in pair)
    for value in some:
        assert new.is_valid(value) or not old.is_valid(value)


@given(schemas)
def test_nothing_differs_from_itself(schema: dict[str, Any]) -> None:
    assert findings(schema, dict(schema)) == []


CODE_A = {"const": "a", "title": "A"}
CODE_B = {"const": "b", "title": "B"}


@pytest.mark.parametrize(
    ("before", "after", "compatible"),
    [
        ({"title": "x"}, {"title": "y", "synonyms": ["z"], "help": "h"}, True),
        ({"minimum": 1}, {"minimum": 0}, True),
        ({"minimum": 1}, {"minimum": 2}, False),
        ({"maximum": 1}, {}, True),
        ({}, {"maximum": 1}, False),
        ({"type": "integer"}, {"type": "number"}, True),
        ({"type": "number"}, {"type": "integer"}, False),
        ({"type": "string"}, {"type": "integer"}, False),
        ({"oneOf": [CODE_A]}, {"oneOf": [CODE_A, CODE_B]}, True),
        ({"oneOf": [CODE_A, CODE_B]}, {"oneOf": [CODE_B]}, False),
        ({"oneOf": [CODE_A]}, {"oneOf": [{**CODE_A, "title": "Other"}]}, True),
        ({"oneOf": [CODE_A]}, {"oneOf": [{**CODE_A, "validTo": "2026-12-31"}]}, False),
        ({"oneOf": [CODE_A]}, {"oneOf": [CODE_A, CODE_A]}, False),
        ({"unit": "persons"}, {"unit": "households"}, False),
        ({"fill": {"count": "resident"}}, {"fill": {"count": "household"}}, False),
        ({"pattern": "^a"}, {"pattern": "^b"}, False),
        ({"something": 1}, {}, False),
        ({"minimum": 1}, {"minimum": "x"}, False),
    ],
)
def test_the_rules(before: dict[str, Any], after: dict[str, Any], compatible: bool) -> None:
    assert is_compatible(before, after) is compatible


def test_codes_that_go_are_named() -> None:
    (found,) = findings({"oneOf": [CODE_A, CODE_B]}, {"oneOf": [CODE_B]})
    assert "a" in found.why
