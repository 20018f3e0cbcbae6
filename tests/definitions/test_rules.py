"""What the shipped and the test definitions compile to: figures, facts, rows, tables, and plans from bundles."""

from pathlib import Path
from typing import Any

import pytest

from runtime.definitions.compile import compile_form
from runtime.definitions.compile_rules import where_in_full
from runtime.definitions.load import Library
from runtime.definitions.place import cells, place, walk
from runtime.definitions.plan import Cell, CrossTable, Rows
from runtime.definitions.publish import decode_plan, encode_plan

ROOT = Path(__file__).resolve().parents[2]
SEX = {"oneOf": [{"const": "1", "title": "Male"}, {"const": "2", "title": "Female"}]}
BAND = {
    "type": "string",
    "oneOf": [
        {"const": "young", "title": "Under 18", "maximum": 17},
        {"const": "old", "title": "18 and over", "minimum": 18},
    ],
}
BASE = "https://yibiao.example/defs/"
LIBRARY = Library.of(
    {
        "code-lists/sex.json": {"title": "Sex", "type": "string", **SEX},
        "code-lists/band.json": {"title": "Band", **BAND},
        "dictionary/person.json": {
            "title": "People",
            "type": "object",
            "properties": {
                "name": {"type": "string", "title": "Name"},
                "born": {"type": "string", "format": "date", "title": "Born"},
                "sex": {"$ref": "../code-lists/sex.json", "title": "Sex"},
            },
            "derive": {
                "age": {
                    "type": "integer",
                    "title": "Age",
                    "rule": {"whole": "years", "since": "born"},
                }
            },
        },
        "indicators/people.json": {
            "title": "People",
            "type": "object",
            "properties": {
                "all": {
                    "title": "All",
                    "type": "object",
                    "kind": "stock",
                    "by": ["sex", {"field": "age", "bands": "../code-lists/band.json"}],
                    "fill": {
                        "count": "person",
                        "where": {
                            "type": "object",
                            "properties": {"sex": {"$ref": "../code-lists/sex.json"}},
                            "required": ["sex"],
                        },
                    },
                },
                "born": {
                    "title": "Born",
                    "type": "integer",
                    "kind": "flow",
                    "fill": {"count": "person", "on": "born"},
                },
                "typed": {"title": "Typed", "type": "integer"},
            },
        },
        "forms/test/sheet.json": {
            "$schema": BASE + "schemas/form.json",
            "title": "Sheet",
            "department": "test",
            "number": "T-1",
            "frequency": "monthly",
            "level": ["community"],
            "due": {"days": 5},
            "type": "object",
            "properties": {
                "all": {"$ref": "../../indicators/people.json#/properties/all"},
                "born": {"$ref": "../../indicators/people.json#/properties/born"},
                "typed": {"$ref": "../../indicators/people.json#/properties/typed"},
                "list": {
                    "type": "array",
                    "title": "List",
                    "fill": {"list": "person", "where": {"required": ["sex"]}, "order": ["name"]},
                    "items": {
                        "type": "object",
                        "properties": {
                            "name": {"$ref": "../../dictionary/person.json#/properties/name"},
                            "age": {"$ref": "../../dictionary/person.json#/derive/age"},
                        },
                    },
                },
            },
            "layout": [
                {
                    "id": "t",
                    "kind": "crossTable",
                    "at": "/all",
                    "rows": {"by": ["age"], "total": True},
                    "columns": {"by": ["sex"], "total": ["sex"]},
                }
            ],
        },
        "forms/test/person.json": {
            "$schema": BASE + "schemas/form.json",
            "title": "Person",
            "department": "test",
            "subject": "person",
            "type": "object",
            "properties": {
                "name": {
                    "$ref": "../../dictionary/person.json#/properties/name",
                    "title": "Full name",
                },
                "age": {"$ref": "../../dictionary/person.json#/derive/age"},
            },
        },
    }
)


def drawn(plan: Any, data: Any = None) -> dict[str, Cell]:
    return {p.pointer: p.node for p in cells(place(plan, data or {})) if isinstance(p.node, Cell)}


def test_rules_are_self_contained():
    plan = compile_form("test/sheet", library=LIBRARY)
    rule = plan.rules[BASE + "indicators/people.json#/properties/all"]
    assert (rule.op, rule.register, rule.kind) == ("count", "person", "stock")
    assert [(by.field, by.codes, by.bands) for by in rule.by] == [
        ("sex", ("1", "2"), {}),
        ("age", ("young", "old"), {"young": (None, 17), "old": (18, None)}),
    ]
    assert rule.where["properties"]["sex"] == {"allOf": [{"type": "string", "enum": ["1", "2"]}]}
    assert rule.derive == {"age": {"whole": "years", "since": "born"}}
    flow = plan.rules[BASE + "indicators/people.json#/properties/born"]
    assert (flow.kind, flow.on, flow.where) == ("flow", "born", True)
    assert len(plan.rules) == 2


def test_cells_know_what_they_are_filled_from():
    plan = compile_form("test/sheet", library=LIBRARY)
    found = drawn(plan, {"list": [{}]})
    fill = found["/all/1/young"].fill
    assert fill is not None
    assert (fill.rule.rpartition("/")[2], fill.codes) == ("all", ("1", "young"))
    assert found["/all/1/total"].total_of
    assert found["/all/1/total"].read_only
    assert found["/born"].fill is not None
    assert found["/typed"].fill is None
    assert found["/typed"].definition == BASE + "indicators/people.json#/properties/typed"
    name, age = found["/list/0/name"], found["/list/0/age"]
    assert name.fact is not None
    assert (name.fact.register, name.fact.field, name.read_only) == ("person", "name", False)
    assert age.fact is not None
    assert (age.fact.field, age.read_only) == ("age", True)


def test_rows_are_filled_by_a_rule():
    plan = compile_form("test/sheet", library=LIBRARY)
    (rows,) = [p.node for p in walk(place(plan, {})) if isinstance(p.node, Rows)]
    assert rows.fill is not None
    assert (rows.fill.register, rows.fill.order) == ("person", ("name",))
    assert rows.fill.where == {"required": ["sex"]}
    assert rows.fill.derive == {"age": {"whole": "years", "since": "born"}}


def test_a_table_by_the_indicator_s_breakdowns():
    plan = compile_form("test/sheet", library=LIBRARY)
    (table,) = [p.node for p in walk(place(plan, {})) if isinstance(p.node, CrossTable)]
    assert [h.title["en"] for h in table.rows] == ["Under 18", "18 and over", "Total"]
    assert [h.title["en"] for h in table.columns] == ["Male", "Female", "Total"]
    assert [["/".join(c.path) if c else None for c in line] for line in table.cells] == [
        ["all/1/young", "all/2/young", "all/total/young"],
        ["all/1/old", "all/2/old", "all/total/old"],
        ["all/1/total", "all/2/total", "all/total/total"],
    ]


def test_a_form_says_what_it_is():
    form = compile_form("test/sheet", library=LIBRARY).form
    assert (form.number, form.department, form.frequency) == ("T-1", "test", "monthly")
    assert (form.levels, form.due, form.subject) == (("community",), {"days": 5}, "")


def test_a_form_about_a_subject():
    plan = compile_form("test/person", library=LIBRARY)
    assert plan.form.subject == "person"
    assert plan.form.derive == {"age": {"whole": "years", "since": "born"}}
    name = drawn(plan)["/name"]
    assert name.words.title == {"en": "Full name"}
    assert name.fact is not None


@pytest.mark.parametrize(
    ("where", "full"),
    [
        (True, True),
        (False, False),
        (7, True),
        ({"title": "T", "required": ["a"]}, {"required": ["a"]}),
        ({"$ref": BASE + "nowhere.json"}, {"allOf": [True]}),
        ({"not": {"$ref": "#/properties/sex"}}, {"not": {"allOf": [
            {"allOf": [{"type": "string", "enum": ["1", "2"]}]}]}}),
    ],
)  # fmt: skip
def test_a_where_without_references(where, full):
    assert where_in_full(where, LIBRARY, BASE + "dictionary/person.json") == full


def test_a_where_that_refers_to_itself_ends():
    library = Library.of(
        {"dictionary/loop.json": {"title": "Loop", "type": "object", "allOf": [{"$ref": "#"}]}}
    )
    assert where_in_full({"$ref": "#"}, library, BASE + "dictionary/loop.json")


def shipped() -> Library:
    return Library.read([ROOT / "form_defs", *sorted((ROOT / "plugins").glob("*/form_defs"))])


@pytest.mark.parametrize(
    "address", shipped().addresses("form"), ids=lambda a: a.partition("/forms/")[2]
)
def test_shipped_forms_are_drawn_whole_and_come_back_from_their_bundles(address):
    plan = compile_form(address, library=shipped())
    parts = list(walk(place(plan, {})))
    assert not [part.pointer for part in parts if part.locked]
    assert [part for part in parts if isinstance(part.node, Cell)]
    again = compile_form(plan.bundle)
    assert (again.root, again.rules, again.digest) == (plan.root, plan.rules, plan.digest)
    assert decode_plan(encode_plan(plan)) == plan
