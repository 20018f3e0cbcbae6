"""Timelines: the last recorded wins per field and day, and any day can be told from them."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.facts.timeline import (
    as_of,
    belongings,
    insert,
    said_otherwise,
    since,
    state,
    unit_on,
)
from tests.facts.histories import FIRST, days, fields, replayed, steps

CASES = json.loads(Path(__file__).with_name("timelines.json").read_text("utf-8"))


def built(changes):
    timeline = []
    for day, values in changes:
        timeline = insert(timeline, date.fromisoformat(day), values)
    return timeline


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_case(case):
    timeline = built(case["recorded"])
    assert timeline == case["timeline"]
    for day, document in case["asOf"].items():
        assert as_of(timeline, date.fromisoformat(day)) == document


@given(st.lists(st.tuples(days, fields), max_size=10))
def test_any_day_agrees_with_a_replay(changes):
    timeline = []
    for day, values in changes:
        before = json.dumps(timeline)
        longer = insert(timeline, day, values)
        assert json.dumps(timeline) == before
        timeline = longer
    assert [day for day, _ in timeline] == sorted({day.isoformat() for day, _ in changes})
    for n in range(-1, 11):
        day = FIRST + timedelta(days=n)
        known = {}
        for at, values in sorted(changes, key=lambda change: change[0]):
            known |= values if at <= day else {}
        assert state(timeline, day) == {f: v for f, v in known.items() if v is not None}


@given(steps(subjects=("s1",)))
def test_belongings_say_the_same_as_the_unit_on_each_day(history):
    timeline = []
    for step in history:
        told = dict.fromkeys(step.values) if step.kind == "clear" else step.values
        timeline = insert(timeline, step.effective, told)
    stretches = list(belongings(timeline))
    for n in range(-1, 12):
        day = FIRST + timedelta(days=n)
        there = [unit for first, last, unit in stretches if first <= day <= last]
        assert there == ([unit_on(timeline, day)] if unit_on(timeline, day) else [])
        assert unit_on(timeline, day) == replayed(history, day).get("_unit")


def test_since_names_the_day_of_the_patch_that_holds():
    timeline = built(
        [("2026-01-01", {"name": "x", "phone": "1"}), ("2026-02-01", {"phone": "2", "grade": None})]
    )
    assert since(timeline, date(2026, 3, 1)) == {
        "name": date(2026, 1, 1),
        "phone": date(2026, 2, 1),
    }
    assert since(timeline, date(2026, 1, 31))["phone"] == date(2026, 1, 1)


def test_later_words_that_say_otherwise_are_found():
    timeline = built(
        [
            ("2026-01-01", {"grade": "1"}),
            ("2026-03-01", {"grade": "2", "phone": "7"}),
            ("2026-05-01", {"grade": "1"}),
            ("2026-07-01", {"grade": None}),
        ]
    )
    found = said_otherwise(timeline, "grade", date(2026, 1, 1), "1")
    assert found == [date(2026, 3, 1), date(2026, 7, 1)]
    assert said_otherwise(timeline, "grade", date(2026, 7, 1), "1") == []


@given(st.lists(st.tuples(days, fields), max_size=10), days)
def test_a_value_said_again_where_it_was_said_otherwise_holds_from_its_day_on(changes, day):
    timeline = []
    for at, values in changes:
        timeline = insert(timeline, at, values)
    for again in [day, *said_otherwise(timeline, "grade", day, "4")]:
        timeline = insert(timeline, again, {"grade": "4"})
    for n in range(11):
        if (seen := FIRST + timedelta(days=n)) >= day:
            assert as_of(timeline, seen)["grade"] == "4"
