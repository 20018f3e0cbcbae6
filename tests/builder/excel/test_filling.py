"""The published form fills the department's own sheet: on the command line and from the page of the report."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from runtime import drafts
from runtime.cli.sheets import Asked, filled_sheet, write
from runtime.definitions.address import form_address
from runtime.definitions.json import dumps
from runtime.entry.versions import plan_of, require_latest
from runtime.facts import units
from runtime.judging import judge
from runtime.outputs.assets import assets_of
from runtime.periods import Period
from runtime.publishing.papers import Paper, made
from runtime.storage.engine import reading, writing
from tests.builder.excel.test_pages import BY_NAME, make, upload
from tests.rig.city import City

UNIT = "9901010010001"
"""The community of which chenwei is staff."""

pytestmark = pytest.mark.databases("sqlite")


def _publish(city: City) -> None:
    """The form of the sheet with three header rows, published."""
    client = city.client("sunli")
    place = upload(client, BY_NAME["holders, three header rows"].content()).location
    client.post(f"{place}/decide", data={"_do": "all"})
    make(client, place, name="own-sheet")
    with writing(city.site.engine) as session:
        address = form_address("disabled-persons/own-sheet")
        drafts.publish(session, city.site.library, address, 1, None)


def test_yibiao_fill_fills_the_departments_sheet(city: City, tmp_path: Path) -> None:
    _publish(city)
    asked = Asked("disabled-persons/own-sheet", UNIT, Period.parse("202610"))
    sheet = filled_sheet(city.site, asked)
    write(city.site, sheet, tmp_path / "own.xlsx")
    book = load_workbook(tmp_path / "own.xlsx", data_only=True)
    (page,) = book.worksheets
    data = sheet.document.data["holders"]
    for row, grade in enumerate("1234", start=6):
        for column, (age, sex) in enumerate(
            ((age, sex) for age in ("0-17", "18-59", "60-") for sex in "12"), start=2
        ):
            assert page.cell(row, column).value == data[grade][age][sex]
        assert page.cell(row, 8).value == data[grade]["total"]["total"]
    assert page["H10"].value == data["total"]["total"]["total"]
    with reading(city.site.engine) as session:
        title = units.by_code(session, UNIT).title["en"]
    assert page["A2"].value == f"填报单位：{title}"
    assert page["D2"].value == "报告期：October 2026"


def test_a_sheet_that_is_not_here_is_told_before_publishing(city: City) -> None:
    _publish(city)
    with reading(city.site.engine) as session:
        plan = plan_of(require_latest(session, form_address("disabled-persons/own-sheet")))
        assets = assets_of(session, plan)
    paper = Paper("en", worst=False, format="xlsx")
    assert [
        p.code for p in made(plan, city.site.outputs, paper, assets) if p.code == "template"
    ] == []
    (told,) = [p for p in made(plan, city.site.outputs, paper, {}) if p.code == "template"]
    assert told.pointer == "/outputs/xlsx/template"


@pytest.mark.parametrize(
    "name", ["x", "sha256:abc", "../a.xlsx", "housing/rented.html", "file:///etc/passwd.xlsx"]
)
def test_a_template_has_a_name_of_one_of_two_kinds(city: City, name: str) -> None:
    form = {
        **city.site.library.form("disabled-persons/residents-monthly"),
        "outputs": {"xlsx": {"template": name}},
    }
    judged = judge(city.site.library, form_address("disabled-persons/other"), dumps(form))
    assert any(p.severity == "error" and "/outputs/xlsx" in p.pointer for p in judged.problems)


def test_the_page_of_the_report_gives_the_same_sheet(city: City) -> None:
    _publish(city)
    staff = city.client("chenwei")
    inbox = staff.get("/").text
    assert "残疾人基本情况统计表" in inbox
    begun = staff.post(
        "/entries/",
        data={
            "form": "https://yibiao.example/defs/forms/disabled-persons/own-sheet.json",
            "unit": UNIT,
            "period": "202610",
        },
    )
    entry = begun.location
    page = load_workbook(io.BytesIO(staff.get(f"{entry}/download/xlsx").data)).worksheets[0]
    assert page["A1"].value == "残疾人基本情况统计表"
    assert isinstance(page["B6"].value, int)
    blank = load_workbook(io.BytesIO(staff.get(f"{entry}/download/xlsx?blank=1").data)).worksheets[
        0
    ]
    assert blank["B6"].value is None
    assert blank["A2"].value.startswith("填报单位：")
