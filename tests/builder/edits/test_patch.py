"""What differs between two documents is enough to make either of the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.edits.patch import Change, Overtaken, applied, difference, inverse, same
from runtime.api import dumps

KEYS = st.sampled_from("abcdef")
_SCALARS = st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["a", "b", "x"])


def _items(inner):
    item = st.dictionaries(KEYS, inner, max_size=3)
    with_ids = st.lists(st.tuples(KEYS, item), unique_by=lambda one: one[0], max_size=5)
    return with_ids.map(lambda some: [{"id": key, **value} for key, value in some])


documents = st.recursive(
    _SCALARS,
    lambda inner: (
        st.dictionaries(KEYS, inner, max_size=5)
        | st.lists(inner, max_size=4)
        | st.lists(KEYS, unique=True, max_size=5)
        | _items(inner)
    ),
    max_leaves=20,
)


@given(documents, documents)
def test_a_difference_leads_there_and_back(one, other):
    patch = difference(one, other)
    there = applied(one, patch)
    assert dumps(there) == dumps(other)
    assert dumps(applied(there, inverse(patch))) == dumps(one)


@given(documents)
def test_nothing_differs_from_itself(document):
    assert difference(document, document) == ()
    assert applied(document, ()) == document


@given(st.permutations("abcdef"), st.permutations("abcdef"))
def test_only_what_moved_is_said_to_move(one, other):
    before, after = ([{"id": key} for key in keys] for keys in (one, other))
    moves = difference(before, after)
    assert all(change.move for change in moves)
    assert len(moves) == 6 - _longest_common(one, other)


def _longest_common(one, other):
    lengths = [[0] * (len(other) + 1) for _n in range(len(one) + 1)]
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            lengths[i + 1][j + 1] = (
                lengths[i][j] + 1 if a == b else max(lengths[i][j + 1], lengths[i + 1][j])
            )
    return lengths[-1][-1]


def test_what_does_not_change_is_shared():
    document = {"a": {"long": [1, 2, 3]}, "b": 1}
    after = applied(document, (Change(("b",), 1, 2),))
    assert after["a"] is document["a"]
    assert document["b"] == 1


def test_a_change_that_does_not_find_what_it_was_made_from_says_which():
    change = Change(("a",), 1, 2)
    with pytest.raises(Overtaken) as refused:
        applied({"a": 5}, (change,))
    assert refused.value.change is change
    for document in ({}, [], {"a": [1]}, 5):
        with pytest.raises(Overtaken):
            applied(document, (Change(("a", "b"), 1, 2),))


@pytest.mark.parametrize(("one", "other"), [(1, True), (1, 1.0), (0, False), (None, 0), ("1", 1)])
def test_what_is_written_otherwise_is_not_the_same(one, other):
    assert not same(one, other)
    assert difference({"a": one}, {"a": other})
