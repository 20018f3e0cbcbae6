import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.entry.rows import aligned, in_place

A, B, C = {"a": 1, "n": "A"}, {"a": 1, "n": "B"}, {"a": 1, "n": "C"}
NEW = {"a": 1}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([A, B], [A, B], [0, 1]),
        ([A, B], [B, A], [1, 0]),
        ([A, B, C], [B, C], [1, 2]),
        ([A, B, C], [A, C], [0, 2]),
        ([A, B], [A, B, NEW], [0, 1, None]),
        ([A, B], [A, B | {"a": 2}], [0, 1]),
        ([A, B], [B | {"a": 2}, A], [1, 0]),
        ([A, B, C], [B | {"a": 2}, C], [1, 2]),
        ([A, A], [A], [0]),
        ([A], [A, A], [0, None]),
        ([], [NEW], [None]),
        ([A], [], []),
        (["x", "y"], ["y"], [1]),
        (["x", "y"], ["x", "z"], [0, 1]),
        ([1], [True], [0]),
        ([{}], [NEW], [0]),
    ],
)
def test_rows_are_followed(before, after, expected):
    assert aligned(before, after) == expected


@given(st.lists(st.integers(0, 3)), st.lists(st.integers(0, 3)))
def test_no_old_row_is_found_twice_and_equal_ones_are_found(before, after):
    found = aligned(before, after)
    old = [place for place in found if place is not None]
    assert len(found) == len(after)
    assert len(set(old)) == len(old)
    assert len(old) >= sum(min(before.count(n), after.count(n)) for n in set(after))


@pytest.mark.parametrize(
    ("alignment", "count", "expected"),
    [
        ([0, 1], 2, True),
        ([0, 1, None], 2, True),
        ([1, 0], 2, False),
        ([0], 2, False),
        ([], 0, True),
    ],
)
def test_rows_that_stayed(alignment, count, expected):
    assert in_place(alignment, count) is expected
