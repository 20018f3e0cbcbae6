"""Who has the last word on a field: its steward, else what is newer."""

from datetime import date

import pytest

from runtime.imports.decide import Sender, decide

OLD, FILE, NEW = date(2026, 9, 1), date(2026, 9, 30), date(2026, 10, 10)


def weigh(value, said, day, department, *, by="", since=False):
    """The decision on one field, of which `health` is the steward, said once before."""
    timeline = [
        ["2026-01-01", {"_unit": 1}],
        *([[day.isoformat(), {"grade": said}]] if day else []),
    ]
    sender = Sender(department=department, as_of=FILE, steward_of={"grade": "health"})
    return decide({"grade": value}, timeline, sender, lambda _f, _d: by, changed_since=since)


@pytest.mark.parametrize("department", ["health", "housing"])
def test_what_nobody_knew_is_set_and_what_is_older_is_overtaken(department):
    assert weigh("2", None, None, department).sets == {FILE: {"grade": "2"}}
    made = weigh("2", "1", OLD, department)
    assert made.sets == {FILE: {"grade": "2"}}
    assert made.old == {"grade": "1"}
    assert made.kind == "change"


def test_what_is_equal_is_confirmed_unless_it_is_said_already():
    made = weigh("1", "1", OLD, "housing")
    assert (made.confirms, made.sets, made.kind) == ({"grade": "1"}, {}, "confirm")
    for day in (FILE, NEW):
        made = weigh("1", "1", day, "housing")
        assert (made.confirms, made.known, made.kind) == ({}, 1, "confirm")


def test_a_newer_fact_stays_before_all_but_the_steward():
    made = weigh("2", "1", NEW, "housing", by="health")
    assert made.conflicts == {"grade": NEW}
    assert (made.sets, made.kind) == ({}, "conflict")
    assert weigh("2", "1", NEW, "health").sets == {NEW: {"grade": "2"}}
    assert weigh("2", "1", NEW, "health", by="health").conflicts == {"grade": NEW}


@pytest.mark.parametrize("since", ["1", "3"])
def test_an_old_file_of_the_steward_gives_way_to_its_own_newer_word_whoever_spoke_since(since):
    last = NEW.replace(day=20)
    timeline = [[NEW.isoformat(), {"grade": "1"}], [last.isoformat(), {"grade": since}]]
    by = {NEW: "health", last: "housing"}
    sender = Sender(department="health", as_of=FILE, steward_of={"grade": "health"})
    made = decide({"grade": "2"}, timeline, sender, lambda _f, day: by[day])
    assert (made.conflicts, made.old, made.sets) == ({"grade": last}, {"grade": since}, {})
    by[NEW] = "housing"
    made = decide({"grade": "2"}, timeline, sender, lambda _f, day: by[day])
    assert made.sets == {last: {"grade": "2"}}


def test_of_the_same_day_the_steward_wins():
    assert weigh("2", "1", FILE, "housing").sets == {FILE: {"grade": "2"}}
    assert weigh("2", "1", FILE, "housing", by="health").conflicts == {"grade": FILE}
    assert weigh("2", "1", FILE, "health", by="health").sets == {FILE: {"grade": "2"}}


def test_what_came_after_the_dry_run_stays_before_all_but_the_steward():
    assert weigh("2", "1", FILE, "housing", since=True).conflicts == {"grade": FILE}
    assert weigh("2", "1", FILE, "health", since=True).sets == {FILE: {"grade": "2"}}


def test_what_was_cleared_can_be_said_again():
    assert weigh("2", None, OLD, "housing").sets == {FILE: {"grade": "2"}}
    assert weigh("2", "cleared", NEW, "housing").kind == "conflict"
