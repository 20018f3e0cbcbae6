"""A sheet becomes a form, through the pages: taken in, decided, made, filled; and what is refused on the way."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl import load_workbook

from runtime import clock
from runtime.outputs.work import forget_before
from runtime.storage.asset_tables import ExcelSheet, FormAsset
from runtime.storage.engine import reading
from runtime.storage.tables import FormDraft
from tests.builder.excel.sheets.all import ALL
from tests.builder.excel.sheets.describe import Described, Page
from tests.rig.city import City

pytestmark = pytest.mark.databases("sqlite")
FRONT = "/builder/excel/"
BY_NAME = {one.name: one for one in ALL}
HOLDERS = BY_NAME["holders, three header rows"].content()


def upload(
    client: Any, content: bytes = HOLDERS, name: str = "残疾人统计表.xlsx", **more: str
) -> Any:
    data = {"department": "disabled-persons", **more, "file": (io.BytesIO(content), name)}
    return client.post(FRONT, data=data, content_type="multipart/form-data")


def make(client: Any, place: str, **more: Any) -> Any:
    asked = {"name": "holders-test", "title": "残疾人基本情况统计表", "about": "period", "frequency": "monthly",
             "level": ["community"], "due": "5"}  # fmt: skip
    return client.post(f"{place}/make", data={**asked, **more})


def test_more_cells_than_a_form_has_are_refused(city: City) -> None:
    lines = [
        "站点 | 甲项 | 乙项 | 丙项 | 丁项 | 戊项 | 己项",
        *(f"{n}站 | [] | [] | [] | [] | [] | []" for n in range(350)),
    ]
    answer = upload(city.client("sunli"), Described("large", (Page(lines),)).content())
    assert answer.status_code == 400
    assert "2100 cells to fill are more than a form has" in answer.text


def test_a_sheet_without_a_cell_to_fill_says_what_to_do(city: City) -> None:
    answer = upload(
        city.client("sunli"), Described("words", (Page("~只有说明，没有表格。"),)).content()
    )
    assert answer.status_code == 400
    assert "No cell to fill was found" in answer.text


@pytest.mark.parametrize(
    ("name", "status"),
    [("sunli", 200), ("hejun", 403), ("chenwei", 403), ("zhouming", 403), ("", 302)],
)
def test_only_designers_get_in(city: City, name: str, status: int) -> None:
    assert city.client(name).get(FRONT).status_code == status


def test_a_sheet_is_drawn_with_its_proposals(city: City) -> None:
    client = city.client("sunli")
    place = upload(client).location
    page = client.get(place).text
    assert "40 cells to fill" in page
    assert "Certificate holders by grade, age and sex · Grade 1 · Under 18 · Male" in page
    assert 'colspan="8"' in page
    assert 'style="' not in page


def test_from_the_sheet_to_a_filled_sheet(city: City) -> None:
    client = city.client("sunli")
    place = upload(client).location
    assert client.post(f"{place}/decide", data={"_do": "all"}).status_code == 303
    answer = make(client, place)
    assert answer.location == f"{place}/made"
    page = client.get(answer.location).text
    assert "it may be published" in page
    assert "holders-test" in client.get("/builder/forms/disabled-persons/holders-test").text
    book = load_workbook(io.BytesIO(client.get(f"{place}/sample.xlsx").data))
    sheet = book.worksheets[0]
    assert sheet["A1"].value == "残疾人基本情况统计表"
    assert isinstance(sheet["B6"].value, int)
    assert sheet["H6"].value == sum(sheet.cell(6, column).value for column in range(2, 8))
    assert sheet["A2"].value == "填报单位：Lakeside community"
    assert "A1:H1" in map(str, sheet.merged_cells.ranges)


def test_one_cell_is_accepted_changed_left_out_and_taken_back(city: City) -> None:
    client = city.client("sunli")
    place = upload(client, BY_NAME["one resident"].content()).location
    page = client.get(f"{place}?cell=0.2.2").text
    assert "the title is the same: “姓名”" in page
    for step, told in (("accept", "taken"), ("none", "not to fill"), ("own", "own cell")):
        client.post(f"{place}/decide", data={"_do": step, "cell": "0.2.2"})
        assert f">{told}</span>" in client.get(f"{place}?cell=0.2.2").text
    client.post(f"{place}/decide", data={"_do": "undo", "cell": "0.2.2"})
    assert ">proposed</span>" in client.get(f"{place}?cell=0.2.2").text
    found = client.get(f"{place}/search?cell=0.9.2&q=volunteer").text
    address = re.search(r'name="address" value="([^"]+volunteer)"', found)
    assert address
    client.post(f"{place}/decide", data={"_do": "take", "cell": "0.9.2", "address": address[1]})
    assert "Volunteer" in client.get(f"{place}?cell=0.9.2").text


def test_what_is_said_of_one_line_of_a_list_counts_for_its_column(city: City) -> None:
    client = city.client("sunli")
    place = upload(client, BY_NAME["list of children"].content()).location
    client.post(f"{place}/decide", data={"_do": "none", "cell": "0.4.2"})
    assert "3 not to fill" in client.get(place).text


def test_headers_that_name_no_code_are_told(city: City) -> None:
    client = city.client("sunli")
    place = upload(client, BY_NAME["a table of the department's own"].content()).location
    address = "https://yibiao.example/defs/indicators/disability.json#/properties/holders"
    answer = client.post(
        f"{place}/decide", data={"_do": "take", "cell": "0.3.2", "address": address}
    )
    assert answer.status_code == 422
    assert "name no code of “Certificate holders by grade, age and sex”" in answer.text


def test_a_name_that_is_taken_is_refused_and_nothing_typed_is_lost(city: City) -> None:
    client = city.client("sunli")
    place = upload(client).location
    answer = make(client, place, name="residents-monthly", title="What I typed")
    assert answer.status_code == 409
    assert "There is a form residents-monthly already" in answer.text
    assert "What I typed" in answer.text
    assert make(client, place, name="No Way").status_code == 422


def test_a_name_is_refused_where_it_is_too_long_never_cut(city: City) -> None:
    client = city.client("sunli")
    answer = make(client, upload(client).location, name="a" * 59 + "-bc")
    assert answer.status_code == 422
    assert "at most 60 characters" in answer.text


def test_the_preview_shows_the_departments_own_sheet(city: City) -> None:
    client = city.client("sunli")
    make(client, upload(client).location)
    paper = "/builder/forms/disabled-persons/holders-test/preview/paper.xlsx?show=xlsx"
    sheet = load_workbook(io.BytesIO(client.get(paper).data)).worksheets[0]
    assert "A1:H1" in map(str, sheet.merged_cells.ranges)
    assert sheet["A1"].value == "残疾人基本情况统计表"


def test_made_again_it_takes_the_place_of_its_own_draft(city: City) -> None:
    client = city.client("sunli")
    place = upload(client).location
    make(client, place)
    assert make(client, place, title="Another title").status_code == 303
    with reading(city.site.engine) as session:
        draft = session.query(FormDraft).one()
        assert "Another title" in draft.source
        assert session.query(FormAsset).count() == 1


def test_what_was_filled_in_is_kept_no_longer_than_needed(city: City) -> None:
    client = city.client("sunli")
    place = upload(client, BY_NAME["one resident, filled"].content()).location
    assert "家庭住址" in client.get(place).text
    make(client, place, about="subject", subject="resident", name="card")
    with reading(city.site.engine) as session:
        kept = session.query(ExcelSheet).one()
        asset = session.query(FormAsset).one()
        for content in (kept.content, asset.content):
            book = load_workbook(io.BytesIO(content))
            said = {str(c.value) for line in book.worksheets[0].iter_rows() for c in line}
            assert "姓名" in said
            assert not said & {"王秀兰", "13900000018", "990101193803120021"}
        assert "王秀兰" not in str(kept.found)


def test_the_rows_of_a_list_may_be_those_of_its_register(city: City) -> None:
    client = city.client("sunli")
    place = upload(client, BY_NAME["list of children"].content()).location
    page = client.get(place).text
    assert "a row for each of the unit in “Residents”" in page
    block = re.search(r'name="filled" value="(\d+)"', page)
    assert block
    answer = make(client, place, name="children", filled=[block[1]])
    assert "it may be published" in client.get(answer.location).text
    with reading(city.site.engine) as session:
        assert '"list": "resident"' in session.query(FormDraft).one().source


def test_another_departments_sheet_is_not_shown(city: City) -> None:
    assert upload(city.client("sunli"), department="civil-affairs").status_code == 403
    place = upload(city.client("sunli")).location
    for path in ("", "/made", "/search?q=x", "/sample.xlsx"):
        assert city.client("hejun").get(place + path).status_code == 403
    assert city.client("sunli").get(f"{FRONT}none").status_code == 404


def test_sheets_that_nobody_works_at_are_thrown_away(city: City) -> None:
    client = city.client("sunli")
    place = upload(client).location
    run = SimpleNamespace(site=city.site)
    assert forget_before(run, clock.now() - timedelta(days=1)) == 0
    assert client.get(place).status_code == 200
    assert forget_before(run, clock.now() + timedelta(days=1)) == 1
    assert client.get(place).status_code == 404


def test_thrown_away_it_is_gone_and_its_form_stays(city: City) -> None:
    client = city.client("sunli")
    place = upload(client).location
    make(client, place)
    client.post(f"{place}/discard")
    assert client.get(place).status_code == 404
    assert client.get("/builder/forms/disabled-persons/holders-test").status_code == 200


def test_in_chinese_the_pages_speak_chinese(city: City) -> None:
    client = city.client("sunli", "zh-CN")
    page = client.get(upload(client).location).text
    assert "按等级、年龄、性别分的持证残疾人 · 一级 · 18岁以下 · 男" in page
    assert "全部采纳" in page
