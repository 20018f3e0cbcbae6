"""The panel tells a figure's condition in words, and the other forms in which it stands."""

import re

import pytest

from runtime.definitions.plan import By, CellFill, Rule
from runtime.web.condition import condition_words
from tests.web.test_filling import REPORT, about_somebody

pytestmark = pytest.mark.databases("sqlite")


def test_the_panel_says_what_is_counted(staff):
    entry = staff.begin(REPORT)
    told = staff.get(f"{entry}/why?cell=/holders/2/18-59/2").text
    assert "Disability grade: Grade 2; Age: 18 to 59; Sex: Female; Days the disability" in told
    assert "still runs: 0 or more" in told
    staff.client.get("/account/")
    staff.post("/language", {"language": "zh-CN", "next": "/"})
    assert (
        "残疾等级：二级；周岁年龄：18至59；性别：女"
        in staff.get(f"{entry}/why?cell=/holders/2/18-59/2").text
    )


def test_the_panel_names_the_other_forms_of_a_figure_and_of_a_fact(staff, monkeypatch):
    entry = staff.begin("fire-emergency/small-premises-monthly")
    told = staff.get(f"{entry}/why?cell=/inspections/inspected").text
    assert re.search(r"<dt>Also in</dt><dd>[A-Z]+-\d+ Fire inspections, monthly list</dd>", told)
    entry = about_somebody(staff, "disabled-persons/needs-survey")
    told = staff.get(f"{entry}/why?cell=/person/name").text
    assert "Children in difficulty" in told
    assert "Needs" not in told.partition("Also in")[2]
    monkeypatch.setattr("runtime.web.also_in.MOST", 1)
    assert "and 1 more form" in staff.get(f"{entry}/why?cell=/person/name").text


def rule(where, by=()):
    return Rule(definition="d", op="count", register="resident", where=where, by=by)


@pytest.mark.parametrize(
    ("where", "words"),
    [
        (True, ""),
        ({"required": ["name"]}, "Name is known"),
        ({"properties": {"sex": {"const": "2"}}}, "Sex: Female"),
        ({"properties": {"sex": {"enum": ["1", "2"]}}}, "Sex: Male or Female"),
        ({"properties": {"age": {"maximum": 17}}}, "Age: 17 or less"),
        ({"properties": {"age": {"not": {"minimum": 3}}}}, ""),
        ({"properties": {"age": False}}, ""),
        ({"anyOf": [{"required": ["name"]}]}, ""),
    ],
)
def test_conditions_in_words(app, where, words):
    with app.test_request_context():
        assert condition_words(rule(where), CellFill("d")) == words


def test_a_total_says_nothing_of_its_breakdown(app):
    by = (By("sex", ("1", "2")), By("living_alone", ("true", "false")))
    with app.test_request_context():
        told = condition_words(rule(True, by), CellFill("d", ("total", "true")))
    assert told == "Lives alone: Yes"
