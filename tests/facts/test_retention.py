"""How long a field is kept after its subject has left: to the day, and the whole once the longest time is over."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.facts.retention import Due, due

FIELDS = {
    "name": {"retention": "P10Y"},
    "phone": {"retention": "P5Y"},
    "note": {},
}
TIMELINE = [["2010-01-01", {"_unit": 4, "name": "x", "phone": "1", "note": "n"}]]
LEFT = date(2016, 3, 1)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2021, 3, 1), Due()),
        (date(2021, 3, 2), Due(frozenset({"phone"}))),
        (date(2026, 3, 1), Due(frozenset({"phone"}))),
        (date(2026, 3, 2), Due(whole=True)),
    ],
)
def test_to_the_day(day, expected):
    assert due(FIELDS, TIMELINE, LEFT, day) == expected


def test_what_is_not_known_is_not_due_and_without_any_retention_nothing_is():
    only_name = [["2010-01-01", {"_unit": 4, "name": "x"}]]
    assert not due(FIELDS, only_name, LEFT, date(2022, 1, 1))
    assert not due({"note": {}}, TIMELINE, LEFT, date(2099, 1, 1))


@given(
    fields=st.dictionaries(
        st.sampled_from("abc"), st.sampled_from([{}, {"retention": "P1Y"}, {"retention": "P3D"}])
    ),
    days=st.lists(st.dates(date(2016, 3, 1), date(2018, 1, 1)), min_size=2, max_size=2),
)
def test_what_is_due_stays_due(fields, days):
    timeline = [["2010-01-01", dict.fromkeys(fields, 1)]]
    early, late = (due(fields, timeline, LEFT, day) for day in sorted(days))
    assert late.whole >= early.whole
    assert late.whole or early.fields <= late.fields
