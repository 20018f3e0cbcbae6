"""A fact that has grown old is to be checked: in the strip, beside its cell, in the panel and in the list."""

import re

import pytest

from runtime.facts.units import by_code
from runtime.storage.engine import reading
from tests.web.learning import UNIT, say
from tests.web.test_filling import address
from tests.web.test_now import site

pytestmark = pytest.mark.databases("sqlite")
__all__ = ["site"]

SURVEY = "disabled-persons/needs-survey"


@pytest.fixture
def survey(staff, site):
    """A survey about somebody whose phone was told last on the first day that is too long ago."""
    with reading(site.engine) as session:
        unit = by_code(session, UNIT).id
    say(site, "somebody", "2024-03-05", _unit=unit, name="Wu Gang", phone="13900000001")
    return begun(staff)


def begun(staff):
    answer = staff.post("/entries/", {"form": address(SURVEY), "subject": "somebody"})
    assert answer.status_code == 303
    return answer.location


def test_it_is_counted_and_marked_with_words(staff, survey):
    page = staff.get(survey).text
    assert re.search(r"\d+ to check", page)
    said = re.search(r'id="c-[^"]*phone-says">(.*?)</p>', page)[1]
    assert "said 5 Mar 2024: still right?" in said
    assert f'href="{survey}/why?cell=' in said


def test_the_panel_says_by_whom_and_that_it_may_have_changed(staff, survey):
    cell = re.search(r'href="[^"]*/why\?cell=([^"]*phone)"', staff.get(survey).text)[1]
    told = staff.get(f"{survey}/why?cell={cell}").text
    assert "Said on 5 Mar 2024; it may have changed." in told
    assert "said on 5 Mar 2024, old" in staff.get(survey + "/why").text


def test_once_it_is_confirmed_the_cell_is_fresh_when_it_is_filled_again(staff, survey, site):
    say(site, "somebody", "2026-10-30", "confirm", phone="13900000001")
    cell = re.search(r'href="[^"]*/why\?cell=([^"]*phone)"', staff.get(survey).text)[1]
    staff.post(survey + "/refill", {"cell": cell.replace("%2F", "/")})
    assert "still right?" not in staff.get(survey).text
    assert "said on 30 Oct 2026" in staff.get(survey + "/why").text


def test_it_hinders_nobody_from_submitting(staff, survey):
    page = staff.get(survey + "/review").text
    assert "still right?" in page
    assert "say why the filled value was changed" not in page


def test_beside_a_fact_stands_the_day_on_which_it_was_said(staff, survey):
    """Not the day of filling, which says nothing of the fact."""
    said = re.search(r'id="c-[^"]*name-says">(.*?)</p>', staff.get(survey).text)[1]
    assert "Residents, 5 Mar 2024" in said
