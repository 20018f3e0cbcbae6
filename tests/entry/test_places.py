"""Lists whose places have parts of their own, and places for values of several types: typed, emptied, merged."""

import pytest

from runtime.definitions.compile import compile_form
from runtime.definitions.place import cells, place, walk
from runtime.definitions.plan import Choice
from runtime.definitions.verdict import problems
from runtime.entry.act import act
from runtime.entry.decode import decode
from runtime.entry.defaults import with_defaults
from runtime.entry.merge import merge
from runtime.entry.provenance import By, restated
from runtime.entry.shape import shape_of
from runtime.entry.totals import with_totals
from runtime.errors import EntryError
from tests.entry.posting import untouched

PLAN = compile_form(
    {
        "type": "object",
        "properties": {
            "at": {
                "type": "array",
                "title": "At",
                "prefixItems": [
                    {"type": "number", "title": "x"},
                    {"type": "number"},
                    {"type": "object", "properties": {"note": {"type": "string"}}},
                ],
                "items": {"type": "string"},
                "minItems": 1,
            },
            "mixed": {
                "type": ["string", "integer", "object"],
                "properties": {"a": {"type": "string"}},
            },
            "rows": {"type": "array", "items": {"type": ["string", "boolean"]}},
            "sums": {
                "type": "array",
                "prefixItems": [
                    {"type": "integer"},
                    {"type": "integer", "totalOf": ["1/0", "1/2"], "readOnly": True},
                    {"type": "integer", "default": 4},
                ],
            },
        },
    }
)


def after(post, data, choices=None):
    found = decode(PLAN, post, data, choices)
    assert not found.problems
    return found.data


@pytest.mark.parametrize(
    ("post", "before", "then"),
    [
        ({"/at/1": "2"}, {}, {"at": [None, 2]}),
        ({"/at/2/note": "n"}, {"at": [1]}, {"at": [1, None, {"note": "n"}]}),
        ({"/at/1": ""}, {"at": [None, 2]}, {}),
        ({"/at/1": ""}, {"at": [1, 2]}, {"at": [1]}),
        ({"/at/0": ""}, {"at": [1, 2]}, {"at": [None, 2]}),
        ({"/at/2/note": ""}, {"at": [1, None, {"note": "n"}]}, {"at": [1]}),
        ({"/at/0": ""}, {"at": [1, None, None, "more"]}, {"at": [None, None, None, "more"]}),
        ({"/at/3": ""}, {"at": [1, 2, {}, "more"]}, {"at": [1, 2, {}, None]}),
    ],
)
def test_a_place_is_typed_and_emptied_and_the_others_keep_theirs(post, before, then):
    assert after(post, before) == then


def test_what_follows_the_places_are_rows():
    assert act(PLAN, {}, {}, "add /at").data == {"at": [None, None, None, None]}
    data = {"at": [1, 2, {}, "a", "b"]}
    assert act(PLAN, data, {}, "up /at/4").data == {"at": [1, 2, {}, "b", "a"]}
    assert act(PLAN, data, {}, "remove /at/3").data == {"at": [1, 2, {}, "b"]}
    for refused in ("remove /at/2", "up /at/0"):
        with pytest.raises(EntryError):
            act(PLAN, data, {}, refused)


def test_a_place_is_called_by_its_title_else_its_number():
    found = problems(PLAN, {"at": ["a", None, 3, 4]})
    assert [(p.pointer, p.message.partition(":")[0]) for p in found] == [
        ("/at/0", "x"),
        ("/at/1", "Item 2"),
        ("/at/2", "Item 3"),
        ("/at/3", "At, row 4"),
    ]


def test_two_people_at_different_places_of_one_list():
    shape, base = shape_of(PLAN), {"at": [1, 2, {"note": "a"}, "x"]}
    mine, theirs = {"at": [5, 2, {"note": "a"}, "x", "y"]}, {"at": [1, 2, {"note": "b"}, "x"]}
    assert merge(shape, base, mine, theirs).data == {"at": [5, 2, {"note": "b"}, "x", "y"]}
    assert merge(shape, {}, {"at": [1]}, {"at": [None, 2]}).data == {"at": [1, 2]}
    clash = merge(shape, base, {"at": [7, 2]}, {"at": [8, 2, {"note": "a"}, "x"]}).clashes
    assert [one.pointer for one in clash] == ["/at/0"]


def test_two_people_at_different_names_and_at_one():
    plan = compile_form({"type": "object", "additionalProperties": {"type": "string"}})
    shape, base = shape_of(plan), {"a": "1", "b": "2"}
    assert merge(shape, base, {"c": "1", "b": "2"}, {"a": "1", "b": "3"}).data == {
        "b": "3",
        "c": "1",
    }
    assert merge(shape, base, {"a": "x", "b": "2"}, {"a": "y", "b": "2"}).clashes


def test_provenance_stays_with_its_place(fixed_now):
    told = {"/at/0": {"kind": "typed", "actor": "one"}, "/at/1": {"kind": "typed", "actor": "two"}}
    found = restated(
        shape_of(PLAN), {"at": [1, 2]}, {"at": [2, 2]}, told, By(3, "three", fixed_now), {}
    )
    assert [found.provenance[p]["actor"] for p in ("/at/0", "/at/1")] == ["three", "two"]


def test_sums_and_defaults_among_places():
    data = with_defaults(PLAN, {})
    assert data["sums"] == [None, None, 4]
    assert with_totals(PLAN, data)["sums"] == [None, 4, 4]
    assert with_totals(PLAN, {"sums": [None, 4, None]})["sums"] == [None, None, None]


@pytest.mark.parametrize("value", ["text", 5, {"a": "x"}, None])
def test_what_stands_there_tells_its_type(value):
    data = {"mixed": value, "rows": [True, "x"]}
    choices = [p for p in walk(place(PLAN, data)) if isinstance(p.node, Choice)]
    assert [p.branch for p in choices] == [
        {str: "0", int: "1", dict: "2"}.get(type(value), ""),
        "1",
        "0",
    ]
    assert not [p for p in cells(place(PLAN, data)) if p.locked]
    post = untouched(PLAN, data)
    assert decode(PLAN, post, data).choices == {}
    post["/rows/1"] = ["other"]
    found = decode(PLAN, post, data)
    assert found.data == {"mixed": value, "rows": [True, "other"]}
    assert found.choices["/rows/1#type"] == "0"  # by now somebody has said so


def test_another_type_is_picked_in_a_row_and_the_row_stays():
    found = decode(PLAN, {"/rows/0#type": "0"}, {"rows": [True, "x"]})
    assert found.data == {"rows": [None, "x"]}
    again = decode(PLAN, {"/rows/0#type": "0", "/rows/0": "y"}, found.data, found.choices)
    assert again.data == {"rows": ["y", "x"]}
