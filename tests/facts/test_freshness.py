"""When a fact counts as stale."""

from datetime import date, timedelta

import pytest

from runtime.facts.freshness import fresh_from, is_last_time, later, stale_fields, stale_from


@pytest.mark.parametrize(
    ("day", "duration", "expected"),
    [
        (date(2026, 1, 31), "P1M", date(2026, 3, 1)),
        (date(2024, 2, 29), "P1Y", date(2025, 3, 1)),
        (date(2026, 1, 1), "P1Y6M2W3D", date(2027, 7, 18)),
        (date(9998, 12, 1), "P5Y", date.max),
        (date(2026, 12, 31), "P12M", date(2027, 12, 31)),
    ],
)
def test_a_duration_later(day, duration, expected):
    assert later(day, duration) == expected


@pytest.mark.parametrize("wrong", ["", "P", "1Y", "P1H", "PT1H"])
def test_what_is_no_duration_is_refused(wrong):
    with pytest.raises(ValueError, match=r"^" + wrong + "$"):
        later(date(2026, 1, 1), wrong)


def test_a_fact_is_fresh_to_the_last_day_of_its_age_and_a_confirmation_makes_it_so_again():
    fields = {"phone": {"maxAge": "P1Y"}, "name": {}}
    timeline = [["2025-01-10", {"phone": "1", "name": "A", "_unit": 3}]]
    assert stale_from(date(2025, 1, 10), "P1Y") == date(2026, 1, 11)
    assert stale_fields(fields, timeline, date(2026, 1, 10)) == {}
    assert stale_fields(fields, timeline, date(2026, 1, 11)) == {"phone": date(2025, 1, 10)}
    confirmed = [*timeline, ["2026-01-11", {"phone": "1"}]]
    assert stale_fields(fields, confirmed, date(2026, 6, 1)) == {}
    assert stale_fields(fields, timeline, date(2026, 6, 1), among=("name",)) == {}


def test_the_day_of_what_was_last_done_is_told_by_its_definition():
    day = {"format": "date", "latest": "today", "maxAge": "P3M"}
    assert is_last_time(day)
    for one in ("latest", "maxAge"):
        assert not is_last_time({name: value for name, value in day.items() if name != one})


@pytest.mark.parametrize("age", ["P1Y", "P3M", "P1M", "P6M2D", "P9999Y"])
@pytest.mark.parametrize("day", [date(2026, 10, 31), date(2024, 2, 29), date(2026, 3, 1)])
def test_the_border_is_the_first_day_that_is_fresh_enough(age, day):
    border = fresh_from(day, age)
    assert day < stale_from(border, age)
    assert border == date.min or day >= stale_from(border - timedelta(days=1), age)
