from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.definitions.values import value_at, with_value
from runtime.entry.provenance import By, is_filled, restated
from runtime.entry.shape import shape_of
from runtime.fields.base import MISSING
from runtime.fields.choices import same
from tests.entry.plans import cell, plan, rows

SHAPE = shape_of(
    plan(
        cell("c0"), cell("g", "a"), cell("picked"), cell("sum", total_of=("1/c0",)), rows("visits")
    )
)
ME = By(7, "Chen Wei", datetime(2026, 11, 1, 1, 30, tzinfo=UTC))
TYPED = {"kind": "typed", "by": 7, "actor": "Chen Wei", "at": "2026-11-01T01:30:00+00:00"}
COUNTED = {"kind": "register", "count": 3}


def after(before, data, provenance, reasons=None):
    return restated(SHAPE, before, data, provenance, ME, reasons).provenance


OVERRIDDEN = {**TYPED, "kind": "overridden", "reason": "", "was": COUNTED}


@pytest.mark.parametrize(
    ("before", "data", "was", "expected"),
    [
        (MISSING, 1, None, TYPED),
        (1, 2, TYPED, TYPED),
        (1, MISSING, TYPED, None),
        (1, 1.0, TYPED, TYPED),
        (3, 4, COUNTED, OVERRIDDEN | {"value": 3}),
        (3, MISSING, COUNTED, OVERRIDDEN | {"value": 3}),
        (1, True, COUNTED, OVERRIDDEN | {"value": 1}),
        (MISSING, MISSING, OVERRIDDEN | {"value": 3}, OVERRIDDEN | {"value": 3}),
        (MISSING, 3, OVERRIDDEN | {"value": 3}, COUNTED),
    ],
)
def test_a_cell_that_changes_says_so(before, data, was, expected):
    made = [{} if value is MISSING else {"c0": value} for value in (before, data)]
    found = after(*made, {"/c0": was} if was else {}).get("/c0")
    assert found == expected


def test_lists_and_objects_that_are_one_value_change_as_one():
    found = after({"picked": ["a"]}, {"picked": ["a", "b"]}, {"/picked": COUNTED})
    assert found["/picked"]["value"] == ["a"]
    found = restated(SHAPE, {}, {"picked": {"id": "x"}}, {}, ME)
    assert [one.pointer for one in found.changed] == ["/picked"]


def test_only_an_overridden_cell_takes_a_reason():
    over = after({"c0": 3}, {"c0": 4}, {"/c0": COUNTED}, {"/c0": " moved ", "/g/a": "x"})
    assert over["/c0"]["reason"] == "moved"
    assert after({"c0": 4}, {"c0": 4}, over, {"/c0": "came back"})["/c0"]["reason"] == "came back"
    assert "reason" not in after({}, {"c0": 1}, {}, {"/c0": "x"})["/c0"]


def test_what_a_total_was_counted_from_is_no_longer_said():
    told = {"kind": "formula", "rule": "r", "count": 3, "asOf": "2026-10-31"}
    assert after({"sum": 3}, {"sum": 4}, {"/sum": told})["/sum"] == {
        "kind": "formula",
        "rule": "r",
        "asOf": "2026-10-31",
    }
    assert after({"sum": 3}, {}, {"/sum": told}) == {}


def test_an_emptied_cell_stays_overridden_even_in_a_group_that_went_with_it():
    over = after({"g": {"a": 3}}, {}, {"/g/a": COUNTED})
    assert over["/g/a"]["value"] == 3
    assert after({}, {"c0": 1}, over)["/g/a"] == over["/g/a"]
    moved = {"visits": [{"who": "B"}, {"who": "A"}]}
    over = {"/visits/0/n": OVERRIDDEN}
    assert "/visits/1/n" in after({"visits": [{"who": "A"}, {"who": "B"}]}, moved, over)
    assert after({"visits": [{"who": "A"}]}, {"visits": []}, over) == {}


def test_a_new_row_has_no_past():
    before = {"visits": [{"who": "A"}]}
    found = after(before, {"visits": [{"who": "A"}, {"c0": 1}]}, {"/c0": COUNTED})
    assert "/visits/1/c0" not in found or found["/visits/1/c0"]["kind"] == "typed"


PLACES = ["/c0", "/g/a", "/picked", "/visits/0/who", "/visits/1/n"]
VALUES = st.one_of(st.none(), st.booleans(), st.integers(0, 2), st.just(MISSING))
START = {"c0": 0, "g": {"a": 1}, "picked": [1], "visits": [{"who": "A", "n": 1}, {"who": "B"}]}


@given(st.lists(st.tuples(st.sampled_from(PLACES), VALUES)), st.sets(st.sampled_from(PLACES)))
def test_exactly_the_changed_cells_are_restated_and_going_back_restores(edits, filled):
    provenance = dict.fromkeys(filled, COUNTED)
    data = START
    for pointer, value in edits:
        data = with_value(data, pointer, value)
    found = restated(SHAPE, START, data, provenance, ME)
    changed = {one.pointer for one in found.changed}
    for pointer in PLACES:
        moved = not same(value_at(START, pointer), value_at(data, pointer))
        assert (pointer in changed) == moved
        if not moved:
            assert found.provenance.get(pointer) == provenance.get(pointer)
        elif pointer in provenance:
            assert found.provenance[pointer]["kind"] == "overridden"
    back = restated(SHAPE, data, START, found.provenance, ME).provenance
    assert {p: told for p, told in back.items() if is_filled(told)} == provenance
