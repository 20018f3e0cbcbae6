"""Defaults of new entries, of rows, and of parts that appear."""

import copy
from decimal import Decimal

import pytest

from runtime.definitions.compile import compile_form
from runtime.definitions.json import loads
from runtime.entry import life, refill, versions
from runtime.entry.act import act
from runtime.entry.decode import decode
from runtime.entry.defaults import with_defaults
from runtime.entry.screen import render
from runtime.storage.engine import reading, writing
from tests.entry.town import OCTOBER
from tests.fill.library import BASE, REPORT, library

PLAN = compile_form(
    loads("""
    {"type": "object",
     "properties": {
       "a": {"type": "string", "default": "x"},
       "b": {"type": "number", "default": 1.50},
       "group": {"type": "object", "properties": {"c": {"type": "boolean", "default": false}}},
       "rows": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer", "default": 3}}}},
       "odd": {"type": "integer", "default": null}},
     "if": {"properties": {"a": {"const": "x"}}, "required": ["a"]},
     "then": {"properties": {"d": {"enum": ["p", "q"], "default": "q"}}}}
    """)
)


def test_a_new_entry_begins_with_the_defaults_of_what_is_drawn():
    data = {"a": "x", "b": Decimal("1.50"), "group": {"c": False}, "d": "q"}
    assert with_defaults(PLAN, {}) == data
    assert with_defaults(PLAN, {"a": "", "rows": [{}]}) == {
        "a": "", "b": Decimal("1.50"), "group": {"c": False}, "rows": [{"n": 3}],
    }  # fmt: skip
    assert with_defaults(PLAN, data) is data


def test_a_new_row_begins_with_its_defaults_and_nothing_else_is_touched():
    found = act(PLAN, {"rows": [{}]}, {}, "add /rows")
    assert found.data == {"rows": [{}, {"n": 3}]}


def with_extra():
    """The town's report with defaults where a register knows, does not, and where nobody may type."""
    document = copy.deepcopy(library().source(REPORT))
    properties = document["properties"]
    for name, value in {
        "all": 99,
        "lent": 5,
        "remarks": "none",
        "sum": 7,
    }.items():
        properties[name] = {**properties[name], "default": value}
    properties["fixed"] = {"type": "string", "readOnly": True, "default": "never"}
    properties["mode"] = {"enum": ["a", "b"], "default": "a"}
    figure = {"$ref": f"{BASE}indicators/people.json#/properties/all", "default": 77}
    properties["people"]["items"]["properties"]["note"]["default"] = "seen"
    picked = {"properties": {"mode": {"const": "a"}}, "required": ["mode"]}
    then = {"properties": {"figure": figure, "words": {"type": "string", "default": "w"}}}
    document["allOf"] = [{"if": picked, "then": then}]
    return compile_form(REPORT, library=library().with_document(REPORT, document))


def test_a_new_entry_begins_with_what_is_known_and_else_with_defaults(engine, lake):
    plan = with_extra()
    with reading(engine) as session:
        filled = life.prefilled(session, plan, lake, OCTOBER)
    data = filled.data
    assert (data["all"], data["lent"], data["sum"]) == (4, 5, 9)
    assert (data["remarks"], data["mode"], data["words"]) == ("none", "a", "w")
    assert data["figure"] == 4, "a part that appears by a default is filled first"
    assert "fixed" not in data, "nobody may type there"
    assert {row["note"] for row in data["people"]} == {"seen"}
    for proposal in ("/lent", "/remarks", "/mode", "/words", "/people/0/note"):
        assert proposal not in filled.provenance
    assert filled.provenance["/figure"]["kind"] == filled.provenance["/all"]["kind"]
    assert filled.empty == 1, "a default is not asked for: only /many is"


def test_a_default_is_drawn_as_a_plain_cell(engine, lake):
    plan = with_extra()
    with reading(engine) as session:
        filled = life.prefilled(session, plan, lake, OCTOBER)
    drawn = str(render(plan, filled.data, choices=filled.choices, provenance=filled.provenance))
    field = next(part for part in drawn.split('<div class="field') if 'name="/lent"' in part)
    assert 'value="5"' in field
    assert not {"known", "ask", "check"} & set(field.partition(">")[0].replace('"', " ").split())
    assert "readonly" not in field


def test_rows_that_are_filled_anew_begin_with_their_defaults(engine, lake):
    plan = with_extra()
    with writing(engine) as session:
        version = versions.publish_version(session, plan, "{}")
        entry = life.start(session, version, lake, OCTOBER)
        entry.data = {**entry.data, "remarks": "", "lent": 6}
        session.flush()
        again = refill.prepare(session, entry)
    assert {row["note"] for row in again.data["people"]} == {"seen"}
    assert (again.data["remarks"], again.data["lent"]) == ("", 6)


APPEARING = compile_form(
    {
        "type": "object",
        "properties": {
            "on": {"type": "boolean"},
            "always": {"type": "string", "default": "a"},
        },
        "if": {"properties": {"on": {"const": True}}, "required": ["on"]},
        "then": {
            "properties": {
                "kind": {"enum": ["p", "q"], "default": "q"},
                "n": {"type": "integer", "default": 3},
                "told": {"type": "string", "default": "x", "readOnly": True},
            }
        },
    }
)


@pytest.mark.parametrize(
    ("base", "posted", "expected"),
    [
        ({}, {"/on": ["true"]}, {"on": True, "kind": "q", "n": 3}),
        ({}, {"/on": ["true"], "/n": ["5"]}, {"on": True, "kind": "q", "n": 5}),
        ({}, {"/on": ["true"], "/n": [""], "/kind": [""]}, {"on": True}),
        ({"on": True}, {"/always": ["b"]}, {"on": True, "always": "b"}),
        ({"on": True}, {"/on": ["true"]}, {"on": True}),
        ({"on": False, "n": 8}, {"/on": ["true"]}, {"on": True, "n": 8, "kind": "q"}),
        ({}, {}, {}),
    ],
)
def test_a_part_that_appears_begins_with_its_defaults(base, posted, expected):
    """What was drawn before and is empty was left so; what was posted empty as well."""
    assert decode(APPEARING, posted, base).data == expected


def test_a_branch_that_is_picked_begins_with_its_defaults():
    branch = {"type": "object", "required": ["kind"]}
    plan = compile_form(
        {
            "oneOf": [
                {**branch, "properties": {"kind": {"const": c}, "n": {"type": "integer", "default": d}}}
                for c, d in (("a", 1), ("b", 2))
            ]
        }
    )  # fmt: skip
    first = decode(plan, {"#oneOf": ["0"]}, {})
    assert first.data == {"kind": "a", "n": 1}
    assert decode(plan, {"#oneOf": ["0"], "/n": [""]}, first.data, first.choices).data == {
        "kind": "a"
    }
