"""What a cell or list is filled from is chosen in the panel: every way, with what is missing said, kept as one step."""

from __future__ import annotations

from json import loads
from typing import Any

import pytest

from builder.edits.spots import find, schema_at
from runtime.api import drafts, reading
from runtime.judging import judge
from tests.builder.studio.test_showing import HX, document, key_of
from tests.rig.city import City

pytestmark = pytest.mark.databases("sqlite")
FORM = "disabled-persons/residents-monthly"
BASE = f"/builder/forms/{FORM}"


class Desk:
    """A designer at the form, with cells of the own put on it."""

    def __init__(self, city: City) -> None:
        self.city, self.client = city, city.client("sunli")

    def send(self, **data: Any) -> Any:
        return self.client.post(f"{BASE}/steps", data=data, headers=HX)

    def add(self, what: str) -> str:
        """The key of the new part."""
        answer = self.send(do="add", at="", what=what)
        assert "HX-Trigger-After-Settle" in answer.headers, answer.text
        return str(loads(answer.headers["HX-Trigger-After-Settle"])["studio:done"]["at"])

    def pointer(self, key: str) -> str:
        return key[1:] if key.startswith("@") else find(self.document, key).item["at"]

    @property
    def document(self) -> Any:
        return document(self.city, FORM)

    def fill(self, key: str, way: str, **more: Any) -> Any:
        """Keep a fill; the cell's schema after it."""
        self.said = self.send(do="filled-from", at=key, way=way, **more).text
        return schema_at(self.document, self.pointer(key))

    def problems(self) -> list[str]:
        address = f"https://yibiao.example/defs/forms/{FORM}.json"
        with reading(self.city.site.engine) as session:
            text = drafts.text_of(session, self.city.site.library, address)
        judged = judge(self.city.site.library, address, text)
        return [p.message for p in judged.problems if p.severity == "error"]


@pytest.fixture
def desk(city: City) -> Desk:
    return Desk(city)


@pytest.mark.parametrize(
    ("what", "way", "more", "keywords"),
    [
        ("type:integer", "carry", {}, {"fill": {"carry": True}}),
        (
            "type:integer",
            "carry",
            {"cell": "/services/visited"},
            {"fill": {"carry": "/services/visited"}},
        ),
        ("type:text", "unit", {"unit": "code"}, {"fill": {"unit": "code"}}),
        (
            "type:integer",
            "worked",
            {"operation": "sum", "operand": ["/services/visited", "/holders/total/total/total"]},
            {"readOnly": True, "totalOf": ["1/services/visited", "1/holders/total/total/total"]},
        ),
        (
            "type:decimal",
            "worked",
            {
                "operation": "percent",
                "operand": ["/services/visited", "/holders/total/total/total"],
            },
            {
                "digits": 2,
                "fill": {
                    "formula": "=ROUND(visited/total*100, 2)",
                    "cells": {
                        "visited": "1/services/visited",
                        "total": "1/holders/total/total/total",
                    },
                },
            },
        ),
        (
            "type:decimal",
            "formula",
            {"formula": "=IF(visited>0, visited*2, 0)"},
            {
                "fill": {
                    "formula": "=IF(visited>0, visited*2, 0)",
                    "cells": {"visited": "1/services/visited"},
                }
            },
        ),
        (
            "part:rows",
            "list",
            {
                "register": "resident",
                "on": "birth_date",
                "order": ["name", ""],
                "rule.mode": "all",
                "rule.0.field": "age",
                "rule.0.test": "at-least",
                "rule.0.value": "60",
            },
            {
                "fill": {
                    "list": "resident",
                    "on": "birth_date",
                    "order": ["name"],
                    "where": {
                        "type": "object",
                        "properties": {"age": {"minimum": 60}},
                        "required": ["age"],
                    },
                }
            },
        ),
        ("part:rows", "list", {"register": "venue"}, {"fill": {"list": "venue"}}),
    ],
)
def test_every_way_is_kept_said_and_taken_away(
    desk: Desk, what: str, way: str, more: dict[str, Any], keywords: dict[str, Any]
) -> None:
    key = desk.add(what)
    before = schema_at(desk.document, desk.pointer(key))
    schema = desk.fill(key, way, **more)
    assert {k: schema[k] for k in keywords} == keywords, desk.said
    assert "is filled:" in desk.said
    assert desk.problems() == []
    panel = desk.client.get(f"{BASE}/part", query_string={"at": key, "tool": "filled"}).text
    assert f'<option value="{way}" selected>' in panel
    again = desk.fill(key, "typed")
    assert {k: v for k, v in again.items() if k != "digits"} == {
        k: v for k, v in before.items() if k != "digits"
    }


@pytest.mark.parametrize(
    ("what", "way", "more", "words"),
    [
        ("type:integer", "carry", {"cell": "/gone"}, "Choose a cell of the same kind"),
        ("type:text", "unit", {"unit": "head"}, "Choose what of the unit"),
        (
            "type:decimal",
            "worked",
            {"operation": "ratio", "operand": ["/services/visited"]},
            "Choose the cells",
        ),
        (
            "type:decimal",
            "worked",
            {"operation": "sum", "operand": ["/nowhere"]},
            "Choose number cells",
        ),
        ("type:decimal", "formula", {"formula": "=visitted*2"}, "There is no cell named visitted"),
        ("type:decimal", "formula", {"formula": "=SYSTEM(1)"}, "may not be used in a formula"),
        ("type:decimal", "formula", {"formula": "=1+1"}, "names no cell"),
        ("part:rows", "list", {"register": ""}, "Choose a register"),
        ("part:rows", "list", {"register": "resident", "on": "name"}, "Choose a date"),
        (
            "part:rows",
            "list",
            {"register": "resident", "order": ["gone"]},
            "Choose fields of this register",
        ),
        (
            "part:rows",
            "list",
            {"register": "resident", "rule.mode": "all", "rule.0.field": "age"},
            "Type a value",
        ),
        ("type:text", "worked", {}, "Choose where it is filled from"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(
    desk: Desk, what: str, way: str, more: dict[str, Any], words: str
) -> None:
    key = desk.add(what)
    before = desk.document
    desk.fill(key, way, **more)
    assert words in desk.said
    assert desk.document == before


def test_choosing_only_draws_anew_and_keeps_what_was_chosen(desk: Desk) -> None:
    key = desk.add("type:decimal")
    drawn = desk.send(do="filled-from", at=key, shown="typed", way="worked").text
    assert 'name="operand"' in drawn
    more = {
        "shown": "worked",
        "way": "worked",
        "operation": "sum",
        "operand": ["/services/visited"],
    }
    drawn = desk.send(do="filled-from", at=key, **more, **{"fill.do": "add"}).text
    assert drawn.count('name="operand"') == 2
    assert '<option value="/services/visited" selected>' in drawn
    drawn = desk.send(do="filled-from", at=key, **more, **{"fill.do": "remove:0"}).text
    assert '<option value="/services/visited" selected>' not in drawn
    rows = desk.add("part:rows")
    more = {
        "shown": "list",
        "way": "list",
        "register": "venue",
        "register.was": "resident",
        "order": ["name"],
        "rule.mode": "all",
        "rule.0.field": "age",
        "fill.do": "look",
    }
    drawn = desk.send(do="filled-from", at=rows, **more).text
    assert 'name="rule.0.field"' not in drawn
    assert "fire inspection" in drawn


def test_what_the_dictionary_fills_is_only_said(desk: Desk) -> None:
    key = key_of(desk.client, "Holders visited at home", BASE)
    html = desk.client.get(f"{BASE}/part", query_string={"at": key, "tool": "filled"}).text
    assert "count residents whose last home visit lies in the period" in html
    assert 'name="way"' not in html
    assert "cannot be chosen here" in desk.send(do="filled-from", at=key, way="typed").text


def test_two_designers_do_not_write_over_each_other(desk: Desk) -> None:
    key = desk.add("type:integer")
    desk.fill(key, "carry", was="{}")
    desk.fill(key, "typed", was="{}")
    assert "Somebody else" in desk.said
