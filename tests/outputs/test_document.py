"""The document tree: headings merged, totals named, conditions told, an empty print complete."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from runtime.definitions.plan import Condition, CrossTable, Group, Locked, Recursion, Rows, Section
from runtime.outputs.document import Fields, Heading, Paragraph, Table, document, tables, values
from runtime.outputs.sums import summands
from runtime.outputs.tree import Section as Part
from tests.outputs import forms

HEADING = Heading(
    unit="Lakeside", period="October 2026", printed_on=datetime(2026, 11, 3, tzinfo=UTC)
)


def read(plan=None, data=None, choices=None, *, language="en", blank=False, heading=HEADING):
    if plan is None:
        plan, data, choices = forms.report(), forms.report_data(), forms.REPORT_CHOICES
    return document(plan, data, choices, language=language, heading=heading, blank=blank)


def by_pointer(doc):
    return {value.pointer: value for value in values(doc.blocks)}


def test_the_form_says_what_the_heading_leaves_out():
    doc = read()
    assert doc.heading.title == "Sample, monthly"
    assert doc.heading.number == "DPF-07"
    assert read(language="zh-CN").heading.title == "样表"
    assert read(heading=Heading(title="Other", number="X")).heading.number == "X"


def test_sections_fields_tables_and_notes_in_the_order_of_the_form():
    doc = read()
    kinds = [type(block).__name__ for block in doc.blocks]
    assert kinds == ["Section", "Section", "Section", "Fields", "Paragraph"]
    assert [b.title for b in doc.blocks if isinstance(b, Part)] == [
        "1 Holders",
        "2 Services",
        "3 Cases",
    ]
    assert doc.blocks[-1] == Paragraph("Count each household once.")


def test_every_cell_stands_in_the_document_once():
    pointers = [value.pointer for value in values(read().blocks)]
    assert len(pointers) == len(set(pointers))
    assert {
        "/holders/1/0-17/female",
        "/holders/total/total",
        "/services/visits",
        "/visited_on",
    } < set(pointers)
    assert {"/rows/2/home/address", "/sum", "/reply#oneOf", "/reply/phone", "/extra"} < set(
        pointers
    )


def test_merged_headings_of_a_cross_table():
    (table, *_rest) = tables(read().blocks)
    top, second = table.head
    assert [(h.title, h.rows, h.columns) for h in top] == [
        ("Grade", 2, 1),
        ("Under 18", 1, 2),
        ("18 and over", 1, 2),
        ("Total", 2, 1),
    ]
    assert [h.title for h in second] == ["Female", "Male", "Female", "Male"]
    assert [h.title for row in table.rows for h in row.heads] == [
        "Grade 1",
        "Grade 2",
        "Grade 3",
        "Total",
    ]
    assert [row.total for row in table.rows] == [False, False, False, True]
    assert table.unit == "persons"
    assert sum(table.widths) == 1000
    assert table.columns == 6


def mixed_table(*lines):
    """A table with two columns, whose rows have these units."""
    cells = [
        tuple(
            forms.cell(f"{name}/{n}", forms.words(name, unit=(unit, unit)), {"type": "integer"})
            for n, unit in enumerate(units)
        )
        for name, *units in lines
    ]
    return CrossTable(
        id="t",
        columns=(forms.header("A", "甲"), forms.header("B", "乙")),
        rows=tuple(forms.header(name, name) for name, *_units in lines),
        cells=tuple(cells),
    )


def test_rows_with_units_of_their_own_say_them_in_their_heading():
    table = mixed_table(("Staff", "persons", "persons"), ("Sales", "yuan", "items"))
    (found,) = tables(read(forms.plan(table), {"Staff": {"0": 1}}).blocks)
    assert found.unit == ""
    assert [row.heads[0].title for row in found.rows] == ["Staff (persons)", "Sales"]
    assert [row.unit for row in found.rows] == ["persons", ""]


def test_row_headings_of_two_levels_are_merged_down():
    table = forms.cross_table()
    upright = type(table)(
        id="t",
        path=table.path,
        columns=table.rows,
        rows=table.columns,
        cells=tuple(zip(*table.cells, strict=True)),
    )
    (found,) = tables(read(forms.plan(upright), {"holders": forms.figures()}).blocks)
    assert found.stub == 2
    assert [[(h.title, h.rows, h.columns, h.scope) for h in row.heads] for row in found.rows] == [
        [("Under 18", 2, 1, "rowgroup"), ("Female", 1, 1, "row")],
        [("Male", 1, 1, "row")],
        [("18 and over", 2, 1, "rowgroup"), ("Female", 1, 1, "row")],
        [("Male", 1, 1, "row")],
        [("Total", 1, 2, "row")],
    ]


def test_repeated_rows_are_numbered_and_their_groups_head_their_columns():
    table = list(tables(read().blocks))[1]
    top, second = table.head
    assert [(h.title, h.rows, h.columns) for h in top] == [
        ("No.", 2, 1), ("Name", 2, 1), ("Identity number", 2, 1), ("Home", 1, 2),
        ("Amount (yuan)", 2, 1), ("Granted on", 2, 1),
    ]  # fmt: skip
    assert [h.title for h in second] == ["Street", "Address"]
    assert [row.heads[0].title for row in table.rows] == ["1", "2", "3"]
    assert table.rows[0].values[4].text == "100.00"


def test_a_total_names_the_cells_it_sums():
    found = by_pointer(read())
    assert found["/holders/1/total"].sums == (
        "/holders/1/0-17/female", "/holders/1/0-17/male",
        "/holders/1/18-/female", "/holders/1/18-/male",
    )  # fmt: skip
    assert found["/holders/total/total"].sums == tuple(f"/holders/{g}/total" for g in "123")
    assert found["/sum"].sums == tuple(f"/rows/{i}/amount" for i in range(3))


@pytest.mark.parametrize(
    ("pointer", "total_of", "expected"),
    [
        ("/a/total", ["1/x", "1/y"], ("/a/x", "/a/y")),
        ("/a/total", ["1/*"], ("/a/x", "/a/y")),
        ("/b", ["1/rows/*/n"], ("/rows/0/n", "/rows/1/n")),
        ("/a/total", ["1/gone"], ("/a/gone",)),
        ("/a/total", ["1/total"], ()),
    ],
)
def test_relative_pointers(pointer, total_of, expected):
    drawn = ["/a/x", "/a/y", "/a/total", "/b", "/rows/0/n", "/rows/1/n", "/rows/1/n/deeper"]
    assert summands(pointer, total_of, drawn) == expected


@pytest.mark.parametrize("relative", ["x", "-1/a", "9/a"])
def test_a_relative_pointer_that_leads_nowhere(relative):
    with pytest.raises(ValueError, match="no relative pointer"):
        summands("/a/b", [relative], [])


def test_conditions_leave_out_what_does_not_apply():
    data = forms.report_data() | {"visited": False}
    assert "/visited_on" not in by_pointer(read(forms.report(), data, {}))


def test_the_branch_picked_and_what_is_in_it():
    found = by_pointer(read())
    assert found["/reply#oneOf"].text == "By phone"
    assert found["/reply/phone"].labels == ("Reply", "Phone")
    assert "/reply/address" not in found


def test_a_locked_part_is_printed_as_text():
    extra = by_pointer(read())["/extra"]
    assert extra.locked
    assert "2.50" in extra.text


def test_a_value_that_its_control_cannot_hold_is_printed_as_it_is():
    data = forms.report_data()
    data["services"]["visits"] = {"many": True}
    data["sum"] = None
    found = by_pointer(read(forms.report(), data, {}))
    assert "many" in found["/services/visits"].text
    assert found["/sum"].text == ""


def test_members_of_rows_that_the_form_does_not_know_are_printed():
    data = forms.report_data()
    data["rows"][1]["note"] = "kept"
    data["rows"].append("no row at all")
    table = list(tables(read(forms.report(), data, {}).blocks))[1]
    said = {value.text for row in table.rows for value in row.values if value}
    assert {"kept", "no row at all"} <= said


def test_a_field_type_that_is_gone_leaves_its_values_readable():
    gone = forms.cell("shape", forms.words("Shape"), {"type": "string"})
    plan = forms.plan(type(gone)(path=gone.path, words=gone.words, field="map-of-a-plugin"))
    assert (
        by_pointer(read(plan, {"shape": {"x": Decimal("1.50")}}))["/shape"].text.count("1.50") == 1
    )


def test_rows_that_hold_more_than_cells_become_headed_parts():
    inner = Rows(
        path=("visits",),
        words=forms.words("Visits"),
        item=forms.cell("", forms.words("Day"), {"type": "string"}),
    )
    item = Group(children=(forms.cell("name", forms.words("Name"), {"type": "string"}), inner))
    plan = forms.plan(Rows(path=("homes",), words=forms.words("Homes"), item=item))
    doc = read(plan, {"homes": [{"name": "a", "visits": ["x", "y"]}, {"name": "b"}]})
    (homes,) = doc.blocks
    assert [part.title for part in homes.blocks] == ["Homes 1", "Homes 2"]
    assert isinstance(homes.blocks[0].blocks[0], Fields)
    assert [v.text for v in values(homes.blocks[0].blocks)] == ["a", "x", "y"]


def test_a_part_that_contains_itself_is_read_as_deep_as_the_data_go():
    child = Recursion(path=("child",), words=forms.words("Child"), part="person")
    person = Group(children=(forms.cell("name", forms.words("Name"), {"type": "string"}), child))
    plan = forms.plan(Recursion(path=("head",), words=forms.words("Head"), part="person"))
    plan = type(plan)(
        **{f: getattr(plan, f) for f in plan.__struct_fields__} | {"parts": {"person": person}}
    )
    data = {"head": {"name": "a", "child": {"name": "b", "child": {"name": "c"}}}}
    assert [v.text for v in values(read(plan, data).blocks)] == ["a", "b", "c"]
    assert len(list(values(read(plan, blank=True).blocks))) == 1


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_an_empty_print_shows_everything(language):
    plan = forms.report()
    doc = read(plan, forms.report_data(), forms.REPORT_CHOICES, language=language, blank=True)
    found = by_pointer(doc)
    assert {value.text for value in found.values()} == {""}
    assert {"/visited_on", "/reply/address", "/reply/phone", "/rows/7/amount"} < set(found)
    assert found["/visited"].boxes == (("Yes", "No") if language == "en" else ("是", "否"))
    assert found["/reply#oneOf"].boxes[0] == ("By post" if language == "en" else "邮寄")


def hints(doc):
    lines = [line for block in doc.blocks for line in _lines(block)]
    return {line.label: line.hint for line in lines if line.hint}


def _lines(block):
    if isinstance(block, Part):
        return [line for inner in block.blocks for line in _lines(inner)]
    return block.lines if isinstance(block, Fields) else ()


def test_an_empty_print_says_when_a_part_applies():
    assert hints(read(forms.report(), blank=True)) == {"Visited on": "if Visited at home is Yes"}
    chinese = hints(read(forms.report(), blank=True, language="zh-CN"))
    assert chinese == {"入户日期": "是否入户为“是”时填写"}


@pytest.mark.parametrize(
    ("condition", "hint"),
    [
        (
            Condition(schema={"properties": {"visited": {"enum": [True]}}}, negate=True),
            "if Visited is not Yes",
        ),
        (Condition(schema={"required": ["visited"]}), "if Visited is given"),
        (Condition(schema={"required": ["visited"]}, negate=True), "if Visited is not given"),
        (Condition(schema={"properties": {"visited": {"minimum": 3}}}), "if this applies"),
        (Condition(schema={"minProperties": 2}), "if this applies"),
        (Condition(schema=f"{forms.ADDRESS}#/$defs/seen"), "if Visited is Yes"),
        (Condition(schema=f"{forms.ADDRESS}#/$defs/gone"), "if this applies"),
    ],
)
def test_conditions_in_words(condition, hint):
    bundle = {"$id": forms.ADDRESS, "$defs": {"seen": {"properties": {"visited": {"const": True}}}}}
    plan = forms.plan(
        forms.cell("visited", forms.words("Visited"), {"type": "boolean"}),
        forms.cell("day", forms.words("Day"), {"type": "string"}, when=(condition,)),
        bundle=bundle,
    )
    assert hints(read(plan, blank=True)) == {"Day": hint}


def test_a_long_code_list_is_told_once_at_the_end():
    codes = {
        "type": "string",
        "oneOf": [{"const": str(i), "title": f"Code {i}"} for i in range(30)],
    }
    doc = read(forms.plan(forms.cell("code", forms.words("Trade"), codes)), blank=True)
    assert by_pointer(doc)["/code"].boxes == ()
    assert doc.blocks[-1].title == "Codes"
    assert doc.blocks[-1].blocks[0].text.startswith("Trade: 0 Code 0; 1 Code 1; ")


def test_the_unit_of_measurement_is_told_once_where_all_share_it():
    assert read(forms.plan(forms.cross_table()), {}).unit == "persons"
    assert read().unit == ""


def test_where_a_value_came_from():
    plan = forms.report()
    sources = {"/services/visits": {"kind": "register"}, "/visited": "typed"}
    doc = document(plan, forms.report_data(), {}, sources, language="en", heading=HEADING)
    found = by_pointer(doc)
    assert (found["/services/visits"].source, found["/visited"].source) == ("register", "typed")


@pytest.mark.parametrize("data", [None, [], "text", 3, {"holders": 1, "rows": {}, "services": []}])
def test_data_of_another_shape_are_printed_all_the_same(data):
    plan = forms.report()
    doc = read(plan, data, {})
    assert doc.data == data
    assert isinstance(doc.blocks, tuple)


def test_a_schema_that_is_a_single_value():
    plan = forms.plan()
    lone = forms.cell("", forms.words("Name"), {"type": "string"})
    plan = type(plan)(**{f: getattr(plan, f) for f in plan.__struct_fields__} | {"root": lone})
    assert [v.text for v in values(read(plan, "Li").blocks)] == ["Li"]
    locked = Locked(words=forms.words("Any"), reason="not")
    plan = type(plan)(**{f: getattr(plan, f) for f in plan.__struct_fields__} | {"root": locked})
    assert [v.text for v in values(read(plan, {"a": 1}).blocks)] == ['{\n "a": 1\n}']


def test_an_empty_section_is_left_out():
    plan = forms.plan(Section(id="s", words=forms.words("Nothing here")))
    assert read(plan, {}).blocks == ()


def test_a_table_without_rows_is_still_a_table():
    table = list(tables(read(forms.report(), {}, {}).blocks))[1]
    assert isinstance(table, Table)
    assert table.rows == ()
