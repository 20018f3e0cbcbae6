"""A sheet as it was sent: rows of values, and which cells are merged. Not for what is in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from runtime.errors import EntryError
from runtime.imports.limits import MOST_COLUMNS, MOST_ROWS, kind_of
from runtime.language import gettext as _

Row = list[Any]
Box = tuple[int, int, int, int]
"""First row, first column, last row, last column of merged cells, counted from 0."""

_ENCODINGS = ("utf-8-sig", "gb18030")
_SEPARATORS = ",;\t，；|"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows from the sheet's first on, as long as they are; empty cells are None or empty texts."""

    name: str
    rows: list[Row]
    merged: list[Box] = field(default_factory=list)


def read_sheets(name: str, content: bytes) -> list[Sheet]:
    """The sheets of the file that hold anything; raises `EntryError`, in words that help, for what is none."""
    sheets = _workbook(content) if kind_of(name, content) == "xlsx" else [_csv(content)]
    found = [sheet for sheet in sheets if any(_is_full(row) for row in sheet.rows)]
    if not found:
        raise EntryError(_("There is nothing in the file."))
    return found


def _is_full(row: Iterable[Any]) -> bool:
    return any(value.strip() if isinstance(value, str) else value is not None for value in row)


def _workbook(content: bytes) -> list[Sheet]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [_sheet(book, name) for name in book.sheet_names]
    except PasswordError as error:
        raise EntryError(
            _("The workbook is locked with a password; save it without one.")
        ) from error
    except CalamineError as error:
        raise EntryError(_("The file is damaged, or it is not an Excel workbook.")) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how the reader's own faults arrive
            raise
        raise EntryError(_("The file is damaged, or it is not an Excel workbook.")) from error


def _sheet(book: CalamineWorkbook, name: str) -> Sheet:
    try:
        found = book.get_sheet_by_name(name)
    except CalamineError:
        return Sheet(name, [])  # a chart, or a sheet of macros
    if found.width > MOST_COLUMNS or found.height > MOST_ROWS:
        raise EntryError(_("The sheet is too large; divide it into several files."))
    merged = [(*first, *last) for first, last in found.merged_cell_ranges or ()]
    return Sheet(name, found.to_python(skip_empty_area=False), merged)


def _csv(content: bytes) -> Sheet:
    text = _decoded(content)
    separator = _separator(text)
    try:
        csv.field_size_limit(100_000)
        rows: list[Row] = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise EntryError(_("This is not a CSV file: %(why)s.", why=error)) from error
    if len(rows) > MOST_ROWS or any(len(row) > MOST_COLUMNS for row in rows):
        raise EntryError(_("The sheet is too large; divide it into several files."))
    return Sheet("", rows)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = _ENCODINGS
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise EntryError(_("The text is neither in UTF-8 nor in GB18030; save the file as CSV UTF-8."))


def _separator(text: str) -> str:
    """The sign that stands equally often in most lines: title lines and notes have none."""
    lines = [line for line in text[:200_000].splitlines()[:200] if line.strip()]
    best, most = ",", 0
    for sign in _SEPARATORS:
        counts = [n for line in lines if (n := line.count(sign))]
        agreed = max((counts.count(n) * n for n in set(counts)), default=0)
        if agreed > most:
            best, most = sign, agreed
    return best
