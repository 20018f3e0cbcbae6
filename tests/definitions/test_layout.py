"""A form's layout in its plan: sections, columns, notes, cells from anywhere, cross-tables, and the rest after them."""

from typing import Any

import pytest

from runtime.definitions.compile import compile_form
from runtime.definitions.place import cells, place, walk
from runtime.definitions.plan import CrossTable

CELL = {"type": "integer"}
TOTAL = {"type": "integer", "totalOf": ["1/f", "1/m"]}
LINE = {"type": "object", "properties": {"f": CELL, "m": CELL, "total": TOTAL}}
PROPERTIES: dict[str, Any] = {
    "a": {"type": "string", "title": "A"},
    "b": {"type": "string"},
    "group": {
        "type": "object",
        "title": "Group",
        "properties": {"x": {"type": "string"}, "y": {"type": "string"}, "on": {"type": "boolean"}},
        "if": {"properties": {"on": {"const": True}}, "required": ["on"]},
        "then": {"properties": {"z": {"type": "string"}}, "required": ["z"]},
    },
    "rows": {"type": "array", "items": {"type": "object", "properties": {"n": CELL}}},
    "table": {"type": "object", "properties": {"1": LINE, "2": LINE}},
}


def form(*items: dict[str, Any], **more: Any) -> Any:
    return compile_form({"type": "object", "properties": PROPERTIES, "layout": list(items), **more})


def outline(node: Any) -> Any:
    kind, name = type(node).__name__, "/".join(node.path) or getattr(node, "id", "")
    inner = [outline(child) for child in getattr(node, "children", ())]
    return {f"{kind} {name}": inner} if inner else f"{kind} {name}"


def cell(at: str, **more: Any) -> dict[str, Any]:
    return {"id": "c" + at, "kind": "cell", "at": at, **more}


def test_what_is_placed_comes_first_and_the_rest_after_it():
    plan = form(
        {
            "id": "s",
            "kind": "section",
            "title": "Section",
            "translations": {"zh-CN": {"title": "部分"}},
            "items": [
                {
                    "id": "two",
                    "kind": "columns",
                    "count": 3,
                    "items": [cell("/b"), cell("/group/y", width="wide")],
                },
                {
                    "id": "n",
                    "kind": "note",
                    "text": "Mind",
                    "translations": {"zh-CN": {"text": "注意"}},
                },
                {"id": "r", "kind": "rows", "at": "/rows"},
            ],
        }
    )
    assert [outline(child) for child in plan.root.children] == [
        {"Section s": [{"Columns two": ["Cell b", "Cell group/y"]}, "Note n", "Rows rows"]},
        "Cell a",
        {"Group group": ["Cell x", "Cell on", "Cell z"]},
        {
            "Group table": [
                {"Group 1": ["Cell f", "Cell m", "Cell total"]},
                {"Group 2": ["Cell f", "Cell m", "Cell total"]},
            ]
        },
    ]
    section = plan.root.children[0]
    assert section.words.title == {"en": "Section", "zh-CN": "部分"}
    assert section.children[0].count == 3
    assert section.children[0].children[1].width == "wide"
    assert section.children[1].words.description == {"en": "Mind", "zh-CN": "注意"}


def test_conditions_travel_with_a_cell():
    plan = form(cell("/group/z"))
    found = {p.pointer: p for p in cells(place(plan, {"group": {"on": True}}))}
    assert found["/group/z"].required
    assert "/group/z" not in {p.pointer for p in cells(place(plan, {"group": {"on": False}}))}
    assert next(iter(found)) == "/group/z"


def test_members_beside_a_moved_cell_are_still_shown():
    plan = form(cell("/group/x"), cell("/group/y"), cell("/group/on"), cell("/group/z"))
    locked = {p.pointer for p in walk(place(plan, {"group": {"x": "1", "odd": 1}})) if p.locked}
    assert locked == {"/group/odd"}


@pytest.mark.parametrize(
    "item",
    [
        cell("/nowhere"), cell("nowhere"), {"id": "x", "kind": "unheard-of"}, {"kind": "cell", "at": "/a"}, 7,
        {"id": "x", "kind": "section", "items": 5}, {"id": "x", "kind": "crossTable", "at": "/a"},
        {"id": "x", "kind": "crossTable", "at": "/table", "rows": 5, "columns": {"by": ["sex"]}},
        {"id": "x", "kind": "columns", "count": "many", "items": []},
    ],
)  # fmt: skip
def test_what_a_layout_gets_wrong_loses_no_cell(item):
    plan = compile_form(
        {"type": "object", "properties": PROPERTIES, "layout": [item, cell("/b"), cell("/b")]}
    )
    drawn = [p.pointer for p in cells(place(plan, {}))]
    assert set(drawn) == {p.pointer for p in cells(place(form(), {}))}
    assert len(drawn) == len(set(drawn))


def header(title: str, key: str) -> dict[str, str]:
    return {"title": title, "key": key}


def cross(plan: Any) -> CrossTable:
    (table,) = [p.node for p in walk(place(plan, {})) if isinstance(p.node, CrossTable)]
    return table


def test_a_table_with_written_headers():
    plan = form(
        {
            "id": "t",
            "kind": "crossTable",
            "at": "/table",
            "corner": "Line",
            "rows": {"items": [{"title": "Both", "items": [header("One", "1"), header("Two", "2")]}]},
            "columns": {"items": [header("F", "f"), header("None", "q"), header("T", "total")]},
        }
    )  # fmt: skip
    table = cross(plan)
    assert [[c and "/".join(c.path) for c in line] for line in table.cells] == [
        ["table/1/f", None, "table/1/total"],
        ["table/2/f", None, "table/2/total"],
    ]
    assert table.rows[0].children[1].title == {"en": "Two"}
    assert [h.total for h in table.columns] == [False, False, True]
    assert table.corner == {"en": "Line"}
    assert [p.pointer for p in cells(place(plan, {}))][-2:] == ["/table/1/m", "/table/2/m"]
