"""A field, an indicator or a code that becomes another: every reference follows, and nothing else changes."""

from __future__ import annotations

from typing import Any

from runtime.definitions.address import BASE
from runtime.definitions.moves import Move, move_of, moved

RESIDENT = f"{BASE}dictionary/resident.json"
GROUP = f"{BASE}indicators/elderly.json"
FORM = f"{BASE}forms/civil-affairs/one.json"
GRADE = f"{BASE}code-lists/grade.json"
KNOWN: dict[str, Any] = {
    RESIDENT: {
        "title": "Residents",
        "type": "object",
        "identity": [["number"], ["name", "birth"]],
        "label": ["name"],
        "place": ["address"],
        "required": ["birth"],
        "allOf": [
            {
                "if": {"properties": {"grade": {"const": "1"}}, "required": ["grade"]},
                "then": {"required": ["birth"]},
            }
        ],
        "properties": {
            "name": {"type": "string", "title": "birth"},
            "number": {"type": "string"},
            "birth": {
                "type": "string",
                "format": "date",
                "fromNumber": {"field": "number", "part": "birthDate"},
            },
            "grade": {"$ref": "../code-lists/grade.json"},
        },
        "derive": {"age": {"type": "integer", "rule": {"whole": "years", "since": "birth"}}},
    },
    GROUP: {
        "title": "Older people",
        "properties": {
            "old": {
                "fill": {
                    "count": "resident",
                    "on": "birth",
                    "where": {
                        "properties": {"grade": {"enum": ["1", "2"]}, "birth": True},
                        "required": ["grade", "birth"],
                    },
                },
                "by": ["grade"],
            },
            "other": {
                "fill": {"count": "household", "on": "birth", "where": {"required": ["birth"]}}
            },
            "share": {"fill": {"ratio": ["#/properties/old", "#/properties/other"]}},
            "sum": {"fill": {"formula": "=old+other"}},
        },
    },
    FORM: {
        "title": "One",
        "type": "object",
        "properties": {
            "born": {"$ref": "../../dictionary/resident.json#/properties/birth"},
            "grade": {"$ref": "../../dictionary/resident.json#/properties/grade"},
            "old": {"$ref": "../../indicators/elderly.json#/properties/old"},
            "first": {"$ref": "../../indicators/elderly.json#/properties/old/properties/1"},
            "birth": {"type": "string"},
            "rows": {
                "type": "array",
                "fill": {"list": "resident", "where": {"required": ["birth"]}, "order": ["birth"]},
            },
        },
        "required": ["birth"],
        "if": {"properties": {"grade": {"const": "2"}}, "required": ["grade"]},
        "layout": [
            {
                "id": "t",
                "kind": "crossTable",
                "at": "/old",
                "rows": {"by": ["grade"], "total": ["grade"]},
            },
            {"id": "c", "kind": "cell", "at": "/birth"},
        ],
    },
    GRADE: {"type": "string", "oneOf": [{"const": "1"}, {"const": "2"}]},
}


def _moved(address: str, move: Move) -> Any:
    return moved(KNOWN[address], address, [move], KNOWN)


BIRTH = Move(f"{RESIDENT}#/properties/birth", f"{RESIDENT}#/properties/born_on")


def test_a_register_follows_in_all_its_words() -> None:
    found = _moved(RESIDENT, BIRTH)
    assert found["identity"] == [["number"], ["name", "born_on"]]
    assert found["required"] == ["born_on"]
    assert found["allOf"][0]["then"] == {"required": ["born_on"]}
    assert found["derive"]["age"]["rule"]["since"] == "born_on"
    assert found["label"] == ["name"]
    assert found["properties"] == KNOWN[RESIDENT]["properties"]


def test_rules_of_that_register_follow_and_those_of_others_do_not() -> None:
    found = _moved(GROUP, BIRTH)["properties"]
    assert found["old"]["fill"]["on"] == "born_on"
    assert found["old"]["fill"]["where"]["required"] == ["grade", "born_on"]
    assert found["other"] == KNOWN[GROUP]["properties"]["other"]


def test_a_form_follows_in_references_lists_and_tables_and_keeps_its_own_names() -> None:
    found = _moved(FORM, BIRTH)
    assert (
        found["properties"]["born"]["$ref"] == "../../dictionary/resident.json#/properties/born_on"
    )
    assert found["properties"]["rows"]["fill"]["order"] == ["born_on"]
    assert found["required"] == ["birth"]
    assert found["layout"][1] == {"id": "c", "kind": "cell", "at": "/birth"}
    grade = Move(f"{RESIDENT}#/properties/grade", f"{RESIDENT}#/properties/degree")
    table = _moved(FORM, grade)["layout"][0]
    assert table["rows"] == {"by": ["degree"], "total": ["degree"]}


def test_an_indicator_follows_with_its_cells_and_in_formulas() -> None:
    old = Move(f"{GROUP}#/properties/old", f"{GROUP}#/properties/elder")
    form = _moved(FORM, old)["properties"]
    assert form["old"]["$ref"].endswith("#/properties/elder")
    assert form["first"]["$ref"].endswith("#/properties/elder/properties/1")
    group = _moved(GROUP, old)["properties"]
    assert group["share"]["fill"]["ratio"][0] == "#/properties/elder"
    assert group["sum"]["fill"] == {"formula": "=old+other", "cells": {"old": "#/properties/elder"}}


def test_a_code_follows_in_conditions_of_fields_that_have_the_list() -> None:
    code = Move("2", "1", GRADE)
    assert _moved(GROUP, code)["properties"]["old"]["fill"]["where"]["properties"]["grade"] == {
        "enum": ["1"]
    }
    assert _moved(FORM, code)["if"]["properties"]["grade"] == {"const": "1"}
    assert _moved(RESIDENT, Move("1", "2", GRADE))["allOf"][0]["if"]["properties"]["grade"] == {
        "const": "2"
    }


def test_what_is_not_concerned_is_the_same_object() -> None:
    other = Move(f"{RESIDENT}#/properties/phone", f"{RESIDENT}#/properties/telephone")
    for address, document in KNOWN.items():
        assert _moved(address, other) is document


def test_both_names_asked_of_become_both_conditions_on_one() -> None:
    where = {"properties": {"a": {"minimum": 1}, "b": {"maximum": 3}}, "required": ["a", "b"]}
    group = {"properties": {"x": {"fill": {"count": "resident", "where": where}}}}
    move = Move(f"{RESIDENT}#/properties/a", f"{RESIDENT}#/properties/b")
    found = moved(group, GROUP, [move], KNOWN)["properties"]["x"]["fill"]["where"]
    assert found == {
        "properties": {"b": {"minimum": 1}},
        "required": ["b"],
        "allOf": [{"properties": {"b": {"maximum": 3}}}],
    }


def test_a_move_is_kept_as_data() -> None:
    for move in (BIRTH, Move("2", "1", GRADE)):
        assert move_of(move.kept()) == move
