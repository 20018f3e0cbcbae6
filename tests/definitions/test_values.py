"""Values replaced one after the other, and many at once: the same data, and what was given stays as it was."""

import copy
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.definitions.values import MISSING, is_of_type, with_value, with_values

names = st.sampled_from(["a", "b", "0", "1", "2"])
data = st.recursive(
    st.none() | st.integers(0, 3),
    lambda inner: st.dictionaries(names, inner, max_size=3) | st.lists(inner, max_size=3),
    max_leaves=8,
)
pointers = st.lists(names, max_size=3).map(lambda steps: "".join(f"/{step}" for step in steps))
told = st.lists(st.tuples(pointers, data | st.just(MISSING)), max_size=6)


def _one_by_one(found, pairs):
    for pointer, value in pairs:
        found = with_value(found, pointer, value)
    return found


def _or_error(replace, *given_):
    try:
        return replace(*given_), None
    except LookupError as error:
        return None, error.args


@given(before=data, pairs=told)
def test_many_at_once_are_the_same_as_one_after_the_other(before, pairs):
    kept = copy.deepcopy((before, [value for _pointer, value in pairs if value is not MISSING]))
    found = _or_error(with_values, before, pairs)
    expected = _or_error(_one_by_one, before, pairs)
    assert repr(found) == repr(expected)  # the order of members too
    assert (before, [value for _pointer, value in pairs if value is not MISSING]) == kept


@pytest.mark.parametrize(
    ("text", "is_whole"), [("1e999999999", True), ("1e-999999999", False), ("2.0", True)]
)
def test_a_number_of_a_thousand_million_digits_is_told_to_be_whole_at_once(text, is_whole):
    assert is_of_type(Decimal(text), ["integer"]) is is_whole
    assert is_of_type(float("inf"), ["integer"]) is False
