"""What was reported the period before, told beside why a cell has its value."""

import re
from types import SimpleNamespace

import pytest

from runtime.fields.catalogue import field_types
from runtime.periods import Period
from runtime.web.last_period import change, last_period
from tests.web.test_filling import DEVICES, HOMES, REPORT, submit_form

pytestmark = pytest.mark.databases("sqlite")


def why(visitor, entry, cell=DEVICES):
    return visitor.get(f"{entry}/why?cell={cell}").text


def reported(visitor, period, devices):
    entry = visitor.begin(REPORT, period)
    submit_form(visitor, entry, {DEVICES: devices, HOMES: "1"}, "review")
    revision = re.search(r'name="_revision" value="(\d+)"', visitor.get(entry + "/review").text)[1]
    assert visitor.post(entry + "/submit", {"_revision": revision}).status_code == 303


@pytest.mark.parametrize(
    ("typed", "told"), [("9", "4 (+5)"), ("1", "4 (−3)"), ("4", "4 (±0)"), ("", "4")]
)
def test_what_was_reported_before_and_the_change_stand_beside_the_value(staff, typed, told):
    reported(staff, "202609", "4")
    entry = staff.begin(REPORT)
    submit_form(staff, entry, {DEVICES: typed})
    assert f"<dt>September 2026</dt><dd>{told}</dd>" in why(staff, entry)


def test_a_draft_of_the_period_before_says_nothing(staff):
    submit_form(staff, staff.begin(REPORT, "202609"), {DEVICES: "4"})
    assert "September 2026" not in why(staff, staff.begin(REPORT))


def test_only_the_period_just_before_counts(staff):
    reported(staff, "202608", "4")
    assert "August 2026" not in why(staff, staff.begin(REPORT))


def test_rows_of_a_list_are_never_set_beside_those_of_another_month():
    entry = SimpleNamespace(subject_id=None, data={"team": [{"name": "Lin"}]})
    filling = SimpleNamespace(period=Period.parse("202610"), entry=entry)
    assert last_period(filling, SimpleNamespace(name="/team/0/name")) is None


@pytest.mark.parametrize(("kind", "told"), [("integer", "+1"), ("choice", "")])
def test_codes_that_are_numbers_have_no_difference(kind, told):
    face = SimpleNamespace(type=field_types[kind], display=str)
    assert change(SimpleNamespace(data=3, face=face), 2) == told


def test_it_stands_beside_the_box_and_is_told_anew_as_the_number_changes(staff):
    reported(staff, "202609", "4")
    entry = staff.begin(REPORT)
    assert '<span class="was">last 4</span>' in staff.get(entry).text
    revision = re.search(r'id="revision" value="(\d+)"', staff.get(entry).text)[1]
    told = staff.post(entry + "/check", {DEVICES: "9", "_revision": revision}, htmx=True).text
    assert '<span class="was">last 4 (+5)</span>' in told
    told = staff.post(entry + "/check", {DEVICES: "40", "_revision": revision}, htmx=True).text
    assert "a digit too many or too few?" in told
    submit_form(staff, entry, {DEVICES: "40", HOMES: "1"}, "review")
    page = staff.get(entry + "/review").text
    assert "a digit too many or too few?" in page
    assert "Everything is there" in page


def test_nothing_stands_beside_a_report_without_one_before(staff):
    reported(staff, "202608", "4")
    assert 'class="was">last' not in staff.get(staff.begin(REPORT)).text
