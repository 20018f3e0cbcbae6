"""What a page is told by htmx after a cell was typed."""

import json
import re

import pytest

from tests.web.test_present import colleague

pytestmark = pytest.mark.databases("sqlite")
DEVICES = "/services/devices_lent"


@pytest.fixture
def entry(staff):
    return staff.begin("disabled-persons/residents-monthly")


def told(answer):
    return json.loads(answer.headers["HX-Trigger-After-Settle"])["yibiao:told"]


def test_one_cell_is_checked_by_itself(staff, entry):
    answer = staff.post(entry + "/check", {"_revision": "1", DEVICES: "abc"}, htmx=True)
    assert told(answer)["cells"]["c-services-devices__lent"] == ["wrong", 1, "abc"]
    assert "is not a number" in answer.text
    assert "<form" not in answer.text
    assert answer.text.count("hx-swap-oob") == answer.text.count(' id="') - inner_ids(answer.text)
    assert "2 to type" in staff.get(entry).text  # nothing was saved


def inner_ids(text):
    """Ids within pieces: of the next thing to do, of the problem links, of what the reasons hold."""
    return len(re.findall(r' id="(?:next-go|reasons-title|[^"]+-reason)"', text))


def test_a_figure_changes_its_totals(staff, entry):
    cell = "/holders/1/0-17/1"
    page = staff.get(entry).text
    was = int(re.search(r'id="c-holders-1-0_2d_17-1"[^>]* value="(\d+)"', page)[1])
    whole = int(re.search(r'id="c-holders-1-total-total-value"[^>]*>(\d+)<', page)[1])
    answer = staff.post(entry + "/check", {"_revision": "1", cell: "50"}, htmx=True)
    cells = told(answer)["cells"]
    assert cells["c-holders-1-0_2d_17-1"][0] == "check"
    assert (
        f'id="c-holders-1-total-total-value" hx-swap-oob="true">{whole - was + 50}<' in answer.text
    )
    assert f'name="_reason{cell}"' in answer.text


def test_the_question_why_is_drawn_anew_for_another_value(staff, entry):
    """A piece of the same shape as what stands on the page is left as it is."""
    cell = "/holders/1/0-17/1"

    def shape(value):
        answer = staff.post(entry + "/check", {"_revision": "1", cell: value}, htmx=True)
        assert f"why {value} and not" in answer.text
        return re.search(r'id="reasons"[^>]*data-shape="([^"]*)"', answer.text)[1]

    assert shape("50") == shape("50")
    assert shape("50") != shape("51")


def test_the_draft_saves_itself_with_the_time(staff, entry):
    answer = staff.post(entry + "/draft", {"_revision": "1", DEVICES: "4"}, htmx=True)
    assert "Saved 09:30" in answer.text
    assert 'id="revision" value="2"' in answer.text
    assert "1 to type" in staff.get(entry).text


def test_a_part_appears_and_goes_as_its_condition_says(staff):
    entry = staff.begin("fire-emergency/inspection-list")
    gone = staff.post(entry + "/check", {"_revision": "1", "/inspected": "0"}, htmx=True)
    assert re.search(r'<div [^>]*id="r-[^"]+" hx-swap-oob="true" data-shape', gone.text)
    assert 'value="add /team"' not in gone.text
    staff.post(entry + "/draft", {"_revision": "1", "/inspected": "0"}, htmx=True)
    again = staff.post(entry + "/check", {"_revision": "2", "/inspected": "2"}, htmx=True)
    assert 'value="add /team"' in again.text


def test_rows_are_added_in_place_and_take_the_focus(staff):
    entry = staff.begin("fire-emergency/inspection-list")
    staff.post(entry + "/draft", {"_revision": "1", "/inspected": "2"}, htmx=True)
    page = staff.get(entry).text
    place = re.search(r'value="add (/[^"]+)"', page)[1]
    data = {"_revision": "2", "_do": f"add {place}"}
    answer = staff.post(entry + "/draft", data, htmx=True)
    assert told(answer)["focus"].endswith("-0-row")
    assert f'value="remove {place}/0"' in answer.text


def test_a_draft_that_clashes_says_so_and_saves_nothing(staff, visitor, entry):
    other = colleague(visitor)
    other.get(entry)
    other.post(entry + "/draft", {"_revision": "1", DEVICES: "4"}, htmx=True)
    answer = staff.post(entry + "/draft", {"_revision": "1", DEVICES: "9"}, htmx=True)
    assert answer.status_code == 200
    assert "Somebody else has changed" in answer.text
    assert 'value="4"' in staff.get(entry).text


def test_whoever_is_signed_out_meanwhile_is_told(staff, entry):
    staff.client.delete_cookie("yibiao")
    answer = staff.post(entry + "/draft", {"_revision": "1", DEVICES: "4"}, htmx=True)
    assert answer.status_code == 400


def test_the_panel_is_a_piece_and_a_page(staff, entry):
    address = f"{entry}/why?cell={DEVICES}"
    assert "<html" in staff.get(address).text
    piece = staff.get(address, headers={"HX-Request": "true"}).text
    assert "<html" not in piece
    assert "Why" in piece


def test_checks_that_follow_each_other_each_tell_all_that_differs(staff, entry):
    first = staff.post(entry + "/check", {"_revision": "1", DEVICES: "abc"}, htmx=True)
    staff.post(entry + "/check", {"_revision": "1", DEVICES: "7"}, htmx=True)
    again = staff.post(entry + "/check", {"_revision": "1", DEVICES: "abc"}, htmx=True)
    assert again.text == first.text
    assert told(again) == told(first)


def test_a_check_after_a_save_is_against_what_was_saved(staff, entry):
    staff.post(entry + "/check", {"_revision": "1", DEVICES: "7"}, htmx=True)
    staff.post(entry + "/draft", {"_revision": "1", DEVICES: "4"}, htmx=True)
    answer = staff.post(entry + "/check", {"_revision": "2", DEVICES: "4"}, htmx=True)
    assert told(answer)["cells"]["c-services-devices__lent"][2] == "4"
    assert "1 to type" in answer.text
