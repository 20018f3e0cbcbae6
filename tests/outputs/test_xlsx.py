"""The workbook: laid out, live, safe, and the same bytes each time."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from runtime.definitions.plan import Formula
from runtime.outputs.document import Heading, document, values
from runtime.outputs.package import with_values
from runtime.outputs.workbook import cell_name, sheet_name
from runtime.outputs.xlsx import XlsxOutput
from tests.outputs import forms
from tests.outputs.reading import at, sheet, texts

HEADING = Heading(
    unit="Lakeside & Co",
    period="October 2026",
    printed_on=datetime(2026, 11, 3, 6, 32, tzinfo=UTC),
)


def made(plan=None, data=None, choices=None, *, language="en", blank=False):
    if plan is None:
        plan, data, choices = forms.report(), forms.report_data(), forms.REPORT_CHOICES
    return document(plan, data, choices, language=language, heading=HEADING, blank=blank)


def write(*args, **more):
    return XlsxOutput().write(made(*args, **more))


def test_every_cell_has_a_name_and_its_value():
    doc = made()
    file = XlsxOutput().write(doc)
    for value in values(doc.blocks):
        found = at(file, cell_name(value.pointer), values=True).value
        if value.excel.value in ("", None) or value.text == "":
            assert found is None
        elif isinstance(value.raw, Decimal):
            assert Decimal(str(found)) == value.raw
        elif isinstance(value.raw, int) and not isinstance(value.raw, bool):
            assert found == value.raw
        elif value.type == "date":
            assert found.date().isoformat() == value.raw
        else:
            assert found == value.text


def test_names_come_from_pointers():
    assert cell_name("/holders/1/0-17/F") == "c_holders_1_0_17_F"
    assert cell_name("/a~1b") == "c_a_b"
    assert cell_name("") == "c_"


def test_names_that_excel_would_take_for_one_stay_apart():
    plan = forms.plan(
        *(forms.cell(name, forms.words(name), {"type": "string"}) for name in ("a-b", "a_b", "A_B"))
    )
    file = write(plan, {"a-b": "1", "a_b": "2", "A_B": "3"})
    assert [at(file, n).value for n in ("c_a_b", "c_a_b_2", "c_A_B_3")] == ["1", "2", "3"]


def test_totals_are_formulas_that_carry_their_value():
    file = write()
    live, stored = at(file, "c_holders_1_total"), at(file, "c_holders_1_total", values=True)
    assert re.fullmatch(r'=IF\(COUNT\((\w+:\w+)\)=0,"",SUM\(\1\)\)', live.value)
    assert stored.value == forms.figures()["1"]["total"]
    amount, total = at(file, "c_sum"), at(file, "c_sum", values=True)
    assert "ROUND(SUM(" in amount.value
    assert Decimal(str(total.value)) == forms.report_data()["sum"]


def test_totals_of_nothing_are_empty_but_live():
    file = write(forms.plan(forms.cross_table()), {})
    assert at(file, "c_holders_1_total").value.startswith("=IF(COUNT(")
    assert at(file, "c_holders_1_total", values=True).value in (None, "")


def total_of(parts, data, total_of=("1/a", "1/b")):
    """The formula or value of a total beside these parts."""
    plan = forms.plan(
        *parts,
        forms.cell(
            "t", forms.words("T"), {"type": "number", "totalOf": list(total_of)}, total_of=total_of
        ),
    )
    return at(write(plan, data), "c_t").value


def figure(name):
    return forms.cell(name, forms.words(name), {"type": "number"})


def test_a_total_is_a_plain_value_where_a_formula_would_say_something_else():
    both = (figure("a"), figure("b"))
    assert str(total_of(both, {"a": 1, "b": 2, "t": 3})).startswith("=IF(COUNT(")
    assert total_of(both, {"a": 1, "b": 2, "t": 4}) == 4  # not the sum of its parts
    assert total_of(both[:1], {"a": 1, "b": 2, "t": 3}) == 3  # a part is not on the sheet
    huge = 12345678901234567890
    assert total_of(both, {"a": huge, "b": 2, "t": huge + 2}) == str(huge + 2)  # a part is text
    assert total_of(both, {"a": 1, "b": 2}) is None  # nobody has added it up


def test_a_part_that_is_neither_drawn_nor_there_does_not_matter():
    assert str(total_of((figure("a"),), {"a": 1, "t": 1})).startswith("=IF(COUNT(")


def worked(parts, data, text="=ROUND(a/b*100,1)"):
    """What stands in the cell that is worked out from `a` and `b`, and in the file beside it."""
    own = Formula(text, {"a": "1/a", "b": "1/b"})
    schema = {"type": "number", "digits": 1}
    plan = forms.plan(*parts, forms.cell("f", forms.words("F"), schema, own=own, read_only=True))
    return at(write(plan, data), "c_f").value


def test_a_formula_is_live_in_the_sheet_where_it_says_what_is_stored():
    both = (figure("a"), figure("b"))
    live = worked(both, {"a": 1, "b": 3, "f": Decimal("33.3")})
    assert re.fullmatch(
        r'=IF\(COUNT\((\w+),(\w+)\)<2,"",IFERROR\(ROUND\(ROUND\(\(\(\1/\2\)\*100\),1\),1\),""\)\)',
        live,
    )
    assert worked(both, {"a": 1, "b": 0}).startswith("=IF(COUNT(")
    assert worked(both, {"a": 1, "b": 3, "f": 34}) == 34
    assert worked(both[:1], {"a": 1, "b": 3, "f": Decimal("33.3")}) == pytest.approx(33.3)


def test_merged_headings_and_boxes():
    worksheet = sheet(write())
    said = {c.value: c.coordinate for row in worksheet.iter_rows() for c in row if c.value}
    merged = {str(found).split(":")[0]: str(found) for found in worksheet.merged_cells.ranges}
    assert worksheet[said["Under 18"]].column < worksheet[said["18 and over"]].column
    assert said["Under 18"] in merged
    assert said["Grade"] in merged
    assert merged[said["Sample, monthly"]].startswith("A")
    box = worksheet[merged[said["Under 18"]]][0]
    assert all(c.border.top.style == "thin" and c.border.bottom.style == "thin" for c in box)


def test_text_never_becomes_a_formula():
    cells = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "#N/A", "TRUE", "1"]
    plan = forms.plan(
        *(
            forms.cell(f"f{i}", forms.words("=HYPERLINK(1)"), {"type": "string"})
            for i in range(len(cells))
        )
    )
    file = write(plan, {f"f{i}": text for i, text in enumerate(cells)})
    for i, text in enumerate(cells):
        found = at(file, f"c_f{i}")
        assert found.data_type == "s"
        assert found.value == text.replace("\r", "\n")
    with ZipFile(BytesIO(file)) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")


def test_identifiers_keep_their_18_digits_and_dates_are_dates():
    file = write()
    number = at(file, "c_rows_0_number")
    assert (number.value, number.data_type, number.number_format) == (
        "650103198001010000",
        "s",
        "@",
    )
    day = at(file, "c_rows_0_day")
    assert (day.is_date, day.value) == (True, datetime(2026, 10, 1))  # noqa: DTZ001 - as Excel has it


@pytest.mark.parametrize("columns", [2, 5, 8])
def test_an_identity_number_is_not_broken_whatever_else_stands_on_the_sheet(columns):
    ages = [(f"a{i}", f"Age group {i}", f"{i}岁") for i in range(columns)]
    plan = forms.plan(forms.cross_table(ages), forms.rows()[0])
    file = write(plan, {"holders": forms.figures(ages), "rows": forms.cases(2)})
    worksheet, first = sheet(file), at(file, "c_rows_0_number")
    merged = [m for m in worksheet.merged_cells.ranges if first.coordinate in m]
    last = merged[0].max_col if merged else first.column
    letters = map(get_column_letter, range(first.column, last + 1))
    assert sum(worksheet.column_dimensions[letter].width for letter in letters) >= 20


def test_a_sheet_hardly_longer_than_a_page_is_printed_on_one():
    plan, fits = forms.plan(forms.rows()[0]), []
    for count in range(16, 46, 2):
        worksheet = sheet(write(plan, {"rows": forms.cases(count)}))
        fits.append(worksheet.page_setup.fitToHeight)
    assert fits == sorted(fits, key=[1, 0, 2].index)
    assert set(fits) == {1, 0, 2}


def test_choices_are_lists_to_choose_from():
    worksheet = sheet(write())
    rules = {r.formula1: str(r.sqref) for r in worksheet.data_validations.dataValidation}
    assert rules['"Yes,No"'] == at(write(), "c_visited").coordinate


def test_long_lists_stand_on_a_hidden_sheet():
    codes = {
        "type": "string",
        "oneOf": [{"const": str(i), "title": f"Code, {i}"} for i in range(80)],
    }
    file = write(forms.plan(forms.cell("code", forms.words("Trade"), codes)), {"code": "7"})
    book = openpyxl.load_workbook(BytesIO(file))
    assert book["lists"].sheet_state == "hidden"
    (rule,) = book.worksheets[0].data_validations.dataValidation
    assert rule.formula1 == "'lists'!$A$1:$A$80"
    assert book["lists"]["A80"].value == "Code, 79"


def test_paper_and_print_area():
    outputs = {"xlsx": {"paper": "A3", "orientation": "landscape"}}
    worksheet = sheet(write(forms.report(outputs=outputs), forms.report_data(), {}))
    setup = worksheet.page_setup
    assert (setup.paperSize, setup.orientation, setup.fitToWidth, setup.fitToHeight) == (
        8,
        "landscape",
        1,
        1,
    )
    assert worksheet.sheet_properties.pageSetUpPr.fitToPage
    assert worksheet.print_area.startswith("'Sample, monthly'!$A$1:")
    assert worksheet.oddFooter.left.text == "DPF-07 · Lakeside && Co · October 2026"
    assert worksheet.oddFooter.right.text == "Page &P of &N"


def test_headings_of_a_long_table_stay_in_sight_and_on_every_page():
    plan = forms.plan(*forms.rows())
    worksheet = sheet(write(plan, {"rows": forms.cases(60)}))
    first = at(write(plan, {"rows": forms.cases(60)}), "c_rows_0_name").row
    assert worksheet.freeze_panes == f"B{first}"
    assert worksheet.print_title_rows == f"${first - 2}:${first - 1}"


def test_the_same_entry_gives_the_same_bytes():
    assert write() == write()
    with ZipFile(BytesIO(write())) as package:
        assert {info.date_time for info in package.infolist()} == {(2026, 11, 3, 6, 32, 0)}
        assert b"2026-11-03T06:32:00Z</dcterms:modified>" in package.read("docProps/core.xml")


def test_properties():
    properties = openpyxl.load_workbook(BytesIO(write())).properties
    assert (properties.title, properties.creator) == ("Sample, monthly", "Lakeside & Co")
    assert properties.created == datetime(2026, 11, 3, 6, 32)  # noqa: DTZ001 - as the file has it


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("月报", "月报"),
        ("a/b:c*d?e[f]g\\h", "a b c d e f g h"),
        ("'quoted'", "quoted"),
        ("x" * 40, "x" * 31),
        ("***", "Form"),
        ("", "Form"),
    ],
)
def test_tab_names(title, name):
    assert sheet_name(title) == name


def test_an_empty_print_has_lists_but_no_values():
    file = write(forms.report(), blank=True)
    assert at(file, "c_visited", values=True).value is None
    assert sheet(file).data_validations.dataValidation
    assert at(file, "c_rows_7_name").value is None
    assert any("if Visited at home is Yes" in text for text in texts(sheet(file)))
    assert at(file, "c_sum").value.startswith("=IF(COUNT(")


def test_chinese_counts_double_for_widths_and_long_texts_get_their_lines():
    plan = forms.plan(
        forms.cell("t", forms.words("说明"), {"type": "string", "format": "long-text"})
    )
    worksheet = sheet(write(plan, {"t": "长" * 1_000}))
    height = sum(d.height or 0 for d in worksheet.row_dimensions.values())
    assert height > 20 * 15
    short = sheet(write(plan, {"t": "l" * 1_000}))
    assert sum(d.height or 0 for d in short.row_dimensions.values()) < height


def test_a_text_higher_than_excels_highest_row_takes_several():
    plan = forms.plan(
        forms.cell("t", forms.words("说明"), {"type": "string", "format": "long-text"})
    )
    worksheet = sheet(write(plan, {"t": "行\n" * 400}))
    assert max(d.height or 0 for d in worksheet.row_dimensions.values()) < 410
    boxes = [r for r in worksheet.merged_cells.ranges if r.size["rows"] > 5]
    said = {worksheet.cell(box.min_row, box.min_col).value for box in boxes}
    assert said == {"说明", "行\n" * 400}


def test_tables_of_different_widths_share_one_grid():
    ages = [(f"{i}", f"Age {i}", f"{i}岁") for i in range(10)]
    plan = forms.plan(forms.cross_table(ages), *forms.rows())
    worksheet = sheet(write(plan, {"holders": forms.figures(ages), "rows": forms.cases(3)}))
    assert worksheet.max_column < 40
    name = at(
        write(plan, {"holders": forms.figures(ages), "rows": forms.cases(3)}), "c_rows_0_name"
    )
    assert worksheet[name.coordinate].value == "王芳0"


def test_values_are_put_beside_formulas():
    sheet = '<c r="A1" s="3"><f>SUM(B1)</f><v /></c><c r="A2"><f>"a"</f><v></v></c><c r="A3"><v>1</v></c>'
    assert with_values(sheet, {"A1": "2.50", "A2": "<"}) == (
        '<c r="A1" s="3"><f>SUM(B1)</f><v>2.50</v></c>'
        '<c r="A2" t="str"><f>"a"</f><v>&lt;</v></c><c r="A3"><v>1</v></c>'
    )
