"""Cells that were filled are computed again when a report is submitted: what differs is shown first."""

import re

import pytest

from tests.web.learning import regrade
from tests.web.test_filling import DEVICES, HOMES, REPORT, submit_form
from tests.web.test_now import site

pytestmark = pytest.mark.databases("sqlite")
__all__ = ["site"]


def ready(staff):
    entry = staff.begin(REPORT)
    submit_form(staff, entry, {DEVICES: "4", HOMES: "1"}, "review")
    return entry


def hidden(page, name):
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found[1] if found else ""


def confirmed(page, **more):
    return {"_revision": hidden(page, "_revision"), "_seen": hidden(page, "_seen"), **more}


def test_nothing_goes_out_before_the_differences_were_seen(staff, site):
    entry = ready(staff)
    page = staff.get(entry + "/review").text
    assert hidden(page, "_seen") == ""
    regrade(site)
    answer = staff.post(entry + "/submit", confirmed(page))
    assert answer.status_code == 409
    assert "Look at them first" in answer.text
    assert "2 filled values have changed since" in answer.text
    assert staff.get(entry).status_code == 200
    answer = staff.post(entry + "/submit", confirmed(answer.text))
    assert answer.location == entry + "/receipt"


def test_a_confirmation_is_good_for_exactly_what_was_seen(staff, site):
    entry = ready(staff)
    regrade(site)
    page = staff.get(entry + "/review").text
    assert hidden(page, "_seen")
    regrade(site, 1)
    cell = re.search(r'name="_keep(/[^"]+)"', page)[1]
    answer = staff.post(entry + "/submit", confirmed(page, **{f"_keep{cell}": "as agreed"}))
    assert answer.status_code == 409
    assert "as agreed" in answer.text


def test_what_is_kept_with_a_reason_is_frozen_beside_what_is_known(staff, site):
    entry = ready(staff)
    regrade(site)
    page = staff.get(entry + "/review").text
    cell = re.search(r'name="_keep(/[^"]+)"', page)[1]
    answer = staff.post(entry + "/submit", confirmed(page, **{f"_keep{cell}": "counted by hand"}))
    assert answer.location == entry + "/receipt"
    told = staff.get(f"{entry}/why?cell={cell}").text
    assert "“counted by hand”" in told
    assert "was filled" in told


def test_a_value_is_taken_on_the_review_page(staff, site):
    entry = ready(staff)
    regrade(site)
    page = staff.get(entry + "/review").text
    cell = hidden(page, "cell")
    answer = staff.post(entry + "/refill", {"cell": cell, "back": "review"})
    assert answer.location == entry + "/review"
    page = staff.get(answer.location).text
    assert "1 filled value has changed since" in page
    answer = staff.post(entry + "/submit", confirmed(page))
    assert answer.location == entry + "/receipt"


def test_somebody_who_saves_after_the_review_is_not_passed_over(staff, visitor, site):
    entry = ready(staff)
    page = staff.get(entry + "/review").text
    other = visitor("chenwei")
    other.get(entry)
    submit_form(other, entry, {DEVICES: "5"})
    regrade(site)
    assert staff.post(entry + "/submit", confirmed(page)).status_code == 409


def test_a_late_correction_shows_on_the_receipt_and_the_snapshot_stays(staff, visitor, site):
    entry = ready(staff)
    page = staff.get(entry + "/review").text
    assert staff.post(entry + "/submit", confirmed(page)).status_code == 303
    receipt = staff.get(entry + "/receipt").text
    assert f'hx-get="{entry}/now"' in receipt
    htmx = {"HX-Request": "true"}
    assert "still say what was submitted" in staff.get(entry + "/now", headers=htmx).text
    before = staff.get(entry + "/download/json").data
    regrade(site)
    told = staff.get(entry + "/now", headers=htmx).text
    assert "instead of" in told
    assert "“assessed again”" in told
    assert "/registers/resident/" in told
    assert "instead of" in staff.get(entry + "/now").text
    assert "take /" not in staff.get(entry + "/receipt").text
    reviewer = visitor("zhouming")
    told = reviewer.get(entry + "/now", headers=htmx).text
    assert "instead of" in told
    assert "assessed again" not in told
    assert "/registers/resident/" not in told
    assert staff.get(entry + "/download/json").data == before
