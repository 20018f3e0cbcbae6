"""Reports that are fully filled go out together: looked over once, checked again, each one's outcome told."""

import re

import pytest

from runtime.entry import submit as submission
from runtime.errors import OperatorError
from tests.web.learning import regrade
from tests.web.test_filling import DEVICES, HOMES, REPORT, submit_form
from tests.web.test_now import site

pytestmark = pytest.mark.databases("sqlite")
__all__ = ["site"]


def ready(staff, period):
    entry = staff.begin(REPORT, period)
    submit_form(staff, entry, {DEVICES: "4", HOMES: "1"}, "review")
    return entry


def ticked(page):
    """What the page's form posts as it stands."""
    found = dict(re.findall(r'name="(revision-[^"]+)" value="(\d+)"', page))
    return found | {"entry": re.findall(r'name="entry" value="([^"]+)" checked', page)}


def test_several_reports_go_out_at_once_and_each_outcome_is_told(site, staff, visitor):
    october, september = ready(staff, "202610"), ready(staff, "202609")
    staff.begin(REPORT, "202608")  # still to be typed in
    assert "Review and submit the 2 that are filled" in staff.get("/").text
    page = staff.get("/ready/").text
    posted = ticked(page)
    assert {f"/entries/{one}" for one in posted["entry"]} == {october, september}
    assert visitor("linna").post("/ready/", posted).status_code in (403, 404)
    assert visitor("zhouming").post("/ready/", posted).status_code == 403

    # The registers change after the look: the one that tells of it waits, the other goes out.
    regrade(site)
    told = staff.post("/ready/", posted).text
    assert "1 report is submitted" in told
    assert "1 report was not submitted" in told
    assert re.search(r"filled values? (has|have) changed since\. Look at", told)
    assert staff.get(october).status_code == 200
    assert staff.get(september).location == september + "/receipt"

    # It is no longer among those that go out together, and going on all the same changes nothing.
    page = staff.get("/ready/").text
    assert ticked(page)["entry"] == []
    assert f"{october}/review" in page
    again = staff.post("/ready/", posted).text
    assert "2 reports were not submitted" in again
    assert "Nothing was ticked" in staff.post("/ready/", {}).text


def test_what_others_saved_since_the_look_does_not_go_out(staff):
    entry = ready(staff, "202610")
    posted = ticked(staff.get("/ready/").text)
    submit_form(staff, entry, {DEVICES: "5"}, "save")
    assert "Review it again" in staff.post("/ready/", posted).text
    assert staff.get(entry).status_code == 200


def test_a_busy_database_hides_nothing_of_what_went_out_before(staff, monkeypatch):
    entries = {ready(staff, "202610"), ready(staff, "202609")}
    posted = ticked(staff.get("/ready/").text)
    submit, failing = submission.submit, posted["entry"][1]

    def busy(session, entry, *rest, **more):
        if entry.id == failing:
            raise OperatorError("The database is busy.")
        return submit(session, entry, *rest, **more)

    monkeypatch.setattr(submission, "submit", busy)
    told = staff.post("/ready/", posted).text
    assert "1 report is submitted" in told
    assert "The database is busy." in told
    gone = [one for one in entries if (staff.get(one).location or "").endswith("/receipt")]
    assert len(gone) == 1
