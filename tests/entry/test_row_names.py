"""Names of rows: typed anew, added, refused with a sentence; and nothing else changes by them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.definitions.compile import compile_form
from runtime.definitions.place import place, walk
from runtime.definitions.plan import Rows
from runtime.definitions.values import value_at
from runtime.entry.act import act
from runtime.entry.decode import decode
from runtime.entry.names import name_of_row
from runtime.errors import EntryError
from tests.entry.posting import names_of, untouched
from tests.entry.test_round_trip import entries, same

PLAN = compile_form(
    {
        "type": "object",
        "properties": {
            "lines": {
                "type": "object",
                "properties": {"main": {"type": "string"}},
                "patternProperties": {"^x-": {"type": "integer", "default": 3}},
                "additionalProperties": {"type": "string"},
                "propertyNames": {"maxLength": 8},
                "maxProperties": 9,
            },
            "kinds": {
                "type": "object",
                "additionalProperties": {"$ref": "#/$defs/kind"},
                "propertyNames": {"enum": ["big", "small", "huge"]},
                "maxProperties": 2,
            },
        },
        "$defs": {
            "kind": {
                "type": "object",
                "properties": {"n": {"type": "integer"}, "v": {"type": ["string", "integer"]}},
                "additionalProperties": {"$ref": "#/$defs/kind"},
            }
        },
    }
)
LINES = {"lines": {"main": "0", "a": "1", "x-b": 2, "c": "3"}}


def after(post, data=None, choices=None):
    return decode(PLAN, post, LINES if data is None else data, choices)


def test_a_name_is_changed_in_its_place_with_what_was_typed_beside_it():
    found = after({"/lines/a#name": " z ", "/lines/a": "new", "/lines/x-b#name": "x-d"})
    assert list(found.data["lines"].items()) == [
        ("main", "0"),
        ("z", "new"),
        ("x-d", 2),
        ("c", "3"),
    ]
    assert found.now_at("/lines/a") == "/lines/z"
    assert not found.problems


def test_two_names_are_exchanged():
    found = after({"/lines/a#name": "c", "/lines/c#name": "a"})
    assert list(found.data["lines"].items()) == [("main", "0"), ("c", "1"), ("x-b", 2), ("a", "3")]


@pytest.mark.parametrize(
    ("control", "typed", "says"),
    [
        ("/lines/a#name", "", "Give this row a name"),
        ("/lines/a#name", "c", "There is “c” already"),
        ("/lines/a#name", "main", "has a place of its own"),
        ("/lines/a#name", "x-a", "belongs to the other rows"),
        ("/lines/x-b#name", "b", "does not fit the pattern ^x-"),
        ("/lines/a#name", "much too long", "may not be a name here"),
        ("/lines/a#name", "a\ud800", "cannot be kept"),
        ("/lines#names.1", "c", "There is “c” already"),
        ("/kinds#names", "medium", "Names are: big, small, huge."),
    ],
)
def test_what_can_be_no_name_is_refused_and_kept_as_it_was_typed(control, typed, says):
    found = after({control: typed})
    assert found.data == LINES
    assert [(p.code, p.pointer) for p in found.problems] == [("name", control)]
    assert says in found.problems[0].message
    assert found.raw == {control: [typed]}


def test_of_two_that_want_one_name_the_first_gets_it():
    found = after({"/lines/a#name": "z", "/lines/c#name": "z"})
    assert list(found.data["lines"]) == ["main", "z", "x-b", "c"]
    assert [p.pointer for p in found.problems] == ["/lines/c#name"]


def test_a_new_row_begins_empty_or_with_its_default():
    found = after({"/lines#names.1": "d", "/lines#names": "x-9", "/kinds#names": "big"})
    assert found.data["lines"] == {**LINES["lines"], "d": None, "x-9": 3}
    assert found.data["kinds"] == {"big": {}}
    assert found.row_named_in("/lines#names.1") == "/lines/d"


def test_more_than_may_be_are_not_added():
    data = {"kinds": {"big": {}, "small": {}}}
    found = after({"/kinds#names": "huge"}, data)
    assert found.data == data
    assert [p.message for p in found.problems] == ["There may be 2 rows at most."]


def test_what_is_within_moves_with_its_name_choices_and_problems_too():
    data = {"kinds": {"big": {"n": 1, "v": 2, "big": {"n": 5}}}}
    post = {
        "/kinds/big#name": "small",
        "/kinds/big/n": "no number",
        "/kinds/big/big#name": "small",
        "/kinds/big/big/n": "6",
    }
    found = after(post, data, {"/kinds/big/v#type": "1"})
    assert found.data == {"kinds": {"small": {"n": 1, "v": 2, "small": {"n": 6}}}}
    assert found.choices == {"/kinds/small/v#type": "1"}
    assert [p.pointer for p in found.problems] == ["/kinds/small/n"]
    assert found.raw == {"/kinds/small/n": ["no number"]}


def test_names_with_every_sign_lead_to_their_rows():
    data = {"lines": {"a/b~#c": "1", "C#": "2"}}
    found = after({"/lines/a~1b~0#c#name": "x/y", "/lines/C#": "3"}, data)
    assert found.data == {"lines": {"x/y": "1", "C#": "3"}}


def test_a_row_is_removed_with_all_it_holds():
    data = {"kinds": {"big": {"v": 2}, "small": {}}}
    found = act(PLAN, data, {"/kinds/big/v#type": "1"}, "remove /kinds/big")
    assert found.data == {"kinds": {"small": {}}}
    assert found.choices == {}
    assert (found.focus, found.at_row) == ("/kinds/small", True)
    assert found.moved("/kinds/big/v") is None
    assert found.moved("/kinds/bigger") == "/kinds/bigger"


def test_who_adds_without_a_name_is_asked_for_it():
    found = act(PLAN, LINES, {}, "add /lines#names.1")
    assert found.data == LINES
    assert [p.message for p in found.problems] == ["Type the name of the new row first."]


@pytest.mark.parametrize("do", ["remove /lines/main", "up /lines/a", "add /lines#names.7"])
def test_what_is_no_row_with_a_name_is_refused(do):
    with pytest.raises(EntryError):
        act(PLAN, LINES, {}, do)


def test_an_emptied_value_leaves_its_row():
    assert after({"/lines/a": ""}).data["lines"]["a"] is None
    assert after({"/kinds/big/n": ""}, {"kinds": {"big": {"n": 1}}}).data == {"kinds": {"big": {}}}


@given(entries(), st.data())
def test_a_name_typed_anew_changes_that_name_alone(entry, data_of):
    plan, data, choices = entry
    rows = [
        (part, row, name)
        for part in walk(place(plan, data, choices))
        if isinstance(part.node, Rows) and part.node.named is not None
        for row, name in names_of(part)
    ]
    if not rows:
        return
    part, row, name = data_of.draw(st.sampled_from(rows))
    wanted = data_of.draw(st.sampled_from(["x new", "9", "名 too", "zz", "a#b/c"]))
    control = name_of_row(row.pointer)
    found = decode(plan, {**untouched(plan, data, choices), control: [wanted]}, data, choices)
    if found.problems:
        assert same(found.data, data)
        assert [p.pointer for p in found.problems] == [control]
        return
    members = value_at(data, part.pointer)
    after_it = value_at(found.data, part.pointer)
    assert list(after_it) == [wanted if n == name else n for n in members]
    assert all(same(a, b) for a, b in zip(members.values(), after_it.values(), strict=True))
