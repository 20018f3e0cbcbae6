"""Hidden cells: kept, dropped on submit, dropped at once; nothing else is ever dropped."""

import pytest

from runtime.definitions.compile import compile_form
from runtime.entry.hidden import for_submit, without_dropped

PLAN = compile_form(
    {
        "type": "object",
        "properties": {"kind": {"enum": ["a", "b"]}},
        "if": {"properties": {"kind": {"const": "a"}}, "required": ["kind"]},
        "then": {
            "properties": {
                "kept": {"type": "string", "whenHidden": "keep"},
                "late": {"type": "string"},
                "soon": {"type": "string", "whenHidden": "dropAtOnce"},
                "group": {"type": "object", "properties": {"x": {"type": "string"}}},
            }
        },
    }
)
DATA = {"kept": "1", "late": "2", "soon": "3", "group": {"x": "4"}, "unknown": 5}


@pytest.mark.parametrize(
    ("kind", "at_once", "on_submit"),
    [
        ("a", DATA, DATA),
        ("b", {**DATA, "soon": None}, {"kept": "1", "unknown": 5}),
    ],
)
def test_rules(kind, at_once, on_submit):
    data = {"kind": kind, **DATA}
    wanted = {k: v for k, v in at_once.items() if v is not None}
    assert without_dropped(PLAN, data, {}, "dropAtOnce") == {"kind": kind, **wanted}
    assert for_submit(PLAN, data) == {"kind": kind, **on_submit}


CHOICE = compile_form(
    {
        "oneOf": [
            {"type": "object", "properties": {"a": {"type": "string"}, "both": {"type": "string"}}},
            {"type": "object", "properties": {"b": {"type": "string"}, "both": {"type": "string"}}},
        ]
    }
)


@pytest.mark.parametrize(
    ("choices", "after"),
    [
        ({}, {"a": "1", "b": "2", "both": "3"}),
        ({"#oneOf": "0"}, {"a": "1", "both": "3"}),
        ({"#oneOf": "1"}, {"b": "2", "both": "3"}),
    ],
)
def test_members_of_branches_left_behind(choices, after):
    assert for_submit(CHOICE, {"a": "1", "b": "2", "both": "3"}, choices) == after


def test_a_part_hidden_by_what_was_dropped_goes_too():
    plan = compile_form(
        {
            "type": "object",
            "properties": {"a": {"type": "string"}},
            "dependentSchemas": {
                "a": {"properties": {"b": {"type": "string"}}},
                "b": {"properties": {"c": {"type": "string"}}},
            },
        }
    )
    assert for_submit(plan, {"b": "2", "c": "3"}) == {}
