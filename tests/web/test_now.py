"""What has changed in the registers since a report was filled: told on its page, taken with one tap."""

import re
from datetime import timedelta

import pytest

from runtime import clock
from runtime.definitions.compile import compile_form
from runtime.entry.versions import publish_version
from runtime.storage.engine import writing
from tests.rig import FIXED_NOW
from tests.web.learning import regrade
from tests.web.test_filling import DEVICES, REPORT, FormReader, sent

pytestmark = pytest.mark.databases("sqlite")
HTMX = {"HX-Request": "true"}
TAKE = re.compile(r'name="_do" value="take (/holders/[^"]+)"')


@pytest.fixture
def site(app):
    return app.extensions["yibiao"]


def grade_cells(visitor, grade):
    """The sum of the cells of that grade on the page."""
    cells = dict(FormReader(visitor.page).sent)
    return sum(int(v or 0) for n, v in cells.items() if n.startswith(f"/holders/{grade}/"))


def test_a_page_tells_what_differs_without_applying_it(staff, site):
    entry = staff.begin(REPORT)
    staff.get(entry)
    before = FormReader(staff.page).sent[1:]  # without the token
    assert staff.get(entry + "/now", headers=HTMX).text.count("take /holders") == 0
    old, new = regrade(site)
    told = staff.get(entry + "/now", headers=HTMX)
    assert {p.split("/")[2] for p in TAKE.findall(told.text)} == {old, new}
    assert "2 filled values have changed since." in told.text
    assert "2 to check" in told.text
    assert "yibiao:told" in told.headers["HX-Trigger-After-Settle"]
    staff.get(entry)
    assert FormReader(staff.page).sent[1:] == before


def test_one_tap_takes_a_value_and_saves_what_was_typed_beside_it(staff, site):
    entry = staff.begin(REPORT)
    old, new = regrade(site)
    staff.get(entry + "/now", headers=HTMX)
    page = staff.get(entry).text
    taken = next(p for p in TAKE.findall(page) if p.split("/")[2] == new)
    was = grade_cells(staff, new)
    answer = staff.post(entry, sent(staff, **{DEVICES: "4"}) | {"_do": f"take {taken}"})
    assert answer.status_code == 303
    page = staff.get(answer.location.partition("#")[0]).text
    assert grade_cells(staff, new) == was + 1
    assert dict(FormReader(page).sent)[DEVICES] == "4"
    assert {p.split("/")[2] for p in TAKE.findall(page)} == {old}
    staff.get(entry + "/now", headers=HTMX)
    assert "1 to check" in staff.get(entry).text


def test_all_are_taken_at_once_and_a_wrong_value_stops_it(staff, site):
    entry = staff.begin(REPORT)
    regrade(site)
    staff.get(entry + "/now", headers=HTMX)
    staff.get(entry)
    assert staff.post(entry, sent(staff, **{DEVICES: "x"}) | {"_do": "take-all"}).status_code == 422
    assert "take /holders" in staff.get(entry).text
    staff.post(entry, sent(staff, **{DEVICES: "1"}) | {"_do": "take-all"})
    assert "take /holders" not in staff.get(entry).text
    assert "what the registers say now" in staff.get(entry + "/now").text


def test_without_scripts_a_page_lists_the_differences_and_takes_them(staff, site):
    entry = staff.begin(REPORT)
    assert f"{entry}/now" in staff.get(entry).text
    regrade(site)
    page = staff.get(entry + "/now").text
    cell = re.search(r'name="cell" value="(/holders/[^"]+)"', page)[1]
    answer = staff.post(entry + "/refill", {"cell": cell, "back": "now"})
    assert answer.location == entry + "/now"
    page = staff.get(answer.location).text
    assert "The filled value is back." in page
    assert cell not in page
    assert staff.post(entry + "/refill", {"back": "https://elsewhere"}).location.startswith(entry)


def test_both_reports_of_differences_tell_the_change_behind_each(staff, site):
    entry = staff.begin(REPORT)
    with clock.fixed(FIXED_NOW + timedelta(minutes=5)):
        regrade(site)
    for page in (staff.get(entry + "/now").text, staff.get(entry + "/review").text):
        assert page.count('</strong></td><td class="because">20 Oct') == 2


def test_a_check_of_another_cell_keeps_telling_the_difference(staff, site):
    entry = staff.begin(REPORT)
    regrade(site)
    staff.get(entry + "/now", headers=HTMX)
    staff.get(entry)
    revision = dict(FormReader(staff.page).sent)["_revision"]
    told = staff.post(entry + "/check", {DEVICES: "4", "_revision": revision}, htmx=True)
    assert "2 to check" in told.text


def test_a_form_without_filled_cells_is_not_looked_up(staff, site):
    publish_plain(site)
    entry = staff.begin("test/plain", "202610")
    page = staff.get(entry).text
    assert 'hx-trigger="load"' not in page


def publish_plain(site):
    """A report of which nothing is known beforehand."""
    plain = {
        "$id": "https://yibiao.example/defs/forms/test/plain.json",
        "$schema": "https://yibiao.example/defs/schemas/form.json",
        "title": "Plain",
        "department": "fire-emergency",
        "frequency": "monthly",
        "level": ["community"],
        "type": "object",
        "properties": {"remarks": {"title": "Remarks", "type": "string"}},
    }
    with writing(site.engine) as session:
        publish_version(session, compile_form(plain), "{}")


def test_in_a_table_no_source_stands_under_a_figure_that_is_told_anew(staff):
    entry = staff.begin(REPORT)
    staff.get(entry)
    cell, was = next(p for p in FormReader(staff.page).sent if p[0].startswith("/holders/"))
    staff.post(entry + "/draft", {"_revision": "1", cell: "50"}, htmx=True)
    told = staff.post(entry + "/check", {"_revision": "2", cell: was}, htmx=True).text
    says = re.search(r'<p class="says" id="c-holders-[^"]+"[^>]*>(.*?)</p>', told)
    assert says[1] == ""
