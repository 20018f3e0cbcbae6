"""Files as departments and attackers send them: read, or refused with a message that helps."""

import io
import zipfile

import pytest

from runtime.errors import EntryError
from runtime.imports import limits
from runtime.imports.sheet import read_sheets
from tests.imports.conftest import workbook

TEXT = "姓名,性别\n张三,男\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_each_encoding(encoding):
    (sheet,) = read_sheets("a.csv", TEXT.encode(encoding))
    assert list(sheet.rows) == [["姓名", "性别"], ["张三", "男"]]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_csv_with_each_separator(sign):
    text = "名单，2026年\n\n" + TEXT.replace(",", sign) + f'"a,b;c\td"{sign}女\n'
    (sheet,) = read_sheets("a.csv", text.encode())
    assert sheet.rows[2] == ["姓名", "性别"]
    assert sheet.rows[4] == ["a,b;c\td", "女"]


@pytest.mark.parametrize(("sign", "within"), [(s, w) for s in ",;\t" for w in "，；," if s != w])
def test_a_sign_that_stands_more_often_within_texts_is_no_separator(sign, within):
    place = within.join(("星澜市", "湖滨区", "荷花街道", "清风路"))
    rows = ["姓名,地址".replace(",", sign), *(f"某{n}{sign}{place}{n}号" for n in range(5))]
    (sheet,) = read_sheets("a.csv", "\n".join(rows).encode())
    assert sheet.rows[0] == ["姓名", "地址"]
    assert sheet.rows[1] == ["某0", f"{place}0号"]


@pytest.mark.parametrize(
    "text",
    [
        "姓名，性别，地址\n张三，男，1,000号\n李四，女，2号\n王五，男，3号\n赵六，男，4号\n",
        "关于，名单\n各区，注意\n说明，如下\n姓名,性别,年龄\n张三,男,3\n",
        '姓名,地址\n张三,"湖滨区,荷花街道，1号"\n李四,"清风路，1号"\n王五,"a,b,c，2号"\n',
    ],
)
def test_separators_among_other_signs(text):
    (sheet,) = read_sheets("a.csv", text.encode())
    assert next(row for row in sheet.rows if row[0] == "张三")[1:] in (
        ["男", "1,000号"],
        ["男", "3"],
        ["湖滨区,荷花街道，1号"],
    )


def test_a_workbook_with_what_is_merged():
    content = workbook([["名单", ""], ["姓名", "岁"], ["张三", 3]], ["A1:B1"])
    (sheet,) = read_sheets("a.xlsx", content)
    assert sheet.rows[2] == ["张三", 3]
    assert sheet.merged == [(0, 0, 0, 1)]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "not a sheet"),
        (b"\x89PNG\r\n", "not a sheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old format"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (b"\x00\x01\x02\x03", "not a sheet"),
        (b"\n\n , \n", "nothing in the file"),
        (b"a,b\n\xff\xff\xff", "neither in UTF-8"),
    ],
)
def test_what_is_no_sheet_is_refused_in_words_that_help(content, told):
    with pytest.raises(EntryError, match=told):
        read_sheets("a.xlsx", content)


def test_a_zip_that_is_no_workbook():
    with pytest.raises(EntryError, match="not an Excel workbook"):
        read_sheets("a.xlsx", packed({"a.txt": b"hello"}))


def test_a_truncated_workbook():
    content = workbook([["姓名", "性别"], ["张三", "男"]])
    with pytest.raises(EntryError, match="damaged"):
        read_sheets("a.xlsx", content[: len(content) // 2])


def test_a_part_that_unpacks_to_far_more_is_never_unpacked():
    bomb = repacked({"xl/worksheets/sheet1.xml": b"<worksheet>" + b" " * 40_000_000})
    assert len(bomb) < 200_000
    with pytest.raises(EntryError, match="unpacks to far more"):
        read_sheets("a.xlsx", bomb)


@pytest.mark.parametrize("cell", ["XFD1048576", "A9999999", "ZZ900000", "B1048576"])
def test_one_cell_at_the_far_corner(cell):
    row = f'<row><c r="A1"><v>1</v></c><c r = "{cell}"><v>1</v></c></row>'.encode()
    sheet = b"<worksheet><sheetData>" + row + b"</sheetData></worksheet>"
    if cell == "B1048576":  # two columns of a full sheet are many, and allowed
        limits.require_workbook(repacked({"xl/worksheets/sheet1.xml": sheet}))
        return
    with pytest.raises(EntryError, match=r"far outside|too large"):
        read_sheets("a.xlsx", repacked({"xl/worksheets/sheet1.xml": sheet}))


FAR = "<c r='A1'><v>1</v></c></row><row>"
ROWS = {
    "small letters": f"<row>{FAR}<c r='all2000'><v>1</v></c></row>",
    "many zeros": f"<row>{FAR}<c r='A000000001'/><c r='ALL2000'><v>1</v></c></row>",
    "far more letters than there are": f"<row>{FAR}<c r='{'A' * 14}1'><v>1</v></c></row>",
    "many spaces": f"<row>{FAR}{' ' * 990}<c r{' ' * 900}='ALL2000'><v>1</v></c></row>",
    "no space": f"<row>{FAR}<c t='n'r='ALL2000'><v>1</v></c></row>",
    "a row after a long attribute": f"<row>{FAR}</row><row spans='{'1 ' * 300}' r='9999999'><c/></row>",
    "cells that follow the last": f"<row>{FAR}<c r='SF2'/>{'<c><v>1</v></c>' * 3}</row>",
    "cells of another prefix": f"<row>{FAR}{'<ns-1:c><v>1</v></ns-1:c>' * 501}</row>",
    "rows that follow the last": f"<row>{FAR}</row><row r='1048575'/>{'<row/>' * 2}",
}


@pytest.mark.parametrize("size", [1 << 20, 1000])
@pytest.mark.parametrize("name", ROWS)
def test_cells_that_are_far_in_other_spellings(name, size, monkeypatch):
    monkeypatch.setattr(limits, "_PIECE", size)
    sheet = f"<worksheet><sheetData>{ROWS[name]}</sheetData></worksheet>".encode()
    with pytest.raises(EntryError, match=r"far outside|no Excel writes"):
        limits.require_workbook(repacked({"xl/worksheets/sheet1.xml": sheet}))


@pytest.mark.parametrize("size", [1 << 20, 1000])
def test_cells_that_do_not_say_where_they_are_and_are_not_far(size, monkeypatch):
    monkeypatch.setattr(limits, "_PIECE", size)
    rows = (
        "<row><c><v>1</v></c><c/></row>" * 300 + "<row collapsed='false' r='500'><c r='SF7'/></row>"
    )
    sheet = f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode()
    monkeypatch.setattr(limits, "MOST_ROWS", 800)
    monkeypatch.setattr(limits, "MOST_COLUMNS", 502)
    limits.require_workbook(repacked({"xl/worksheets/sheet1.xml": sheet}))


@pytest.mark.parametrize("name", ["xl/other/sheet.xml", "xl/Worksheets/a.xml", "xl/media/a.png"])
def test_a_sheet_where_no_program_puts_one(name):
    sheet = b"<worksheet><x:sheetData><row r='1'/></x:sheetData></worksheet>"
    with pytest.raises(EntryError, match="no Excel writes"):
        limits.require_workbook(repacked({name: sheet}))
    limits.require_workbook(repacked({"xl/media/a.svg": b"<!DOCTYPE svg><svg/>"}))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/other/sheet.bin"])
def test_a_sheet_in_two_bytes_a_letter_would_not_be_measured(name, encoding):
    sheet = "<worksheet><sheetData><row><c r='A1048576'/></row></sheetData></worksheet>"
    with pytest.raises(EntryError, match="no Excel writes"):
        limits.require_workbook(repacked({name: sheet.encode(encoding)}))


@pytest.mark.parametrize(
    "text",
    [b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>', b'<worksheet><c r="&#88;FD1"/></worksheet>'],
)
def test_entities_are_refused(text):
    with pytest.raises(EntryError, match="no Excel writes"):
        read_sheets("a.xlsx", repacked({"xl/worksheets/sheet1.xml": text}))


def test_a_place_hidden_at_the_seam_of_two_pieces(monkeypatch):
    monkeypatch.setattr(limits, "_PIECE", 50)
    for shift in range(60):
        text = b"<worksheet>" + b" " * shift + b'<c r="XFD9"/></worksheet>'
        with pytest.raises(EntryError, match="far outside"):
            limits.require_workbook(repacked({"xl/worksheets/sheet1.xml": text}))


def packed(parts):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return written.getvalue()


def repacked(changed):
    """A real workbook with some parts changed."""
    with zipfile.ZipFile(io.BytesIO(workbook([["a", "b"]]))) as made:
        parts = {part.filename: made.read(part) for part in made.infolist()}
    return packed({**parts, **changed})


def test_a_sheet_with_very_many_merged_ranges(monkeypatch):
    monkeypatch.setattr(limits, "MOST_MERGED", 2)
    rows = [["姓名", "性别"], *([n, n] for n in range(8))]
    assert read_sheets("a.xlsx", workbook(rows, ["A2:A3", "A4:A5"]))
    with pytest.raises(EntryError, match="too large"):
        read_sheets("a.xlsx", workbook(rows, ["A2:A3", "A4:A5", "A6:A7"]))
