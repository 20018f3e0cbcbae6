"""A fact that fills a cell says since when it stands, and whether it has grown old by the entry's day."""

from datetime import date

import pytest

from runtime.facts.changes import record
from runtime.fill.filling import fill
from runtime.periods import Period
from runtime.storage.engine import reading, writing
from tests.fill.library import REPORT, VISIT, plan_of
from tests.fill.town import RESIDENT

PHONE = "/people/0/phone"


def say(engine, day, kind="set", subject="an", phone="123"):
    with writing(engine) as session:
        record(session, RESIDENT, subject, {"phone": phone}, kind, date.fromisoformat(day))


def told(engine, lake, address=REPORT, period="202610", subject=None, pointer=PHONE):
    with reading(engine) as session:
        period = Period.parse(period) if period else None
        found = fill(session, plan_of(address), lake, period, subject)
    return found.provenance[pointer]


@pytest.mark.parametrize(
    ("said", "stale"), [("2026-04-30", True), ("2026-05-01", False), ("2026-10-01", False)]
)
def test_what_a_row_holds_is_old_once_its_age_is_over_on_the_last_day(engine, lake, said, stale):
    say(engine, said)
    found = told(engine, lake)
    assert found["since"] == said
    assert found.get("stale", False) is stale


def test_a_confirmation_makes_it_fresh_again(engine, lake):
    say(engine, "2026-02-01")
    say(engine, "2026-10-02", "confirm")
    found = told(engine, lake)
    assert found["since"] == "2026-10-02"
    assert "stale" not in found


def test_a_form_about_a_subject_looks_at_the_day_on_which_it_is_filled(engine, lake):
    say(engine, "2026-02-01")
    found = told(engine, lake, VISIT, "", "an", "/phone")
    assert (found["since"], found["stale"]) == ("2026-02-01", True)


def test_what_has_no_age_never_grows_old(engine, lake):
    found = told(engine, lake, pointer="/people/0/name")
    assert found["since"] == "2026-01-01"
    assert "stale" not in found


def test_a_figure_has_no_age(engine, lake):
    assert "since" not in told(engine, lake, pointer="/all")
