"""Looking behind an entry leaves a trace where persons are named, and is quick where nothing is told."""

import pytest

from runtime.entry import audit
from runtime.storage.engine import reading
from tests.web.test_filling import about_somebody

pytestmark = pytest.mark.databases("sqlite")

SURVEY = "disabled-persons/needs-survey"
REPORT = "disabled-persons/residents-monthly"


def noted(app, entry):
    """What the log says of the entry, oldest first."""
    with reading(app.extensions["yibiao"].engine) as session:
        events = audit.events(session, "entry", entry.rpartition("/")[2])
        return [(event.action, event.details) for event in events]


@pytest.mark.parametrize("htmx", [True, False])
def test_why_of_a_personal_fact_is_noted_with_its_cell(app, staff, htmx):
    entry = about_somebody(staff, SURVEY)
    before = noted(app, entry)
    headers = {"HX-Request": "true"} if htmx else {}
    answer = staff.get(f"{entry}/why?cell=/person/name", headers=headers)
    assert answer.status_code == 200
    assert noted(app, entry) == [*before, ("entry.read", {"cell": "/person/name"})]
    assert staff.get(f"{entry}/why").status_code == 200
    assert noted(app, entry)[-1] == ("entry.read", {})


def test_a_long_made_up_cell_is_noted_in_short(app, staff):
    entry = about_somebody(staff, SURVEY)
    assert staff.get(f"{entry}/why?cell=/{'x' * 5000}").status_code == 404
    assert len(noted(app, entry)[-1][1]["cell"]) == 500


def test_the_list_behind_a_figure_is_noted(app, staff):
    entry = staff.begin(REPORT)
    before = noted(app, entry)
    cell = "/holders/total/total/total"
    filled = next(
        c for c in ("/holders/4/60-/1", "/holders/1/60-/1", cell)
        if staff.get(f"{entry}/behind?cell={c}").status_code == 200
    )  # fmt: skip
    assert [(a, d["cell"]) for a, d in noted(app, entry)[len(before) :]] == [
        ("subject.list", filled)
    ]


def test_figures_and_checks_are_not_noted(app, staff):
    """Why a figure is so names nobody; a check shows what was typed just now."""
    entry = staff.begin(REPORT)
    before = noted(app, entry)
    staff.get(f"{entry}/why?cell=/holders/1/60-/1")
    staff.post(f"{entry}/check", {"_revision": "1", "/services/devices_lent": "2"}, htmx=True)
    assert noted(app, entry) == before
