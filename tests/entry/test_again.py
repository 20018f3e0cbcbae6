"""Laid out and drawn again after a change, an entry is just what it would be laid out and drawn anew."""

import pytest

from runtime.definitions.compile import compile_form
from runtime.definitions.place import is_fixed, place, remembering, walk, with_value
from runtime.entry.drawn import Sheet
from runtime.entry.screen import Screen
from runtime.errors import Problem

PART = {
    "type": "object",
    "title": "A",
    "properties": {"x": {"type": "integer"}, "y": {"type": "integer"}},
}
ROWS = {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}}
FIXED = {"type": "object", "properties": {"a": PART, "b": {**PART, "title": "B"}, "rows": ROWS}}
TURNS = {
    **FIXED,
    "if": {"properties": {"b": {"required": ["x"]}}},
    "then": {"properties": {"c": PART}},
}
CHANGES = [("/a/x", 5), ("/b/x", 1), ("/rows", [{"n": 1}]), ("/rows/0/n", 7), ("/a", "no object")]
DATA = {"a": {"x": 1, "y": 2}, "rows": [{"n": 1}, {"n": 2}]}


def plans():
    return [compile_form(FIXED), compile_form(TURNS)]


def test_which_plans_are_fixed():
    assert [is_fixed(plan) for plan in plans()] == [True, False]


@pytest.mark.parametrize(("pointer", "value"), CHANGES)
def test_placed_again_is_placed_anew(pointer, value):
    after = with_value(DATA, pointer, value)
    for plan in plans():
        with remembering():
            first = seen(place(plan, DATA))
            again = seen(place(plan, after))
            assert seen(place(plan, DATA)) == first
        assert again == seen(place(plan, after))


def seen(placed):
    return [(p.pointer, p.value, p.locked, p.required, type(p.node)) for p in walk(placed)]


@pytest.mark.parametrize(("pointer", "value"), CHANGES)
def test_drawn_again_is_drawn_anew(pointer, value):
    after = with_value(DATA, pointer, value)
    sheet = Sheet([Problem("x", "odd", "/a/y")], {"/rows/0/n": {"kind": "register"}})
    for plan in plans():
        with remembering():
            before = Screen(plan, place(plan, DATA), Sheet())
            again = Screen(plan, place(plan, after), sheet, before)
        anew = Screen(plan, place(plan, after), sheet)
        assert told(again.changes_since(before)) == told(anew.changes_since(before))
        assert again.counts() == anew.counts()
        assert [c.name for c in again.cells] == [c.name for c in anew.cells]
        assert again.problem_lines() == anew.problem_lines()
        assert again.html() == anew.html()


def told(changes):
    return [r.region for r in changes.regions], changes.states()
