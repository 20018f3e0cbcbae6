"""Forms that extend others: merge patch, removals, placements."""

from __future__ import annotations

from typing import Any

import pytest

from runtime.definitions.merge import extended, merge_patch
from tests.definitions.library import changed, good

RFC_7396 = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("target", "patch", "wanted"), RFC_7396)
def test_the_examples_of_rfc_7396(target: Any, patch: Any, wanted: Any) -> None:
    assert merge_patch(target, patch) == wanted


def test_the_worked_example() -> None:
    form = good().form("housing/monthly")
    base = good().form("welfare/monthly")
    assert form["number"] == "H-07"
    assert form["frequency"] == "monthly"
    assert list(form["properties"]) == ["holders", "services", "people"]
    assert list(form["properties"]["services"]["properties"]) == ["granted", "visits", "paid"]
    assert form["properties"]["people"]["items"] == base["properties"]["people"]["items"]
    assert [item["id"] for item in form["layout"][1]["items"]] == ["pair", "people", "note"]
    assert [item["id"] for item in form["layout"][1]["items"][0]["items"]] == [
        "granted",
        "visits",
        "paid",
    ]
    for key in ("extends", "remove", "place"):
        assert key not in form


def test_the_base_form_is_not_touched() -> None:
    before = repr(good().form("welfare/monthly"))
    changed("forms/housing/monthly.json", {"/remove": ["/properties/holders"]}, []).form(
        "housing/monthly"
    )
    assert repr(good().form("welfare/monthly")) == before


BASE: dict[str, Any] = {
    "properties": {
        "a": {"type": "string"},
        "b": {"properties": {"c": {}, "d": {}}, "required": ["c"]},
    },
    "required": ["a", "b"],
    "layout": [
        {"id": "s", "kind": "section", "items": [{"id": "a", "kind": "cell", "at": "/a"}]},
        {"id": "c", "kind": "cell", "at": "/b/c"},
        {"id": "d", "kind": "cell", "at": "/b/d"},
    ],
}


def test_what_is_removed_is_neither_required_nor_laid_out() -> None:
    merged, problems = extended(BASE, {"remove": ["/properties/a", "/properties/b/properties/c"]})
    assert problems == []
    assert merged["required"] == ["b"]
    assert merged["properties"]["b"] == {"properties": {"d": {}}, "required": []}
    assert [item["id"] for item in merged["layout"]] == ["s", "d"]
    assert merged["layout"][0]["items"] == []


def test_a_property_set_to_null_goes_in_the_same_way() -> None:
    merged, problems = extended(BASE, {"properties": {"b": None}})
    assert problems == []
    assert merged["required"] == ["a"]
    assert [item["id"] for item in merged["layout"]] == ["s"]


def test_removals_are_seen_in_the_base_in_any_order() -> None:
    for order in (["/layout/0", "/layout/2"], ["/layout/2", "/layout/0"]):
        merged, problems = extended(BASE, {"remove": order})
        assert problems == []
        assert [item["id"] for item in merged["layout"]] == ["c"]


def test_what_a_part_is_removed_with() -> None:
    merged, problems = extended(BASE, {"remove": ["/properties/b", "/properties/b/properties/c"]})
    assert problems == []
    assert list(merged["properties"]) == ["a"]


@pytest.mark.parametrize(
    "own",
    [
        {"remove": ["/none"]},
        {"remove": [""]},
        {"remove": ["none"]},
        {"remove": [3]},
        {"remove": ["/layout/9"]},
        {"remove": ["/layout/-1"]},
        {"place": [{"item": {"id": "x"}, "after": "none"}]},
        {"place": [{"item": {"id": "x"}}]},
        {"place": [{"after": "c"}]},
        {"place": [None]},
    ],
)
def test_what_cannot_be_done_is_a_problem_and_nothing_else(own: dict[str, Any]) -> None:
    merged, problems = extended(BASE, own)
    assert merged == BASE
    (found,) = problems
    assert found.pointer in ("/remove/0", "/place/0")


def test_places_before_after_and_deep() -> None:
    place = [
        {"item": {"id": "x"}, "before": "c"},
        {"item": {"id": "y"}, "after": "x"},
        {"item": {"id": "z"}, "before": "a"},
    ]
    merged, problems = extended(BASE, {"place": place})
    assert problems == []
    assert [item["id"] for item in merged["layout"]] == ["s", "x", "y", "c", "d"]
    assert [item["id"] for item in merged["layout"][0]["items"]] == ["z", "a"]
