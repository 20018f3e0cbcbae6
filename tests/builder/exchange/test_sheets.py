"""Workbooks are hostile: each says what is wrong with it, and costs nothing."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from builder.exchange.bundles import files_in
from builder.exchange.columns import Column, column_of, language_name, tag_of
from builder.exchange.sheets import read_sheets, text_of, write_sheets
from runtime.api import OperatorError


def _bomb() -> bytes:
    """A workbook whose one sheet unpacks to far more than it is."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    return content.getvalue()


def _entities() -> bytes:
    content = io.BytesIO(write_sheets({"survey": [["type"], ["text"]]}))
    made = io.BytesIO()
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(made, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename == "xl/workbook.xml":
                text = b'<!DOCTYPE a [<!ENTITY b "c">]>' + text
            new.writestr(part.filename, text)
    return made.getvalue()


def _wide() -> bytes:
    return write_sheets({"survey": [["x"] * 450]})


def _long() -> bytes:
    return write_sheets({"survey": [["x"]] * 20_010})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04 and nothing", "damaged"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "damaged"),
        (b"%PDF-1.7", "is not a sheet"),
        (b"a,b\n1,2\n", "is no Excel workbook"),
        (_bomb(), "unpacks to far more"),
        (_entities(), "no Excel writes"),
        (_wide(), "more than a form"),
        (_long(), "more than a form"),
        (b"PK\x03\x04" + b"x" * 9_000_000, "too large"),
    ],
    ids=["empty", "zip", "old", "pdf", "csv", "bomb", "entities", "wide", "long", "large"],
)
def test_what_is_no_workbook_is_named(content: bytes, says: str) -> None:
    with pytest.raises(OperatorError) as error:
        read_sheets("upload.xlsx", content)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (1.5, "1.5"),
        (True, "TRUE"),
        (None, ""),
        (datetime.fromisoformat("2026-01-02"), "2026-01-02"),
        (datetime.fromisoformat("2026-01-02T03:04"), "2026-01-02 03:04:00"),
        (date(2026, 1, 2), "2026-01-02"),
        (time(3, 4), "03:04:00"),
        ("a\xa0b ", "a b"),
    ],
)
def test_cells_are_texts(value: object, text: str) -> None:
    assert text_of(value) == text


def test_rows_keep_their_place() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["C3"], sheet["D5"] = "x", "y"
    content = io.BytesIO()
    book.save(content)
    assert read_sheets("x.xlsx", content.getvalue()) == {
        "Sheet": [[], [], ["", "", "x"], [], ["", "", "", "y"]]
    }


_FILES = (
    Path(__file__).with_name("old.xls").read_bytes(),
    write_sheets({"survey": [["type", "name"], ["text", "a"]]}),
)


@given(st.sampled_from([0, 1]), st.lists(st.tuples(st.integers(0, 9_999), st.binary(max_size=4))))
def test_what_is_damaged_raises_nothing_but_its_own(
    which: int, changes: list[tuple[int, bytes]]
) -> None:
    broken = bytearray(_FILES[which])
    for place, fresh in changes:
        broken[place : place + len(fresh)] = fresh
    with suppress(OperatorError):
        read_sheets("broken.xls", bytes(broken))


def test_one_cell_at_the_far_corner_is_not_laid_out() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet.cell(19_000, 390).value = "type", "x"
    content = io.BytesIO()
    book.save(content)
    with pytest.raises(OperatorError, match="too large"):
        read_sheets("x.xlsx", content.getvalue())


def test_a_zip_without_a_form_says_so() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr("a.txt", "x")
    with pytest.raises(OperatorError, match="holds no form"):
        files_in("set.zip", content.getvalue())


def test_a_set_is_bounded() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.json", b" " * 30_000_000)
    with pytest.raises(OperatorError, match="too large"):
        files_in("set.zip", content.getvalue())


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("label::English (en)", Column("label", "English (en)")),
        ("Label:English", Column("label", "English")),
        ("bind::relevant", Column("relevant")),
        ("bind::jr:constraintMsg", Column("constraint_message")),
        ("media::image::French (fr)", Column("image", "French (fr)")),
        ("list name", Column("list_name")),
        ("jr:count", Column("repeat_count")),
        ("instance::x", Column("instance::x")),
        ("", None),
    ],
)
def test_headers_name_columns(header: str, column: Column | None) -> None:
    assert column_of(header, "survey") == column


@pytest.mark.parametrize(
    ("language", "tag"),
    [
        ("English (en)", "en"),
        ("Français", "fr"),
        ("Swahili", "sw"),
        ("中文", "zh-CN"),
        ("Chinese (zh-Hant)", "zh-Hant"),
        ("nonsense", ""),
    ],
)
def test_languages_have_tags(language: str, tag: str) -> None:
    assert tag_of(language) == tag


def test_languages_have_names() -> None:
    assert language_name("zh-CN") == "中文 (zh-CN)"
    assert language_name("qq-zz") == "Qq-zz (qq-zz)"
