"""A department's own sheet filled in place: values at its names, the rest untouched, no word lost, nothing run."""

from __future__ import annotations

import logging
import shutil
import subprocess
import tracemalloc
import zipfile
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName

from runtime.definitions.address import pointer
from runtime.definitions.compile import compile_form
from runtime.outputs.document import Heading, document
from runtime.outputs.own_formulas import computed_in, may_stay
from runtime.outputs.own_names import defined_name, placed
from runtime.outputs.own_sheet import filled, names_missing
from runtime.outputs.xlsx import XlsxOutput
from runtime.publishing.sheet_look import clipped

KEPT = "sha256:" + "0" * 64
FORM = {
    "$schema": "https://yibiao.example/defs/schemas/form.json",
    "frequency": "monthly",
    "level": ["community"],
    "$id": "https://yibiao.example/defs/forms/aid/visits.json",
    "title": "Visits",
    "type": "object",
    "properties": {
        "men": {"title": "Men", "type": "integer"},
        "women": {"title": "Women", "type": "integer"},
        "paid": {"title": "Paid", "type": "number", "digits": 2},
        "remarks": {"title": "Remarks", "type": "string"},
        "on": {"title": "On", "type": "string", "format": "date"},
        "people": {
            "title": "People",
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"name": {"title": "Name", "type": "string"}},
            },
        },
    },
    "outputs": {"xlsx": {"template": KEPT}},
}
HEADING = Heading(unit="Lakeside", period="October 2026", filled_by="=SUM(A1)")
PLACES = {
    "/men": "B3",
    "/women": "C3",
    "/paid": "B4",
    "/on": "C4",
    "/people/0/name": "A7",
    "/people/1/name": "A8",
}


def template(**more: str) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "一 月's"
    sheet["A1"] = "填报单位：{unit}    报告期：{period}"
    sheet["A2"] = "{filled_by}"
    sheet.merge_cells("A1:D1")
    sheet["A3"], sheet["D3"] = "人数", "=B3+C3"
    sheet["B3"].font = Font(bold=True)
    sheet["B3"].fill = PatternFill("solid", fgColor="FFEEDD")
    sheet.column_dimensions["A"].width = 31
    sheet["A9"], sheet["B9"] = "合计", "=SUM(B3:C3)*2"
    for at, where in {**PLACES, **more}.items():
        name = defined_name(at)
        quoted = sheet.title.replace("'", "''")
        place = f"${where[0]}${where[1:]}"
        book.defined_names[name] = DefinedName(name, attr_text=f"'{quoted}'!{place}")
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def made(data, content=None, **more):
    plan = compile_form(FORM)
    assets = {KEPT: template() if content is None else content}
    more = {"heading": HEADING, "language": "en", "assets": assets, **more}
    return XlsxOutput().write(document(plan, data, **more))


DATA = {
    "men": 3,
    "women": 4,
    "paid": Decimal("12.5"),
    "on": "2026-10-15",
    "remarks": "=HYPERLINK(1)",
    "people": [{"name": "Chen Wei"}, {"name": "+1"}, {"name": "Li Na"}],
}


def test_values_stand_at_their_names_and_all_else_as_it_was():
    book = load_workbook(BytesIO(made(DATA)))
    sheet = book.worksheets[0]
    assert (sheet["B3"].value, sheet["C3"].value, sheet["B4"].value) == (3, 4, 12.5)
    assert sheet["C4"].value.date().isoformat() == "2026-10-15"
    assert sheet["B3"].font.b
    assert sheet["B3"].fill.fgColor.rgb == "00FFEEDD"
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A1:D1"]
    assert sheet.column_dimensions["A"].width == 31
    assert sheet["A1"].value == "填报单位：Lakeside    报告期：October 2026"


def test_formulas_stay_live_and_carry_what_they_come_to():
    live = load_workbook(BytesIO(made(DATA))).worksheets[0]
    told = load_workbook(BytesIO(made(DATA)), data_only=True).worksheets[0]
    assert (live["D3"].value, told["D3"].value) == ("=B3+C3", 7)
    assert (live["B9"].value, told["B9"].value) == ("=SUM(B3:C3)*2", 14)


def test_text_is_text_whatever_it_begins_with():
    book = load_workbook(BytesIO(made(DATA)))
    sheet = book.worksheets[0]
    assert sheet["A8"].value == "+1"
    assert sheet["A8"].data_type == "s"
    assert sheet["A8"].quotePrefix
    assert sheet["A2"].data_type == "s"
    assert book.worksheets[1]["B2"].data_type == "s"


def test_what_the_sheet_has_no_cell_for_is_listed_behind():
    sheet = load_workbook(BytesIO(made(DATA))).worksheets[1]
    assert sheet.title == "Not on the sheet"
    said = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert said == [["Cell", "Value"], ["Remarks", "=HYPERLINK(1)"], [None, None], ["People", None], ["No.", "Name"],
                    ["3", "Li Na"]]  # fmt: skip


def test_a_figure_in_two_places_stands_in_both():
    book = load_workbook(BytesIO(template()))
    name = book.defined_names[defined_name("/men")]
    name.attr_text = f"{name.attr_text},{name.attr_text.replace('$B$3', '$B$12')}"
    out = BytesIO()
    book.save(out)
    sheet = load_workbook(BytesIO(made(DATA, out.getvalue()))).worksheets[0]
    assert (sheet["B3"].value, sheet["B12"].value) == (3, 3)


def test_where_all_has_a_place_there_is_no_sheet_behind():
    assert len(load_workbook(BytesIO(made({"men": 1}))).worksheets) == 1


def test_of_words_to_tick_the_right_one_is_ticked():
    content = load_workbook(BytesIO(template(**{"/remarks": "B5"})))
    content.worksheets[0]["B5"] = "□one □one more □two"
    out = BytesIO()
    content.save(out)
    for said, wanted in (("one", "☑one □one more □two"), ("one more", "□one ☑one more □two"),
                         ("one, two", "☑one □one more ☑two"), ("three", "three"),
                         ("two of them", "□one □one more ☑two")):  # fmt: skip
        sheet = load_workbook(BytesIO(made({"remarks": said}, out.getvalue()))).worksheets[0]
        assert sheet["B5"].value == wanted


def test_an_empty_print_has_no_values_and_blanks_for_places():
    sheet = load_workbook(BytesIO(made(DATA, blank=True))).worksheets[0]
    assert sheet["B3"].value is None
    assert "{" not in sheet["A1"].value


def test_the_same_entry_gives_the_same_bytes():
    content = template()
    assert made(DATA, content) == made(DATA, content)


def test_names_that_moved_lead_where_they_are_now():
    book = load_workbook(BytesIO(template()))
    sheet = book.worksheets[0]
    sheet.insert_rows(3, 2)
    for name in book.defined_names.values():
        name.attr_text = _moved(name.attr_text, 2)
    out = BytesIO()
    book.save(out)
    sheet = load_workbook(BytesIO(made(DATA, out.getvalue()))).worksheets[0]
    assert (sheet["B5"].value, sheet["B6"].value, sheet["A9"].value) == (3, 12.5, "Chen Wei")


def _moved(where: str, rows: int) -> str:
    sheet, _sign, place = where.rpartition("!")
    column, row = place.strip("$").split("$")
    return f"{sheet}!${column}${int(row) + rows}"


@pytest.mark.libreoffice
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_names_come_through_libreoffice(tmp_path):
    (tmp_path / "in.xlsx").write_bytes(template())
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to",
               "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out"), str(tmp_path / "in.xlsx")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=110)
    content = (tmp_path / "out" / "in.xlsx").read_bytes()
    assert names_missing(content, list(PLACES)) == []
    assert load_workbook(BytesIO(made(DATA, content))).worksheets[0]["B3"].value == 3


def test_a_name_whose_cell_was_deleted_loses_nothing():
    book = load_workbook(BytesIO(template()))
    book.defined_names[defined_name("/men")].attr_text = "#REF!"
    out = BytesIO()
    book.save(out)
    assert names_missing(out.getvalue(), ["/men", "/women"]) == ["/men"]
    behind = load_workbook(BytesIO(made(DATA, out.getvalue()))).worksheets[1]
    assert ("Men", 3) in [(line[0].value, line[1].value) for line in behind.iter_rows(min_row=2)]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no workbook"])
def test_a_broken_template_stops_no_report(content, caplog):
    with caplog.at_level(logging.WARNING):
        book = load_workbook(BytesIO(made(DATA, content or b"x")))
    assert "c_men" in book.defined_names
    assert KEPT in caplog.text


def test_a_template_that_is_not_there_is_named(caplog):
    with caplog.at_level(logging.WARNING):
        assert zipfile.is_zipfile(BytesIO(made(DATA, assets={})))
    assert "is not there" in caplog.text


def test_a_departments_folder_may_hold_the_sheet(tmp_path):
    (tmp_path / "visits.xlsx").write_bytes(template())
    plan = compile_form({**FORM, "outputs": {"xlsx": {"template": "aid/visits.xlsx"}}})
    paper = document(plan, DATA, language="en", heading=HEADING)
    book = load_workbook(BytesIO(XlsxOutput({"aid": tmp_path}).write(paper)))
    assert book.worksheets[0]["B3"].value == 3


@given(st.lists(st.text(max_size=12), max_size=4), st.lists(st.text(max_size=12), max_size=4))
def test_two_pointers_never_have_the_same_name(one, other):
    first, second = defined_name(pointer(*one)), defined_name(pointer(*other))
    assert (first.casefold() == second.casefold()) is (one == other)
    assert first.isascii()
    assert len(first) <= 255


def test_names_are_such_as_excel_takes():
    assert defined_name("/holders/1/0-17/2") == "yb__holders__1__0_2d_17__2"
    assert len(defined_name("/" + "a" * 400)) <= 255


@pytest.mark.parametrize(
    ("formula", "may"),
    [
        ("=SUM(B3:B5)", True), ("=B3+C3", True), ("='一 月'!B3*2", True), ("=ROUND(A1/B1*100,1)", True),
        ('=IF(A1>0,"x",1)', True), ("=$B$3%", True), ('=WEBSERVICE("http://x")', False), ("=[1]Sheet!A1", False),
        ("=cmd|'/c calc'!A1", False), ("=HYPERLINK(A1)", False), ("=INDIRECT(A1)", False), ("=name+1", False),
        ("=SUM(" * 60 + "1" + ")" * 60, False), ("=" + "1+" * 2000 + "1", False), ("no formula", False),
    ],
)  # fmt: skip
def test_formulas_that_ask_only_the_sheet_may_stay(formula, may):
    assert may_stay(formula) is may


def test_formulas_in_a_circle_are_left_to_excel():
    book = load_workbook(BytesIO(template()))
    sheet = book.worksheets[0]
    sheet["F1"], sheet["F2"], sheet["F3"] = "=F2+1", "=F1+1", "=B3/0"
    out = BytesIO()
    book.save(out)
    told = load_workbook(BytesIO(made(DATA, out.getvalue())), data_only=True).worksheets[0]
    assert told["D3"].value == 7
    assert told["F3"].value is None


def test_places_without_a_heading_are_blank():
    assert placed("a {unit} {other}", Heading(unit="{period}")) == "a {period} {other}"
    assert placed("{unit}", None).strip() == ""


def test_filling_by_hand_needs_a_workbook():
    with pytest.raises(zipfile.BadZipFile):
        filled(document(compile_form(FORM), {}, language="en", heading=HEADING), b"no")


def test_texts_that_double_are_not_reckoned() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["B1"], sheet["C1"] = "x" * 10, 2, '=IF(B1=2,"a&b",B1)'
    for row in range(2, 30):
        sheet[f"A{row}"] = f"=A{row - 1}&A{row - 1}"
    assert computed_in(book) == {1: {"C1": "a&b"}}


def test_a_cell_far_out_that_is_only_coloured_is_not_walked_to() -> None:
    book = load_workbook(BytesIO(template()))
    sheet = book.worksheets[0]
    sheet.cell(20_000, 50).fill = PatternFill("solid", fgColor="FFEEDD")
    out = BytesIO()
    book.save(out)
    tracemalloc.start()
    try:
        content = made({"men": 3, "women": 4}, out.getvalue())
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 20_000_000
    page = load_workbook(BytesIO(content), data_only=True).worksheets[0]
    assert page["A1"].value == "填报单位：Lakeside    报告期：October 2026"
    assert page["D3"].value == 7
    assert list(clipped(content)) == []
    assert list(computed_in(load_workbook(BytesIO(content)))) == [1]
