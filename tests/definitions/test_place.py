"""A plan over an instance: pointers, values, conditions, locks, for data of whatever shape."""

import time

from hypothesis import given
from hypothesis import strategies as st

from runtime.definitions.compile import compile_form
from runtime.definitions.place import cells, place, value_at, walk, with_value
from runtime.definitions.plan import Cell, Choice, Locked, Rows
from runtime.fields.base import MISSING
from tests.definitions.schemas import JSON, SCHEMAS, data_for

PERSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "home": {
            "type": "object",
            "properties": {"street": {"type": "string"}, "flat": {"type": "integer"}},
            "required": ["street"],
        },
        "visits": {
            "type": "array",
            "items": {"type": "object", "properties": {"on": {"type": "string", "format": "date"}}},
        },
    },
    "required": ["name"],
}


def drawn(schema, data, choices=None, opened=()):
    return {p.pointer: p for p in cells(place(compile_form(schema), data, choices, opened))}


def test_cells_have_pointers_values_and_whether_they_are_required():
    found = drawn(PERSON, {"name": "Li", "visits": [{"on": "2026-10-05"}, {}]})
    assert list(found) == ["/name", "/home/street", "/home/flat", "/visits/0/on", "/visits/1/on"]
    assert found["/name"].value == "Li"
    assert found["/home/street"].value is MISSING
    assert found["/name"].required
    assert found["/home/street"].required
    assert not found["/home/flat"].required


def test_rows_know_their_numbers():
    root = place(compile_form(PERSON), {"visits": [{}, {}]})
    assert [p.index for p in walk(root) if p.index is not None] == [0, 1]


def test_a_value_of_another_shape_is_locked_with_its_value():
    root = place(compile_form(PERSON), {"name": 5, "home": "at the corner", "visits": {"a": 1}})
    locked = {p.pointer: (p.locked, p.value) for p in walk(root) if p.locked}
    assert locked == {
        "/name": ("value", 5),
        "/home": ("type", "at the corner"),
        "/visits": ("type", {"a": 1}),
    }


def test_a_cell_moved_by_the_layout_is_locked_where_its_group_is_no_object():
    schema = {**PERSON, "layout": [{"id": "s", "kind": "cell", "at": "/home/street"}]}
    root = place(compile_form(schema), {"home": "at the corner"})
    locked = {p.pointer: p.locked for p in walk(root) if p.locked}
    assert locked["/home/street"] == "type"
    assert "/home" in locked


def test_what_is_not_drawn_is_a_locked_card():
    root = place(compile_form(PERSON), {"home": {"floor": 3}, "old": [1], "a/b": {}})
    locked = {p.pointer: (p.locked, p.value) for p in walk(root) if p.locked}
    assert locked == {
        "/home/floor": ("additionalProperties", 3),
        "/old": ("additionalProperties", [1]),
        "/a~1b": ("additionalProperties", {}),
    }


def test_a_branch_is_drawn_when_it_is_picked_never_guessed():
    schema = {
        "oneOf": [
            {"type": "object", "title": "Card", "properties": {"number": {"type": "string"}}},
            {"type": "object", "title": "Cash", "properties": {"coins": {"type": "integer"}}},
        ]
    }
    root = place(compile_form(schema), {"coins": 3})
    assert [(p.pointer, p.locked) for p in walk(root)][1:] == [("/coins", "additionalProperties")]
    assert list(drawn(schema, {"coins": 3}, {"#oneOf": "1"})) == ["/coins"]
    assert list(drawn(schema, {"coins": 3}, {"#oneOf": "0"})) == ["/number"]
    assert list(drawn(schema, {"coins": 3}, {"#oneOf": "7"})) == []


def test_members_of_a_choice_s_own_place_are_drawn_once():
    card = {"type": "object", "properties": {"number": {"type": "string"}}}
    cash = {"type": "object", "properties": {"coins": {"type": "integer"}}}
    plan = compile_form({"type": "object", "properties": {"pay": {"oneOf": [card, cash]}}})
    data = {"pay": {"number": "7", "coins": 2, "odd": 1}}
    picked = [(p.pointer, p.locked) for p in walk(place(plan, data, {"/pay#oneOf": "0"}))][2:]
    assert picked == [("/pay", ""), ("/pay/number", ""), ("/pay/odd", "additionalProperties")]
    unpicked = [p.pointer for p in walk(place(plan, data)) if p.locked]
    assert unpicked == ["/pay/number", "/pay/coins", "/pay/odd"]


def test_a_part_within_itself_opens_when_asked_or_when_something_is_there():
    schema = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "child": {"$ref": "#"}},
    }
    assert list(drawn(schema, {})) == ["/name"]
    assert list(drawn(schema, {}, opened=("/child",))) == ["/name", "/child/name"]
    assert list(drawn(schema, {"child": {"child": {}}})) == [
        "/name", "/child/name", "/child/child/name",
    ]  # fmt: skip


def test_a_row_sees_what_stands_beside_the_list():
    schema = {
        "type": "object",
        "properties": {
            "kind": {"enum": ["long", "short"]},
            "rows": {
                "type": "array",
                "items": {"type": "object", "properties": {"a": {"type": "string"}}},
            },
        },
        "if": {"properties": {"kind": {"const": "long"}}, "required": ["kind"]},
        "then": {
            "properties": {
                "rows": {"items": {"properties": {"b": {"type": "string"}}, "required": ["b"]}}
            }
        },
    }
    assert "/rows/0/b" not in drawn(schema, {"kind": "short", "rows": [{}]})
    assert drawn(schema, {"kind": "long", "rows": [{}]})["/rows/0/b"].required


def test_a_row_within_a_row_sees_what_stands_beside_its_list():
    noted = {"items": {"properties": {"note": {"type": "string"}}}}
    floor = {
        "type": "object",
        "properties": {
            "mark": {"type": "string"},
            "flats": {
                "type": "array",
                "items": {"type": "object", "properties": {"door": {"type": "string"}}},
            },
        },
        "if": {"required": ["mark"]},
        "then": {"properties": {"flats": noted}},
    }
    schema = {"type": "object", "properties": {"floors": {"type": "array", "items": floor}}}
    data = {"floors": [{"mark": "x", "flats": [{}]}, {"flats": [{}]}]}
    assert [p for p in drawn(schema, data) if p.endswith("note")] == ["/floors/0/flats/0/note"]


@given(st.data())
def test_any_data_are_placed_and_no_pointer_is_drawn_twice(data_of):
    schema = data_of.draw(SCHEMAS)
    data = data_of.draw(data_for(schema))
    plan = compile_form(schema)
    choices: dict[str, str] = {}
    for part in walk(place(plan, data)):
        if isinstance(part.node, Choice):
            choices[f"{part.pointer}#{part.node.keyword}"] = part.node.branches[0].key
    root = place(plan, data, data_of.draw(st.sampled_from([{}, choices])))
    owning = [p for p in walk(root) if isinstance(p.node, Cell | Locked | Rows)]
    found = [
        part.pointer + getattr(getattr(part.node, "named", None), "slot", "") for part in owning
    ]
    assert len(found) == len(set(found))
    for part in walk(root):
        there = value_at(data, part.pointer)
        assert part.value is there or (part.value is MISSING and there is None)


@given(JSON, st.data())
def test_values_are_read_and_replaced_without_a_trace_on_the_original(data, data_of):
    before = repr(data)
    pointers = ["", *(p for p in ("/a", "/a/b", "/0", "/1/name", "/名字"))]
    pointer = data_of.draw(st.sampled_from(pointers))
    try:
        changed = with_value(data, pointer, 7)
    except LookupError:
        return
    assert value_at(changed, pointer) == 7
    assert repr(data) == before
    if pointer and value_at(data, pointer) is MISSING and isinstance(changed, dict):
        assert value_at(with_value(changed, pointer, MISSING), pointer) is MISSING


def test_five_hundred_cells_are_placed_fast():
    schema = {"type": "object", "properties": {f"f{n}": {"type": "string"} for n in range(500)}}
    plan, data = compile_form(schema), {f"f{n}": "x" for n in range(500)}
    place(plan, data)
    best = min(_timed(lambda: place(plan, data)) for _ in range(10))
    assert best < 0.02  # 1-2 ms; ten times that on a busy machine


def _timed(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
