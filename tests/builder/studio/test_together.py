"""Two designers on one form see each other; what clashes is refused with both shown, and nothing is lost silently."""

from __future__ import annotations

import json
import re

import pytest

from builder.edits.spots import ChangedMeanwhile
from runtime.api import drafts, form_address
from runtime.storage.engine import reading
from tests.builder.studio.people import LI_NA, add_designer
from tests.rig.city import City

pytestmark = pytest.mark.databases("sqlite", "postgresql")
SHORT = "disabled-persons/residents-monthly"
STUDIO = f"/builder/forms/{SHORT}"
HTMX = {"HX-Request": "true"}


def known_in(page: str) -> str:
    found = re.search(r'data-known="([^"]*)"', page)
    assert found
    return found[1]


def document(city: City) -> dict:
    with reading(city.site.engine) as session:
        return json.loads(drafts.find(session, form_address(SHORT)).source)


def step(client, **posted):
    return client.post(f"{STUDIO}/steps", data=posted, headers=HTMX)


def test_they_see_each_other(city: City) -> None:
    one, two = city.client("sunli"), city.client(add_designer(city))
    assert "is here too" not in one.get(STUDIO).text
    assert "Sun Li 孙丽 is here too" in two.get(STUDIO).text
    assert f"{LI_NA} is here too" in one.get(f"{STUDIO}/here").text
    assert f"{LI_NA} is here too" in one.get(f"{STUDIO}/history").text
    assert "is here too" not in one.get("/builder/forms/disabled-persons/needs-survey").text


def test_an_open_page_is_told_once_another_has_changed_the_form(city: City) -> None:
    one, two = city.client("sunli"), city.client(add_designer(city))
    known = known_in(one.get(STUDIO).text)
    quiet = one.get(f"{STUDIO}/here", query_string={"known": known})
    assert "HX-Trigger" not in quiet.headers
    assert (
        step(two, do="set", at="", number="DPF-99", **{"was.number": "DPF-07"}).status_code == 200
    )
    told = one.get(f"{STUDIO}/here", query_string={"known": known})
    said = json.loads(told.headers["HX-Trigger"])["studio:changed"]["said"]
    assert said == f"{LI_NA} has changed this form; it is shown as it is now."
    fresh = one.get(f"{STUDIO}/fresh")
    assert 'id="canvas"' in fresh.text
    assert said in fresh.text
    assert known_in(fresh.text) != known


def test_a_step_on_an_older_page_shows_what_else_has_changed(city: City) -> None:
    one, two = city.client("sunli"), city.client(add_designer(city))
    known = known_in(one.get(STUDIO).text)
    step(two, do="label", at="services", text="Help given")
    answer = step(one, do="label", at="by-grade", text="Holders", known=known)
    assert answer.status_code == 200
    assert 'id="canvas"' in answer.text
    assert "Help given" in answer.text
    again = step(
        one, do="label", at="by-grade", text="Holders by grade", known=known_in(answer.text)
    )
    assert 'id="canvas"' not in again.text
    titles = [item["title"] for item in document(city)["layout"][:2]]
    assert titles == ["Holders by grade", "Help given"]


def test_a_step_on_a_part_that_is_gone_is_refused_with_409(city: City) -> None:
    one, two = city.client("sunli"), city.client(add_designer(city))
    one.get(STUDIO)
    assert step(two, do="remove", at="remarks").status_code == 200
    answer = step(one, do="up", at="remarks")
    assert answer.status_code == 409
    assert "no longer there" in answer.text
    assert answer.headers["HX-Reswap"] == "none"


def test_a_property_that_another_has_set_is_refused_with_both_shown(city: City) -> None:
    one, two = city.client("sunli"), city.client(add_designer(city))
    step(two, do="set", at="", number="DPF-1", **{"was.number": "DPF-07"})
    answer = step(one, do="set", at="", number="DPF-2", **{"was.number": "DPF-07"})
    assert answer.status_code == 409
    for said in ("DPF-1", "DPF-2"):
        assert said in answer.text
    assert document(city)["number"] == "DPF-1"
    was = re.search(r'id="was-n--\d+" name="was.number" value="DPF-1"', answer.text)
    assert was, "so that it can be set again"
    again = step(one, do="set", at="", number="DPF-2", **{"was.number": "DPF-1"})
    assert again.status_code == 200
    assert document(city)["number"] == "DPF-2"


def test_what_cannot_be_done_at_all_is_not_a_clash(city: City) -> None:
    assert step(city.client("sunli"), do="dance", at="").status_code == 422


def test_undo_takes_back_only_what_the_designer_did(city: City) -> None:
    one, two = city.client("sunli"), city.client(add_designer(city))
    step(one, do="label", at="services", text="First")
    step(two, do="label", at="services", text="Second")
    answer = step(one, do="undo")
    assert answer.status_code == 409
    assert document(city)["layout"][1]["title"] == "Second"


def test_a_clash_is_a_refusal() -> None:
    assert issubclass(ChangedMeanwhile, ValueError)
