"""Who filled the sheet, and what is hidden in it, is in nothing that is kept or given out."""

from __future__ import annotations

import io
import zipfile
from html import unescape

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Border, Side
from openpyxl.workbook.defined_name import DefinedName

from builder.excel import about
from runtime.storage.asset_tables import ExcelSheet, FormAsset
from runtime.storage.engine import reading
from runtime.storage.tables import FormDraft
from tests.builder.excel.test_pages import make, upload
from tests.rig.city import City

SECRET = "秘"


def filled() -> bytes:
    """A list that somebody filled; all that is theirs has the sign for secret in it."""
    book = Workbook()
    sheet = book.worksheets[0]
    side = Side(style="thin")
    sheet["A1"] = "残疾人走访登记表"
    sheet["A2"], sheet["C2"] = "填报单位：秘密社区", "填表人：张秘密"
    for row in range(3, 9):
        for column in range(1, 6):
            cell = sheet.cell(row, column)
            cell.border = Border(side, side, side, side)
            if row < 5:
                cell.value = (
                    ("序号", "姓名", "身份证号", "残疾类别", "备注"),
                    (1, "李秘", "秘1", "肢体", "秘"),
                )[row - 3][column - 1]
    sheet["B4"].comment = Comment("电话 秘", "秘密作者")
    sheet["A9"] = "负责人：赵秘密    联系电话：1390000秘"
    sheet["A10"], sheet["B10"] = "联系电话：", "1380000秘"
    sheet["A11"] = "=hidden!A1"
    hidden, very = book.create_sheet("hidden"), book.create_sheet("very", 0)
    hidden["A1"] = very["A1"] = "隐藏李秘"
    hidden.sheet_state, very.sheet_state = "hidden", "veryHidden"
    sheet.oddFooter.center.text = sheet.firstHeader.left.text = "秘密页脚"
    for name in (
        "title",
        "subject",
        "description",
        "creator",
        "keywords",
        "category",
        "lastModifiedBy",
    ):
        setattr(book.properties, name, "秘密")
    book.custom_doc_props.append(StringProperty(name="秘", value="秘"))
    book.defined_names["秘密名"] = DefinedName("秘密名", attr_text=f"{sheet.title}!$A$1")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def secrets(content: bytes) -> list[str]:
    """The parts of a package in which the secret stands."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return [
            name
            for name in packed.namelist()
            if SECRET in unescape(packed.read(name).decode("utf-8", "ignore"))
        ]


@pytest.mark.databases("sqlite")
def test_nothing_of_anybody_is_kept(city: City) -> None:
    assert len(secrets(filled())) > 5
    client = city.client("sunli")
    place = upload(client, filled(), "a.xlsx").location
    with reading(city.site.engine) as session:
        kept = session.query(ExcelSheet).one()
        assert load_workbook(io.BytesIO(kept.content)).sheetnames == ["Sheet"]
        assert "张秘密" not in str(kept.found)
        assert "赵秘密" not in str(kept.found)
    page = client.get(make(client, place).location).text
    assert "What stays on the sheet" in page
    assert "Sheet!A11" in page  # the formula that asked a hidden sheet
    with reading(city.site.engine) as session:
        kept, asset = session.query(ExcelSheet).one(), session.query(FormAsset).one()
        assert secrets(kept.content) == secrets(asset.content) == []
        assert SECRET not in str(kept.found)
        assert SECRET not in session.query(FormDraft).one().source
    sample = client.get(f"{place}/sample.xlsx").data
    assert secrets(sample) == []
    said = {
        str(c.value)
        for line in load_workbook(io.BytesIO(sample)).worksheets[0].iter_rows()
        for c in line
    }
    assert {
        "Lakeside community",
        "Somebody",
        "姓名",
        "负责人：The head    联系电话：",
    } <= said


@pytest.mark.databases("sqlite")
def test_what_is_not_to_be_filled_keeps_no_value_and_other_texts_are_listed(city: City) -> None:
    client = city.client("sunli")
    book = load_workbook(io.BytesIO(filled()))
    book["Sheet"]["A12"] = "李四于十月走访，甚好"
    out = io.BytesIO()
    book.save(out)
    place = upload(client, out.getvalue(), "a.xlsx").location
    client.post(f"{place}/decide", data={"_do": "none", "cell": "0.4.3"})
    page = client.get(make(client, place).location).text
    assert "Sheet!A12: 李四于十月走访，甚好" in page
    with reading(city.site.engine) as session:
        assert secrets(session.query(FormAsset).one().content) == []


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("填表人：张三", "填表人："),
        ("负责人：赵某 联系电话：138", "负责人： 联系电话："),
        ("单位负责人：张三  统计负责人：李四", "单位负责人：  统计负责人："),
        ("填报日期：2026年10月3日", "填报日期："),
        ("Filled in by: Zhang San   Reviewed by: Li", "Filled in by:   Reviewed by:"),
        ("姓名：张三\n电话：1\n其他", "姓名：\n电话：\n其他"),
    ],
)
def test_what_stands_behind_a_label_of_a_person_goes(text: str, rest: str) -> None:
    assert about.emptied(text) == rest


@pytest.mark.parametrize(
    "text",
    [
        "计量单位：人", "单位：人", "表号：民统1表", "填表人：____  日期：  年  月  日", "填表人：{filled_by}",
        "□是 □否", "填表说明：负责人：由社区指定", "制定机关：民政局", "是否签字：□是 □否", "单位（盖章）：（公章）",
    ],
)  # fmt: skip
def test_blanks_places_instructions_and_other_words_stay(text: str) -> None:
    assert about.emptied(text) == text
