import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.definitions.values import with_value
from runtime.entry.merge import merge, merge_choices
from runtime.entry.shape import shape_of
from runtime.fields.base import MISSING
from tests.entry.plans import cell, plan, rows

SHAPE = shape_of(
    plan(
        *(cell(f"c{n}") for n in range(4)),
        cell("group", "a"),
        cell("group", "b"),
        cell("picked", field="choices"),
        cell("file", field="attachment"),
        cell("sum", total_of=("1/c0",)),
        rows("visits"),
    )
)
V = [{"who": "A", "n": 1}, {"who": "B", "n": 1}, {"who": "C", "n": 1}]


def merged(base, mine, theirs):
    found = merge(SHAPE, base, mine, theirs)
    return found.data, [clash.pointer for clash in found.clashes]


def visits(*three):
    data, clashes = merged(*({"visits": rows} for rows in three))
    return data["visits"], clashes


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "expected"),
    [
        ({"c0": 1}, {"c0": 2}, {"c0": 1}, {"c0": 2}),
        ({"c0": 1}, {"c0": 1}, {"c0": 2}, {"c0": 2}),
        ({"c0": 1}, {"c0": 2}, {"c0": 2}, {"c0": 2}),
        ({"c0": 1}, {}, {"c0": 1, "c1": 1}, {"c1": 1}),
        ({}, {"c0": 1}, {"c1": None}, {"c0": 1, "c1": None}),
        ({}, {"group": {"a": 1}}, {"group": {"b": 2}}, {"group": {"a": 1, "b": 2}}),
        ({"c0": 1}, {"c0": True}, {"c0": 1, "c1": ""}, {"c0": True, "c1": ""}),
        ({"unknown": [1]}, {"unknown": [1], "c0": 1}, {"unknown": [1]}, {"unknown": [1], "c0": 1}),
        ({"group": {"a": 1}}, {}, {"group": {"a": 1, "b": 2}}, {"group": {"b": 2}}),
        ({"group": {"a": 1}}, {"group": {"a": 1}}, {"c0": 1}, {"c0": 1}),
        ({"sum": 1}, {"sum": 2}, {"sum": 3}, {"sum": 3}),
    ],
)
def test_what_one_changed_is_taken(base, mine, theirs, expected):
    assert merged(base, mine, theirs) == (expected, [])


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "pointers"),
    [
        ({"c0": 1}, {"c0": 2}, {"c0": 3}, ["/c0"]),
        ({"c0": 1}, {}, {"c0": 3}, ["/c0"]),
        ({"c0": 1}, {"c0": True}, {"c0": 3}, ["/c0"]),
        ({}, {"c0": 1, "c1": 1}, {"c0": 2, "c1": 2}, ["/c0", "/c1"]),
        ({"picked": ["a"]}, {"picked": ["a", "b"]}, {"picked": []}, ["/picked"]),
        ({"file": {"id": 1}}, {"file": {"id": 2}}, {"file": {"id": 3}}, ["/file"]),
        ({"group": {"a": 1}}, {}, {"group": {"a": 2}}, ["/group/a"]),
    ],
)
def test_what_both_changed_is_a_clash(base, mine, theirs, pointers):
    assert merged(base, mine, theirs)[1] == pointers


def test_a_clash_tells_all_three_values():
    clash = merge(SHAPE, {}, {"c0": 1}, {"c0": 2}).clashes[0]
    assert (clash.base, clash.mine, clash.theirs) == (MISSING, 1, 2)


def test_rows_are_followed_when_one_side_moves_or_removes_them():
    edited = [V[0], V[1], V[2] | {"n": 9}]
    assert visits(V, [V[1], V[2]], edited) == ([V[1], V[2] | {"n": 9}], [])
    assert visits(V, edited, [V[1], V[2]]) == ([V[1], V[2] | {"n": 9}], [])
    assert visits(V, [V[2], V[0], V[1]], edited) == ([V[2] | {"n": 9}, V[0], V[1]], [])
    assert visits(V, [*V, {"who": "D"}], [V[0]]) == ([V[0], {"who": "D"}], [])


def test_both_may_add_rows_and_a_request_sent_twice_adds_one():
    assert visits(V, [*V, {"who": "D"}], [*V, {"who": "E"}]) == (
        [*V, {"who": "E"}, {"who": "D"}],
        [],
    )
    assert visits(V, [*V, {"who": "D"}], [*V, {"who": "D"}]) == ([*V, {"who": "D"}], [])
    assert visits(V, [*V, {"who": "D"}], [*V, {"who": "D"}, {"who": "E"}])[0][3:] == [
        {"who": "D"},
        {"who": "E"},
    ]


def test_a_removed_row_that_the_other_edited_is_a_clash():
    edited = [V[0] | {"n": 9}, V[1], V[2]]
    assert visits(V, [V[1], V[2]], edited)[1] == ["/visits"]
    assert visits(V, edited, [V[1], V[2]])[1] == ["/visits"]
    assert visits(V, [V[1], V[2]], [V[2], V[1], V[0]])[1] == ["/visits"]
    assert visits(V, edited, [V[0] | {"n": 8}, V[1], V[2]])[1] == ["/visits/0/n"]


def test_picked_branches_merge_alike():
    base = {"/a#oneOf": "0", "/b#oneOf": "0"}
    mine = {"/a#oneOf": "1", "/b#oneOf": "0"}
    theirs = {"/a#oneOf": "0", "/b#oneOf": "1", "/c#oneOf": "0"}
    both = {"/a#oneOf": "1", "/b#oneOf": "1", "/c#oneOf": "0"}
    assert merge_choices(base, mine, theirs) == (both, ())
    assert merge_choices(base, {}, base) == ({}, ())
    _found, clashes = merge_choices(base, mine, base | {"/a#oneOf": "2"})
    assert [clash.pointer for clash in clashes] == ["/a"]


PLACES = ["/c0", "/c1", "/c2", "/group/a", "/group/b", "/visits/0/n", "/visits/1/who", "/picked"]
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(0, 2), st.just(MISSING), st.lists(st.integers(0, 1))
)
EDITS = st.lists(st.tuples(st.sampled_from(PLACES), VALUES), max_size=6)
START = {
    "c0": 0,
    "group": {},
    "visits": [{"who": "A", "n": 1}, {"who": "B", "n": 2}],
    "x": {"y": 1},
}


def edited(data, edits):
    for pointer, value in edits:
        data = with_value(data, pointer, value)
    return data


@given(EDITS, EDITS)
def test_disjoint_edits_all_arrive(mine, theirs):
    mine = [edit for edit in mine if edit[0] not in {pointer for pointer, _value in theirs}]
    found, clashes = merged(START, edited(START, mine), edited(START, theirs))
    assert clashes == []
    assert found == edited(edited(START, theirs), mine)


@given(EDITS, EDITS)
def test_whatever_they_do_no_change_is_lost_unseen(mine, theirs):
    """Each cell holds my value where I changed it and theirs where they did; else it is a clash."""
    from runtime.definitions.values import value_at
    from runtime.fields.choices import same

    mine, theirs = edited(START, mine), edited(START, theirs)
    found, clashes = merged(START, mine, theirs)
    for pointer in PLACES:
        base, my_value, their_value, value = (
            value_at(data, pointer) for data in (START, mine, theirs, found)
        )
        if any(pointer.startswith(clash) for clash in clashes):
            continue
        assert same(my_value, base) or same(value, my_value)
        assert same(their_value, base) or same(value, their_value)
