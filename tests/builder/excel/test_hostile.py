"""What is uploaded is hostile: size, bombs, entities, macros, absurd dimensions, wrong kinds get a clear message."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from builder.excel import convert, reading
from builder.excel.reading import picture_of
from builder.excel.template import template_of
from runtime.api import EntryError
from tests.builder.excel.sheets.all import ALL

SHEET = ALL[0].content()


def with_part(name: str, content: bytes, base: bytes = SHEET) -> bytes:
    """The workbook with one part more, or another in its place."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(base)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for part in source.namelist():
            if part != name:
                made.writestr(part, source.read(part))
        made.writestr(name, content)
    return out.getvalue()


def cell_at(place: str, value: object = "x") -> bytes:
    book = Workbook()
    book.worksheets[0]["A1"] = "a"
    book.worksheets[0][place] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "damaged"),
        (b"just text", "damaged"),
        (b"%PDF-1.7", "damaged"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"x" * (reading.LARGEST + 1), "larger than 5 MB"),
        (with_part("xl/worksheets/sheet1.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet/>"), "no Excel writes"),
        (with_part("xl/media/big.bin", b"0" * 70_000_000), "unpacks to far more"),
        (cell_at("A900000"), "more cells than a form has"),
        (cell_at("RV110000"), "too large"),
        (cell_at("XFD1"), "row|column"),
        (cell_at("CV10"), "more cells than a form has"),
        (with_part("xl/worksheets/sheet1.xml", b"<worksheet><oops"), "damaged"),
    ],
    ids=["empty", "text", "pdf", "broken", "large", "entity", "bomb", "deep", "far corner", "wide",
         "wider than a form", "torn"],
)  # fmt: skip
def test_it_is_refused_in_words_that_help(content: bytes, said: str) -> None:
    with pytest.raises(EntryError, match=said):
        picture_of(content)


def formulas(*texts: str, inside: str = "<f>{}</f>") -> bytes:
    """A workbook with a formula in each line."""
    rows = "".join(
        f'<row r="{n}"><c r="A{n}">{inside.format(text)}</c></row>'
        for n, text in enumerate(texts, start=1)
    )
    return sheet_of(rows)


def sheet_of(rows: str) -> bytes:
    """A workbook with these rows."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    return with_part("xl/worksheets/sheet1.xml", sheet.encode())


LONG = "SUM(" + ",".join(["B1"] * 600) + ")"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (formulas(*["1+1"] * 6_000), "more formulas than a form's sheet: at most 5,000"),
        (formulas("1" + "+1" * 5_000), "more than 8,192 characters"),
        (formulas(*[LONG] * 150), "of 200,000 characters together"),
        (formulas("1", inside="<f><![CDATA[{}]]></f>"), "no Excel writes"),
    ],
    ids=["many", "long", "all together", "hidden"],
)
def test_a_bomb_of_formulas_is_refused_before_it_is_opened(
    content: bytes, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "load_workbook", lambda *_given, **_more: pytest.fail("opened"))
    with pytest.raises(EntryError, match=said):
        picture_of(content)


def test_shared_formulas_count_for_each_of_their_cells() -> None:
    master = f'<f t="shared" si="0" ref="A1:A199">{LONG}</f>'
    child = "<f t='shared' si='0'/>"
    rows = "".join(
        f'<row r="{n}"><c r="A{n}">{master if n == 1 else child}</c></row>' for n in range(1, 200)
    )
    with pytest.raises(EntryError, match="characters together"):
        picture_of(sheet_of(rows))


def test_macros_are_not_kept_and_that_is_told() -> None:
    content = with_part("xl/vbaProject.bin", b"macro")
    picture = picture_of(content)
    assert "macros" in picture.sheets[0].lost
    made = template_of(content, [], {}).content
    assert not any("vba" in name for name in zipfile.ZipFile(io.BytesIO(made)).namelist())


def test_formulas_that_ask_others_are_taken_out_and_named() -> None:
    made = template_of(cell_at("B2", '=WEBSERVICE("x")'), [], {})
    assert made.dropped == ("Sheet!B2",)
    assert load_workbook(io.BytesIO(made.content)).worksheets[0]["B2"].value is None
    kept = template_of(cell_at("B2", "=SUM(A1:A1)"), [], {})
    assert kept.dropped == ()


def test_names_that_are_no_places_are_taken_out() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["A1"] = "a"
    for name, where in (("area", "Sheet!$A$1:$B$2"), ("two", "Sheet!$A$1,'Sheet'!$B$2"), ("run", "cmd|'/c calc'!A1"),
                        ("far", "[1]Sheet!$A$1"), ("sum", "SUM(Sheet!$A$1)")):  # fmt: skip
        book.defined_names[name] = DefinedName(name, attr_text=where)
    out = io.BytesIO()
    book.save(out)
    made = load_workbook(io.BytesIO(template_of(out.getvalue(), [], {}).content))
    assert set(made.defined_names) == set()
    choice = DataValidation(type="list", formula1="area", sqref="A1")
    sheet.add_data_validation(choice)
    out = io.BytesIO()
    book.save(out)
    made = load_workbook(io.BytesIO(template_of(out.getvalue(), [], {}).content))
    assert set(made.defined_names) == {"area"}


def test_a_workbook_of_many_sheets_is_no_form() -> None:
    book = Workbook()
    for _n in range(reading.MOST_SHEETS):
        book.create_sheet()
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(EntryError, match="more than 12 sheets"):
        picture_of(out.getvalue())


def test_an_old_workbook_is_known_by_its_first_bytes() -> None:
    assert convert.is_old("a.xls", b"\xd0\xcf\x11\xe0rest")
    assert convert.is_old("表.ET", b"\xd0\xcf\x11\xe0rest")
    assert not convert.is_old("a.xls", SHEET)
    assert not convert.is_old("a.doc", b"\xd0\xcf\x11\xe0rest")


def test_without_libreoffice_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert.shutil, "which", lambda _name: None)
    assert not convert.there()
    with pytest.raises(EntryError, match="Save as"):
        convert.converted(b"\xd0\xcf\x11\xe0")


def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = tmp_path / "soffice"
    slow.write_text("#!/bin/sh\nsleep 60 & echo $! > pid; wait\n")
    slow.chmod(0o755)
    monkeypatch.setattr(convert, "_office", lambda: str(slow))
    monkeypatch.setattr(convert, "SECONDS", 1)
    with pytest.raises(EntryError, match="could not be converted"):
        convert.converted(b"\xd0\xcf\x11\xe0")


@pytest.mark.libreoffice
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_an_old_workbook_is_converted_and_read(tmp_path: Path) -> None:
    (tmp_path / "sheet.xlsx").write_bytes(SHEET)
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to",
               "xls:MS Excel 97", "--outdir", str(tmp_path), str(tmp_path / "sheet.xlsx")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=110)
    old = (tmp_path / "sheet.xls").read_bytes()
    assert convert.is_old("sheet.xls", old)
    picture = picture_of(convert.converted(old))
    assert picture.sheets[0].at(1, 1).text == "残疾人基本情况统计表"
    with pytest.raises(EntryError, match="could not be converted"):
        convert.converted(b"\xd0\xcf\x11\xe0" + b"no workbook" * 100)
