"""What was wrong comes back in the same sheet, marked; and no text of a user is ever a formula."""

import io
import zipfile

import openpyxl
import pytest
from openpyxl.styles import PatternFill

from runtime.imports import returned
from runtime.imports.returned import returned_sheet
from tests.imports.conftest import workbook

pytestmark = pytest.mark.databases("sqlite")

EVIL = ("=1+1", '=HYPERLINK("http://a")', "+1", "-1+1", "@SUM(A1)", "\t=1", "＝1+1")


def back(desk, content, **more):
    made, _counts = desk.check(content, **more)
    written = returned_sheet(desk.site, made)
    return (
        None
        if written is None
        else openpyxl.load_workbook(io.BytesIO(written.content)).worksheets[0]
    )


def test_nothing_comes_back_where_nothing_is_wrong(desk):
    one = next(p for p in desk.people() if "identity_number" in p.document).document
    assert back(desk, f"姓名,公民身份号码\n{one['name']},{one['identity_number']}\n") is None


def test_the_wrong_cells_of_a_workbook_are_marked(desk):
    rows = [
        ["名单", "", ""],
        ["姓名", "公民身份号码", "性别"],
        ["张三", "12", "男"],
        ["李四", "13", "公"],
    ]
    sheet = back(desk, workbook(rows, ["A1:C1", "A3:A4"]), name="a.xlsx")
    assert sheet["A1"].value == "名单"
    assert sheet["D2"].value == "What is wrong"
    assert "公民身份号码: “12” is not a resident identity number" in sheet["D3"].value
    assert sheet["B3"].fill.fgColor.rgb == "FFF2B8B5"
    assert "“公” is not one of the choices" in sheet["C4"].comment.text
    assert sheet["C3"].comment is None


def test_a_csv_comes_back_as_a_workbook(desk):
    sheet = back(desk, "名单\n\n姓名,公民身份号码\n张三,12\n")
    assert [cell.value for cell in sheet[3]] == ["姓名", "公民身份号码", "What is wrong"]
    assert sheet["B4"].comment is not None


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_no_text_of_a_user_is_a_formula(desk, kind):
    rows = [["姓名", "公民身份号码", "户籍地"], *([text, text, text] for text in EVIL)]
    if kind == "csv":
        quoted = ('","'.join(str(v).replace('"', '""') for v in row) for row in rows)
        content = "\n".join(f'"{row}"' for row in quoted)
    else:
        book = openpyxl.load_workbook(io.BytesIO(workbook(rows)))
        for line in book.worksheets[0].iter_rows(min_row=2):
            for cell in line:
                cell.data_type = "s"
        written = io.BytesIO()
        book.save(written)
        content = written.getvalue()
    sheet = back(desk, content, name=f"a.{kind}")
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type != "f" for cell in cells)
    for cell in cells:
        if str(cell.value).startswith(("=", "+", "-", "@", "\t", "＝")):
            assert cell.quotePrefix, cell.value


def test_a_formula_of_the_department_comes_back_as_its_value_or_not_at_all(desk):
    rows = [["姓名", "公民身份号码", "岁"], ["张三", "12", "=1+1"]]
    sheet = back(desk, workbook(rows), name="a.xlsx")
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_a_sheet_of_very_many_cells_comes_back_with_its_wrong_rows_only(desk, monkeypatch):
    """Those that are merged count: a few bytes may merge millions."""
    one = next(p for p in desk.people() if "identity_number" in p.document).document
    rows = [["姓名", "公民身份号码"], [one["name"], one["identity_number"]], ["张三", "12"]]
    monkeypatch.setattr(returned, "COPIED_CELLS", 20)
    whole = back(desk, workbook(rows), name="a.xlsx")
    assert whole["B3"].value == "12"
    merged = back(desk, workbook(rows, ["D1:F9"]), name="a.xlsx")
    assert merged["A2"].value == "张三"


def test_how_many_wrong_rows_are_left_out_is_told(desk, monkeypatch):
    monkeypatch.setattr(returned, "MOST_RETURNED", 2)
    sheet = back(desk, "姓名,公民身份号码\n张三,12\n李四,13\n王五,14\n")
    assert sheet["C1"].value.startswith("What is wrong (2 of 3 rows")
    assert sheet["C3"].value
    assert sheet["C4"].value is None


def test_what_is_merged_with_a_wrong_cell_is_let_out(desk):
    rows = [["姓名", "公民身份号码", "性别"], ["张三", "12", "男"], ["李四", "13", "男"]]
    sheet = back(desk, workbook(rows, ["A2:A3", "B3:C3"]), name="a.xlsx")
    assert {str(box) for box in sheet.merged_cells.ranges} == {"A2:A3"}


def test_a_workbook_that_cannot_be_copied_comes_back_as_a_new_one(desk):
    book = openpyxl.load_workbook(io.BytesIO(workbook([["姓名", "公民身份号码"], ["张三", "12"]])))
    book.active["A1"].fill = PatternFill("solid", fgColor="FF00FF00")
    written, odd = io.BytesIO(), io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as made, zipfile.ZipFile(odd, "w") as spoilt:
        for name in made.namelist():
            spoilt.writestr(name, made.read(name).replace(b"FF00FF00", b"automatic"))
    sheet = back(desk, odd.getvalue(), name="a.xlsx")
    assert [cell.value for cell in sheet[1]] == ["姓名", "公民身份号码", "What is wrong"]
    assert "is not a resident identity number" in sheet["C2"].value


def test_what_lies_between_far_cells_is_not_made():
    made = openpyxl.Workbook()
    made.active.cell(60_000, 400).value = "远"
    written = io.BytesIO()
    made.save(written)
    copied = returned._copy(written.getvalue())
    assert len(copied.active._cells) == 1
