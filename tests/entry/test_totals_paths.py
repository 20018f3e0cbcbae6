"""A sum found by the short way is the sum of the places that the long way finds."""

from hypothesis import given
from hypothesis import strategies as st

from runtime.definitions.values import value_at
from runtime.entry.totals import places, total
from runtime.rules.where import is_number

NAMES = st.sampled_from(["a", "b", "0", "1", "a/b"])
DATA = st.recursive(
    st.one_of(st.integers(-3, 3), st.none(), st.text(max_size=1), st.booleans()),
    lambda inner: st.one_of(st.dictionaries(NAMES, inner, max_size=3), st.lists(inner, max_size=3)),
    max_leaves=12,
)
STEP = st.sampled_from(["a", "b", "0", "1", "a~1b", "*", ""])
RELATIVE = st.builds(
    lambda up, steps: "/".join([str(up), *steps]), st.integers(0, 3), st.lists(STEP, max_size=3)
)
POINTER = st.lists(st.sampled_from(["a", "b", "0", "a~1b"]), min_size=1, max_size=3).map(
    lambda steps: "".join(f"/{step}" for step in steps)
)


@given(DATA, POINTER, st.lists(RELATIVE, min_size=1, max_size=2))
def test_both_ways_agree(data, pointer, summands):
    found = [value_at(data, place) for one in summands for place in places(data, pointer, one)]
    numbers = [value for value in found if is_number(value)]
    assert total(data, pointer, tuple(summands)) == (sum(numbers) if numbers else None)
