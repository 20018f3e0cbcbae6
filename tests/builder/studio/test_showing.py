"""A condition is composed in the panel by choosing, kept as one step, and said; nothing typed is lost on the way."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from builder.edits.spots import schema_path
from runtime.api import drafts, loads, reading
from tests.rig.city import City

pytestmark = pytest.mark.databases("sqlite")
NEEDS = "/builder/forms/disabled-persons/needs-survey"
HX = {"HX-Request": "true"}
CONTACT = "@/living/emergency_contact"


def document(city: City, form: str = "disabled-persons/needs-survey") -> Any:
    """The form's draft."""
    address = f"https://yibiao.example/defs/forms/{form}.json"
    with reading(city.site.engine) as session:
        return loads(drafts.text_of(session, city.site.library, address))


def key_of(client: Any, title: str, base: str = NEEDS) -> str:
    """The key of the part of that title."""
    html = unescape(client.get(base).text)
    found = re.search(rf'data-key="([^"]*)"[^>]*data-title="{re.escape(title)}"', html)
    assert found, title
    return found[1]


def test_the_panel_says_the_rules_of_the_picked_part(city: City) -> None:
    client = city.client("sunli")
    key = key_of(client, "Emergency contact")
    html = client.get(f"{NEEDS}/part", query_string={"at": key}).text
    assert "Shown when" in html
    assert "lives alone is yes" in html


def test_a_condition_is_composed_drawn_anew_and_kept(city: City) -> None:
    client = city.client("sunli")
    key = key_of(client, "Guardian")
    opened = client.get(f"{NEEDS}/part", query_string={"at": key, "tool": "shown"}).text
    assert 'name="rule.mode"' in opened
    post = {"do": "shown-when", "at": key, "was": "{}", "rule.mode": "all"}
    drawn = client.post(f"{NEEDS}/steps", data={**post, "rule.do": "add:"}, headers=HX)
    assert drawn.headers["HX-Retarget"] == "#bench"
    assert 'name="rule.0.field"' in drawn.text
    post |= {"rule.0.field": "living/living_alone"}
    wrong = client.post(f"{NEEDS}/steps", data=post, headers=HX)
    assert "Choose a value" in wrong.text
    post |= {"rule.0.test": "is", "rule.0.value": "true"}
    done = client.post(f"{NEEDS}/steps", data=post, headers=HX)
    assert "is shown when lives alone is yes" in done.text
    path = schema_path(document(city), "/living/guardian_name")
    assert "then" in path
    undone = client.post(f"{NEEDS}/steps", data={"do": "undo", "at": key}, headers=HX)
    assert "is always shown" in undone.text


def test_without_javascript_what_is_not_complete_stays_on_the_page(city: City) -> None:
    client = city.client("sunli")
    key = key_of(client, "Guardian")
    post = {
        "do": "shown-when",
        "at": key,
        "was": "{}",
        "rule.mode": "all",
        "rule.0.field": "living/living_alone",
    }
    page = client.post(f"{NEEDS}/steps", data=post)
    assert page.status_code == 200
    assert 'id="canvas"' in page.text
    assert "Choose a value" in page.text
    kept = client.post(f"{NEEDS}/steps", data={**post, "rule.0.test": "is", "rule.0.value": "true"})
    assert kept.status_code == 302


def test_needed_only_when(city: City) -> None:
    client = city.client("sunli")
    key = key_of(client, "Guardian")
    post = {
        "do": "needed-when", "at": key, "was": "{}", "rule.mode": "all",
        "rule.0.field": "living/living_alone", "rule.0.test": "is", "rule.0.value": "true",
    }  # fmt: skip
    done = client.post(f"{NEEDS}/steps", data=post, headers=HX)
    assert "is needed only when lives alone is yes" in done.text
    assert {"required": ["guardian_name"]} in [
        b.get("then") for b in document(city)["properties"]["living"].get("allOf", [])
    ] or "guardian_name" in document(city)["properties"]["living"]["then"]["required"]


def test_what_somebody_else_has_set_meanwhile_is_not_written_over(city: City) -> None:
    client = city.client("sunli")
    key = key_of(client, "Emergency contact")
    post = {"do": "shown-when", "at": key, "was": "{}", "rule.mode": "all"}
    assert "Somebody else" in client.post(f"{NEEDS}/steps", data=post, headers=HX).text


def test_who_may_only_look_sees_the_sentence(city: City) -> None:
    client = city.client("sunli")
    base = "/builder/forms/veterans-affairs/household-visit"
    key = key_of(client, "Situation", base)
    html = client.get(f"{base}/part", query_string={"at": key, "tool": "shown"}).text
    assert "met at home is yes" in html
    assert "Keep it" not in html


def test_other_changes_beside_conditions_are_said_as_before(city: City) -> None:
    client = city.client("sunli")
    key = key_of(client, "Emergency contact")
    post = {"do": "set", "at": key, "title.en": "Whom to call", "was.title.en": ""}
    done = client.post(f"{NEEDS}/steps", data=post, headers=HX)
    assert "set the title of “Whom to call” to “Whom to call”" in done.text
    assert "allOf" not in done.text


def test_a_condition_is_taken_back_though_another_was_set_beside_it(city: City) -> None:
    client, other = city.client("sunli"), city.client("sunli")
    keys = [key_of(client, title) for title in ("Guardian", "Guardian's phone")]
    row = {
        "rule.mode": "all",
        "rule.0.test": "is",
        "rule.0.value": "true",
        "do": "shown-when",
        "was": "{}",
    }
    fields = ["living/living_alone", "needs/rehabilitation/wanted"]
    for key, field in zip(keys, fields, strict=True):
        other.post(f"{NEEDS}/steps", data={**row, "at": key, "rule.0.field": field}, headers=HX)
    living = document(city)["properties"]["living"]
    assert "then" in schema_path(document(city), "/living/guardian_name")
    assert living
    for key in keys[::-1]:
        client.post(f"{NEEDS}/steps", data={"do": "undo", "at": key}, headers=HX)
    assert "then" not in schema_path(document(city), "/living/guardian_name")
    assert "then" not in schema_path(document(city), "/living/guardian_phone")
