"""Buttons of rows: add, remove, move, open, and what they refuse."""

import pytest

from runtime.definitions.compile import compile_form
from runtime.entry.act import act
from runtime.errors import EntryError

PLAN = compile_form(
    {
        "type": "object",
        "properties": {
            "rows": {
                "type": "array",
                "maxItems": 3,
                "items": {
                    "oneOf": [
                        {"type": "object", "properties": {"n": {"type": "integer"}}},
                        {"type": "object", "properties": {"t": {"type": "string"}}},
                    ]
                },
            },
            "names": {"type": "array", "items": {"type": "string"}},
            "fixed": {"type": "array", "readOnly": True, "items": {"type": "string"}},
            "sum": {"type": "integer", "totalOf": ["1/rows/*/n"]},
            "child": {"$ref": "#"},
        },
    }
)
ROWS = {"rows": [{"n": 1}, {"n": 2}, {"n": 4}], "sum": 7}
CHOICES = {"/rows/0#oneOf": "0", "/rows/2#oneOf": "1", "/other#oneOf": "0"}


@pytest.mark.parametrize(
    ("do", "numbers", "choices", "focus"),
    [
        ("remove /rows/0", [2, 4], {"/rows/1#oneOf": "1", "/other#oneOf": "0"}, "/rows/0"),
        ("remove /rows/2", [1, 2], {"/rows/0#oneOf": "0", "/other#oneOf": "0"}, "/rows/1"),
        ("up /rows/2", [1, 4, 2], {"/rows/0#oneOf": "0", "/rows/1#oneOf": "1", "/other#oneOf": "0"}, "/rows/1"),
        ("down /rows/0", [2, 1, 4], {"/rows/1#oneOf": "0", "/rows/2#oneOf": "1", "/other#oneOf": "0"}, "/rows/1"),
        ("up /rows/0", [1, 2, 4], CHOICES, "/rows/0"),
        ("down /rows/2", [1, 2, 4], CHOICES, "/rows/2"),
    ],
)  # fmt: skip
def test_rows_move_with_what_is_remembered_of_them(do, numbers, choices, focus):
    found = act(PLAN, ROWS, CHOICES, do)
    assert found.data == {"rows": [{"n": n} for n in numbers], "sum": sum(numbers)}
    assert found.choices == choices
    assert found.focus == focus


def test_rows_are_added():
    found = act(PLAN, {}, {}, "add /rows")
    assert (found.data, found.focus) == ({"rows": [{}]}, "/rows/0")
    assert act(PLAN, {"names": ["a"]}, {}, "add /names").data == {"names": ["a", None]}


def test_a_part_within_itself_is_opened():
    found = act(PLAN, {}, {}, "open /child", ["/x"])
    assert (found.data, found.opened) == ({}, ("/x", "/child"))
    inner = act(PLAN, {}, {}, "add /child/rows", found.opened)
    assert inner.data == {"child": {"rows": [{}]}}


def test_pointers_are_told_where_their_rows_went():
    found = act(PLAN, ROWS, {}, "remove /rows/1")
    assert [found.moved(f"/rows/{n}/n") for n in range(3)] == ["/rows/0/n", None, "/rows/1/n"]
    assert found.moved("/names/1") == "/names/1"
    assert act(PLAN, ROWS, {}, "up /rows/1").moved("/rows/0/n#oneOf") == "/rows/1/n#oneOf"


@pytest.mark.parametrize(
    "do",
    ["add /fixed", "add /sum", "add /none", "remove /rows/9", "remove /rows/x", "up /names/0", "open /rows",
     "fly /rows/0", "", "add", "remove /fixed/0"],
)  # fmt: skip
def test_what_cannot_be_done_is_refused(do):
    with pytest.raises(EntryError, match="Load the page again"):
        act(PLAN, {**ROWS, "fixed": ["a"]}, {}, do)


def test_no_more_rows_than_the_form_allows():
    with pytest.raises(EntryError, match="3 rows at most"):
        act(PLAN, ROWS, {}, "add /rows")
