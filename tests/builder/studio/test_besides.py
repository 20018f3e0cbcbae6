"""What a group has beside its named cells, choices between shapes and members of any name, stands on the canvas too."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.builder.studio.test_source import STUDIO, Typing
from tests.rig.city import City

pytestmark = pytest.mark.databases(quick=["sqlite"])
SHAPES = [
    {"title": "By card", "properties": {"card": {"type": "string", "title": "Card number"}}},
    {"title": "In cash", "properties": {"till": {"type": "string", "title": "Till"}}},
]
AMOUNT = {"amount": {"type": "number", "title": "Amount"}}
PAY: dict[str, Any] = {"type": "object", "title": "Payment", "properties": AMOUNT}


def _canvas(city: City, more: dict[str, Any], step: str = "") -> str:
    """The canvas of a form that has more than the shipped one, as a page or as what is exchanged after a step."""
    one = Typing(city)
    form = json.loads(one.text)
    properties = form["properties"] | more.pop("properties", {})
    assert one.type(json.dumps(form | more | {"properties": properties})).status_code == 200
    if step:
        posted = {"do": "label", "at": step, "text": "Paid"}
        return one.client.post(f"{STUDIO}/steps", data=posted, headers={"HX-Request": "true"}).text
    return one.client.get(STUDIO).text


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
@pytest.mark.parametrize("step", ["", "@/pay"])
def test_a_group_shows_the_choice_between_its_shapes(city: City, keyword: str, step: str) -> None:
    page = _canvas(city, {"properties": {"pay": {**PAY, keyword: SHAPES}}}, step)
    assert "Amount" in page
    assert page.count("By card") == page.count("In cash") == 1
    assert "change it in the JSON" in page


def test_a_choice_is_drawn_where_the_layout_places_it(city: City) -> None:
    page = _canvas(city, {"properties": {"who": {"title": "Who pays", "oneOf": SHAPES}}})
    assert "Who pays" in page
    assert "By card" in page
    assert "cannot be drawn" not in page


def test_the_form_itself_may_be_a_choice(city: City) -> None:
    page = _canvas(city, {"anyOf": SHAPES})
    assert "By card" in page.partition('id="canvas"')[2].partition('id="panel"')[0]


@pytest.mark.parametrize(
    "more",
    [
        {"patternProperties": {"^x-": {"type": "string"}}},
        {"additionalProperties": {"type": "string"}},
        {"unevaluatedProperties": {"type": "string"}},
    ],
    ids=lambda more: next(iter(more)),
)
def test_members_of_any_name_are_shown(city: City, more: dict[str, Any]) -> None:
    page = _canvas(city, {"properties": {"pay": PAY | more}})
    assert "Name of a new row" in page
    assert page.count('class="beside"') == 1


def test_nothing_stands_beside_what_is_all_named(city: City) -> None:
    assert 'class="beside"' not in _canvas(city, {"properties": {"pay": PAY}})


def test_the_shipped_survey_shows_who_answered(city: City) -> None:
    page = city.client("sunli").get("/builder/forms/disabled-persons/needs-survey").text
    assert "Who answered" in page
    assert "A guardian or relative" in page
    assert "cannot be drawn" not in page


ELSEWHERE = {
    "$defs": {
        "plate": {"type": "object", "properties": {"plate": {"type": "string", "title": "Plate"}}}
    }
}


def test_what_a_reference_brings_into_the_form_is_shown(city: City) -> None:
    page = _canvas(city, {**ELSEWHERE, "allOf": [{"$ref": "#/$defs/plate"}]})
    assert "Plate" in page.partition('id="canvas"')[2].partition('id="panel"')[0]


@pytest.mark.parametrize("reference", ["#/$defs/plate", "#/properties/spare"])
def test_a_part_that_refers_within_the_form_is_drawn_after_a_step_too(
    city: City, reference: str
) -> None:
    properties = {"car": {"$ref": reference}, "spare": ELSEWHERE["$defs"]["plate"]}
    drawn = _canvas(city, {**ELSEWHERE, "properties": properties}, "@/car")
    assert "cannot be drawn" not in drawn
    assert "Plate" in drawn
