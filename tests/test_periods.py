"""Periods: what is written means these days, and going forth and back comes home."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from runtime.language import using
from runtime.periods import FREQUENCIES, LAST_YEAR, Period

CASES = json.loads(Path(__file__).with_name("periods.json").read_text("utf-8"))
DAY = timedelta(days=1)

periods = st.builds(
    Period.of, st.sampled_from(FREQUENCIES), st.dates(date(1901, 1, 7), date(2998, 12, 20))
)


@pytest.mark.parametrize(
    ("text", "frequency", "first", "last", "english", "chinese"), CASES["written"]
)
def test_a_written_period(text, frequency, first, last, english, chinese):
    period = Period.parse(text)
    assert (str(period), period.frequency) == (text, frequency)
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)
    assert (period.title("en"), period.title("zh-CN")) == (english, chinese)
    with using("zh-CN"):
        assert period.title() == chinese


@pytest.mark.parametrize(("text", "says"), CASES["wrong"])
def test_what_is_no_period_is_refused_in_clear_words(text, says):
    with pytest.raises(ValueError, match=says):
        Period.parse(text)


def test_an_unknown_frequency_is_refused():
    with pytest.raises(ValueError, match="“fortnightly” is not a frequency; there are yearly"):
        Period.of("fortnightly", date(2026, 11, 22))


def test_a_week_may_be_written_with_a_zero_and_is_the_same():
    assert Period.parse("2026W05") == Period.parse("2026W5")


def test_there_is_an_end_in_both_directions():
    with pytest.raises(ValueError, match="outside"):
        Period.parse("1900").previous()
    with pytest.raises(ValueError, match="outside"):
        Period.parse(str(LAST_YEAR)).next()


@given(periods)
def test_forth_and_back_comes_home(period):
    assert period.next().previous() == period == period.previous().next()


@given(periods)
def test_periods_follow_one_another_without_gap(period):
    assert period.first <= period.last
    assert period.next().first == period.last + DAY
    assert period.previous().last == period.first - DAY


@given(periods)
def test_what_is_written_reads_as_the_same_period(period):
    assert Period.parse(str(period)) == period


@given(periods, st.dates(date(1901, 1, 7), date(2998, 12, 20)))
def test_a_day_lies_in_the_one_period_of_its_frequency(period, day):
    found = Period.of(period.frequency, day)
    assert day in found
    assume(found != period)
    assert day not in period


@given(periods)
def test_every_period_has_a_name_of_its_own(period):
    for language in ("en", "zh-CN"):
        assert period.title(language) not in (
            period.next().title(language),
            period.previous().title(language),
        )
