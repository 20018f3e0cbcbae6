"""Rules are said as people say them, in both languages; what shipped can all be composed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from builder.rules import Composer, condition, fields_of_register, read, rule
from runtime.api import BASE, Library, register_of
from runtime.language import add_catalogues, using
from tests.builder.rules.shipped import BUILDER_TEXTS, shipped_library


@pytest.fixture(scope="module")
def library() -> Library:
    add_catalogues(BUILDER_TEXTS)
    return shipped_library()


def _indicator(library: Library, group: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = library.source(f"{BASE}indicators/{group}.json")["properties"][name]
    return found


def _rules(library: Library) -> Iterator[tuple[str, dict[str, Any]]]:
    for address in library.addresses("indicators"):
        for schema in library.source(address)["properties"].values():
            if "where" in schema.get("fill", {}):
                yield register_of(schema["fill"]), schema


def test_an_indicator_is_said_in_english(library: Library) -> None:
    said = rule(_indicator(library, "elderly", "living_alone"), library)
    assert said == "count residents where age is at least 60 years and lives alone is yes"


def test_an_indicator_is_said_in_chinese(library: Library) -> None:
    with using("zh-CN"):
        said = rule(_indicator(library, "elderly", "living_alone"), library)
    assert said == "统计居民台账，条件是周岁年龄不少于60岁且独居为是"


def test_breakdowns_are_said(library: Library) -> None:
    schema = _indicator(library, "disability", "holders")
    assert rule(schema, library).endswith(", by disability grade, age and sex")
    with using("zh-CN"):
        assert rule(schema, library).endswith("，按残疾等级、周岁年龄、性别分列")


def test_a_flow_says_which_date_counts(library: Library) -> None:
    said = rule(_indicator(library, "low-income", "granted_late"), library)
    assert said.startswith("count aid cases whose ")
    assert "lies in the period where" in said


def test_any_of_several_is_said(library: Library) -> None:
    said = [
        rule(schema, library)
        for _register, schema in _rules(library)
        if "anyOf" in schema["fill"]["where"]
    ]
    assert said
    assert all(" or " in one for one in said)


def test_all_that_shipped_can_be_composed_and_stays_as_it_is(library: Library) -> None:
    for register, schema in _rules(library):
        where = schema["fill"]["where"]
        assert read(where) is not None, where
        composed = Composer(fields_of_register(library, register)).opened(where)
        assert composed.sentence
        assert all(row.path in composed.fields for row in composed.group.rows())  # type: ignore[union-attr]


def test_what_cannot_be_composed_is_said_to_be_so() -> None:
    assert condition({"pattern": "x"}, ()) == "a condition that is written as JSON holds"


def test_a_typed_indicator_has_no_rule(library: Library) -> None:
    assert rule({"type": "integer"}, library) == ""


@pytest.mark.parametrize(
    ("fill", "said"),
    [
        (
            {"ratio": ["#/properties/a", "#/properties/b"], "percent": True},
            "the share of “a” in “b”, in percent",
        ),
        ({"formula": "=a+b"}, "the sum of “a” and “b”"),
        ({"formula": "=MAX(a,b)*2"}, "worked out as MAX(“a”,“b”)*2"),
        ({"carry": True}, "carried over from the period before"),
        ({"average": "household", "field": "rent"}, "average "),
        ({"sum": "nowhere", "field": "rent"}, "add up rent of nowhere"),
        ({"list": "resident", "where": True}, "list residents"),
    ],
)
def test_other_fills_are_said(library: Library, fill: dict[str, Any], said: str) -> None:
    assert rule({"fill": fill}, library).startswith(said)
