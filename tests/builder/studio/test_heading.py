"""A cross-table with headings of one's own: lines, columns, merged headings, totals, and the cells kept in step."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from builder.edits.headings import headings_of, keys, walked
from builder.edits.spots import Refused, find, schema_at
from builder.edits.tables import with_table
from builder.studio.heading import _done
from runtime.api import Library, compile_form
from runtime.definitions.plan import CrossTable
from tests.builder.rules.shipped import shipped_library
from tests.builder.studio.test_filling import BASE, Desk
from tests.rig.city import City


@pytest.fixture
def desk(city: City) -> Desk:
    return Desk(city)


def group(desk: Desk, key: str) -> Any:
    return schema_at(desk.document, find(desk.document, key).item["at"])


@pytest.mark.databases("sqlite")
def test_a_table_is_put_on_named_widened_merged_and_added_up(desk: Desk) -> None:
    key = desk.add("part:crossTable")
    post = {"do": "headings", "at": key, "tool": "headings"}
    assert desk.problems() == []
    drawn = desk.send(
        **post, **{"rows:0.title.en": "Homes", "columns:0.title.en": "Rented", "op": ""}
    ).text
    assert "Homes" in drawn
    cells = group(desk, key)["properties"]["line_1"]
    assert cells["title"] == "Homes"
    assert cells["properties"]["column_1"]["title"] == "Rented"
    desk.send(**post, **{"new.columns": "Floor area", "op": "add:columns"})
    desk.send(**post, **{"columns:2.kind": "decimal", "op": "total:rows"})
    desk.send(**post, op="total:columns")
    desk.send(**post, op="merge:columns:0")
    desk.send(**post, op="in:columns:1")
    desk.send(
        **post, **{"columns:0.title.en": "Of which", "columns:0.title.zh-CN": "其中", "op": ""}
    )
    item = find(desk.document, key).item
    assert keys(item, "columns") == ["column_1", "column_2", "floor_area", "total"]
    assert [len(place) for place, _h in walked(headings_of(item, "columns"))] == [1, 2, 2, 1, 1]
    table = group(desk, key)["properties"]
    assert table["line_2"]["properties"]["floor_area"]["type"] == "number"
    assert table["total"]["properties"]["floor_area"]["totalOf"] == [
        "2/line_1/floor_area",
        "2/line_2/floor_area",
    ]
    assert table["line_1"]["properties"]["total"]["totalOf"] == [
        "1/column_1",
        "1/column_2",
        "1/floor_area",
    ]
    assert table["line_1"]["properties"]["total"]["type"] == "number"
    assert desk.problems() == []
    desk.send(**post, op="remove:columns:1")
    desk.send(**post, op="total:rows")
    table = group(desk, key)["properties"]
    assert "total" not in table
    assert set(table["line_1"]["properties"]) == {"column_1", "column_2", "total"}
    assert table["line_1"]["properties"]["total"]["totalOf"] == ["1/column_1", "1/column_2"]
    assert desk.problems() == []


@pytest.mark.databases("sqlite")
def test_what_cannot_be_is_said(desk: Desk) -> None:
    key = desk.add("part:crossTable")
    post = {"do": "headings", "at": key}
    for more, words in [
        ({"op": "out:rows:0"}, "under no other heading"),
        ({"op": "up:rows:0"}, "at the edge"),
        ({"op": "in:rows:1"}, "no merged heading right before"),
        ({"op": "remove:rows:9"}, "no longer there"),
        ({"op": "remove:sides:0"}, "no longer there"),
        ({"op": "burn:rows:0"}, "Nothing is known"),
        (
            {"op": "", "rows:0.title.en": " ", "rows:0.title.zh-CN": ""},
            "Each heading needs a title",
        ),
        ({"op": "", "was": "{}"}, "Somebody else"),
    ]:
        before = desk.document
        assert words in desk.send(**post, **more).text
        assert desk.document == before
    desk.send(**post, op="remove:rows:0")
    assert "needs a heading down" in desk.send(**post, op="remove:rows:0").text


@pytest.mark.databases("sqlite")
def test_totals_of_each_breakdown_are_offered_where_the_dictionary_breaks_down(desk: Desk) -> None:
    html = desk.client.get(f"{BASE}/part", query_string={"at": "holders-table"}).text
    assert "for each: " in html
    desk.send(
        do="set", at="holders-table", **{"was.total.columns": "1", "total.columns": "age,sex"}
    )
    assert find(desk.document, "holders-table").item["columns"]["total"] == ["age", "sex"]
    assert desk.problems() == []


FORM: dict[str, Any] = {
    "$schema": "https://yibiao.example/defs/schemas/form.json", "title": "T", "type": "object", "department": "housing",
    "frequency": "monthly", "level": ["community"], "due": {"days": 3},
    "properties": {"t": {"title": "T", "type": "object", "properties": {}}},
    "layout": [{"id": "t", "kind": "crossTable", "at": "/t",
                "rows": {"items": [{"key": "r", "title": "R"}]}, "columns": {"items": [{"key": "c", "title": "C"}]}}],
}  # fmt: skip
LIBRARY: Library = shipped_library()
ADDRESS = "https://yibiao.example/defs/forms/housing/try.json"
OPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "total", "up", "down", "in", "out", "merge", "remove"]),
        st.sampled_from(["rows", "columns"]),
        st.sampled_from(["0", "1", "2", "0.0", "1.0", "1.1"]),
    ),
    max_size=12,
)


def plain(schema: Any) -> Any:
    return schema


@example([("total", "columns", "0"), ("remove", "columns", "0")])
@given(OPS)
def test_whatever_is_done_each_heading_has_its_cells_and_no_other_is_left(
    ops: list[tuple[str, str, str]],
) -> None:
    document = with_table(FORM, "t", FORM["layout"][0], {}, plain)
    for verb, axis, place in ops:
        op = f"{verb}:{axis}" + (f":{place}" if verb not in ("add", "total") else "")
        try:
            fresh = _done(document, find(document, "t").item, {"op": op})
            document = with_table(document, "t", fresh, {}, plain)
        except Refused:
            continue
    item = find(document, "t").item
    rows, columns = keys(item, "rows"), keys(item, "columns")
    table = document["properties"]["t"]["properties"]
    assert set(table) <= set(rows)
    plan = compile_form(ADDRESS, library=LIBRARY.with_document(ADDRESS, document))
    node = next(n for n in plan.root.children if isinstance(n, CrossTable))
    assert len(node.cells) == len(rows)
    for row, line in zip(rows, node.cells, strict=True):
        assert set(table[row]["properties"]) <= set(columns)
        for column, cell in zip(columns, line, strict=True):
            if "total" not in (row, column):
                assert cell is not None


def test_the_shipped_tables_are_kept_in_step_letter_by_letter() -> None:
    """What ships already is as the builder would write it."""
    address = "https://yibiao.example/defs/forms/housing/rented-homes-quarterly.json"
    document = dict(LIBRARY.source(address))
    resolver = LIBRARY.registry.resolver(address)

    def shape(schema: Any) -> Any:
        return (
            {**resolver.lookup(schema["$ref"]).contents, **schema} if "$ref" in schema else schema
        )

    again = with_table(document, "stock-table", dict(find(document, "stock-table").item), {}, shape)
    assert again == document


@pytest.mark.databases("sqlite")
def test_a_single_cell_of_a_table_has_rules_of_its_own(desk: Desk) -> None:
    key = desk.add("part:crossTable")
    html = desk.client.get(f"{BASE}/part", query_string={"at": key, "tool": "headings"}).text
    cell = "@/new_table/line_1/column_2"
    assert f"at={cell.replace('/', '%2F').replace('@', '%40')}" in html or f"at={cell}" in html
    panel = desk.client.get(f"{BASE}/part", query_string={"at": cell}).text
    assert "To the table" in panel
    assert 'value="remove"' not in panel
    desk.send(
        do="filled-from",
        at=cell,
        way="worked",
        operation="sum",
        operand=["/new_table/line_1/column_1"],
    )
    table = group(desk, key)["properties"]
    assert table["line_1"]["properties"]["column_2"]["totalOf"] == ["1/column_1"]
    desk.send(do="set", at=cell, **{"was.needed": "", "needed": "1"})
    assert "column_2" in group(desk, key)["properties"]["line_1"]["required"]
    for verb in ("up", "remove", "rename"):
        assert "It stands in a table" in desk.send(do=verb, at=cell, name="x").text
    assert desk.problems() == []
    rules = desk.client.get(f"{BASE}/rules?kind=filled").text
    assert "Column 2" in rules
