from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import DefinitionError
from runtime.rules.derive import compile_derive, whole

AGE = {"age": {"type": "integer", "title": "Age", "rule": {"whole": "years", "since": "born"}}}
DAYS = st.dates(date(1896, 1, 1), date(2104, 12, 31))


def derived(rule, document, day):
    return compile_derive({"it": rule})(document, date.fromisoformat(day)).get("it")


@pytest.mark.parametrize(
    ("rule", "document", "day", "expected"),
    [
        ({"whole": "years", "since": "a"}, {"a": "2000-02-29"}, "2001-02-28", 0),
        ({"whole": "years", "since": "a"}, {"a": "2000-02-29"}, "2001-03-01", 1),
        ({"whole": "years", "since": "a"}, {"a": "2000-02-29"}, "2004-02-29", 4),
        ({"whole": "years", "since": "a"}, {"a": "1900-03-01"}, "2026-02-28", 125),
        ({"whole": "years", "since": "a"}, {"a": "2026-10-31"}, "2026-10-31", 0),
        ({"whole": "years", "since": "a"}, {"a": "2026-11-01"}, "2026-10-31", None),
        ({"whole": "months", "since": "a"}, {"a": "2026-01-31"}, "2026-02-28", 0),
        ({"whole": "months", "since": "a"}, {"a": "2026-01-31"}, "2026-03-01", 1),
        ({"whole": "days", "since": "a"}, {"a": "2026-02-28"}, "2026-03-01", 1),
        ({"whole": "days", "until": "a"}, {"a": "2026-11-05"}, "2026-10-31", 5),
        ({"whole": "days", "until": "a"}, {"a": "2026-10-31"}, "2026-10-31", 0),
        ({"whole": "days", "until": "a"}, {"a": "2026-10-30"}, "2026-10-31", -1),
        ({"whole": "years", "until": "a"}, {"a": "2025-10-30"}, "2026-10-31", -1),
        ({"whole": "years", "until": "a"}, {"a": "2026-10-30"}, "2026-10-31", 0),
        ({"whole": "years", "since": "a"}, {}, "2026-10-31", None),
        ({"whole": "years", "since": "a"}, {"a": None}, "2026-10-31", None),
        ({"whole": "years", "since": "a"}, {"a": "2001-02-29"}, "2026-10-31", None),
        ({"whole": "years", "since": "a"}, {"a": "2000-W01-1"}, "2026-10-31", None),
        ({"compare": ["a", "<", "b"]}, {"a": "2026-01-01", "b": "2026-01-02"}, "2026-10-31", True),
        ({"compare": ["a", ">=", "b"]}, {"a": 1, "b": 1}, "2026-10-31", True),
        ({"compare": ["a", "!=", "b"]}, {"a": 1, "b": 1}, "2026-10-31", False),
        ({"compare": ["a", "<", "b"]}, {"a": 1}, "2026-10-31", None),
        ({"compare": ["a", "<", "b"]}, {"a": 1, "b": "2"}, "2026-10-31", None),
        ({"compare": ["a", "=", "b"]}, {"a": True, "b": 1}, "2026-10-31", None),
    ],
)
def test_rules_as_of_a_day(rule, document, day, expected):
    assert derived(rule, document, day) == expected


def test_the_document_stays_and_a_stale_derived_value_goes():
    document = {"age": 99, "name": "Wang"}
    assert compile_derive(AGE)(document, date(2026, 10, 31)) == {"name": "Wang"}
    assert document == {"age": 99, "name": "Wang"}


def test_a_rule_may_use_those_above_it():
    derive = compile_derive(AGE | {"older": {"rule": {"compare": ["age", ">", "limit"]}}})
    assert derive({"born": "1990-01-01", "limit": 30}, date(2026, 10, 31))["older"] is True


@given(DAYS, DAYS)
def test_a_year_is_full_on_the_birthday_and_not_before(born, day):
    years = whole("years", *sorted((born, day)))
    first, last = sorted((born, day))
    turns = date(last.year, 3, 1) if (first.month, first.day) == (2, 29) else None
    birthday = turns if turns and not _leap(last.year) else date(last.year, first.month, first.day)
    assert years == last.year - first.year - (last < birthday)


@given(DAYS, st.sampled_from(["years", "months", "days"]), st.integers(0, 800))
def test_time_never_runs_backwards(born, measure, days):
    day = born + timedelta(days)
    assert whole(measure, born, day) <= whole(measure, born, day + timedelta(1))


@pytest.mark.parametrize(
    "rule",
    [{}, {"whole": "weeks", "since": "a"}, {"compare": ["a", "~", "b"]}, {"compare": ["a", "<"]}],
)
def test_an_unknown_rule_is_refused(rule):
    with pytest.raises(DefinitionError, match="it"):
        compile_derive({"it": rule})


def _leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
