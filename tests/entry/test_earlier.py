"""Last period's value beside the box, and numbers that are unusual."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.entry.earlier import Earlier, is_outlier, is_slip, numbers_of
from runtime.entry.face import cell_face
from tests.entry.plans import cell

NUMBER, TEXT = cell("n", field="integer"), cell("t")


def beside(value, *series, node=NUMBER, last=True):
    reports = tuple({"/n": one} for one in series)
    found = Earlier(("key",), reports[0] if reports and last else {}, reports)
    return found.beside(cell_face(node), "/n", value)


@pytest.mark.parametrize(
    ("value", "was"), [(9, "last 4 (+5)"), (1, "last 4 (−3)"), (4, "last 4"), (None, "last 4")]
)
def test_the_value_of_the_period_before_and_the_change(value, was):
    assert beside(value, 4)[0] == was


def test_nothing_is_said_where_nothing_was_reported_just_before():
    assert beside(4, 5, last=False) == ("", "")
    assert beside(4) == ("", "")


def test_a_text_has_neither():
    assert beside("4", 4, node=TEXT) == ("", "")


def test_a_number_far_from_the_others_is_pointed_out_from_the_fourth_report_on():
    assert beside(90, 50, 52, 48)[1] == ""
    assert beside(90, 50, 52, 48, 55)[1] == "unusual: so far 48 to 55"
    assert beside(56, 50, 52, 48, 55)[1] == ""


def test_one_more_than_ever_is_no_surprise():
    assert not is_outlier(5, [4, 4, 4, 4])
    assert is_outlier(6, [4, 4, 4, 4])
    assert not is_outlier(105, [100, 100, 100, 100])
    assert is_outlier(Decimal("111.5"), [100, 100, 100, 100])


@pytest.mark.parametrize(
    ("value", "last", "slip"),
    [(570, 57, True), (5, 57, True), (57, 5, True), (10, 1, False), (57, 50, False), (0, 57, False),
     (57, 0, False), (57, None, False), (-570, 57, True)],
)  # fmt: skip
def test_a_digit_too_many_or_too_few(value, last, slip):
    assert is_slip(value, last) is slip


def test_many_after_none_are_pointed_out():
    assert beside(10**20, 0)[1] == "unusual: last it was 0"
    assert beside(19, 0)[1] == ""


def test_the_slip_is_said_first():
    assert beside(570, 57, 58, 57, 55)[1] == "a digit too many or too few?"


@given(st.lists(st.integers(-1000, 1000), min_size=4, max_size=12), st.integers(-50, 50))
def test_the_middle_of_what_was_reported_is_never_unusual_wherever_it_lies(series, moved):
    middle = sorted(series)[len(series) // 2]
    if len(series) % 2:
        assert not is_outlier(middle, series)
    assert is_outlier(middle + moved, series) == is_outlier(-middle - moved, [-n for n in series])


def test_numbers_in_lists_are_left_aside():
    data = {"a": {"b/c": 1}, "rows": [{"n": 2}], "t": "3", "yes": True, "d": 1.5}
    assert numbers_of(data) == {"/a/b~1c": 1, "/d": Decimal("1.5")}
