"""A sheet as it was sent: rows of values, and which cells are merged. Not for what is in it."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from runtime.errors import EntryError
from runtime.imports.limits import MOST_COLUMNS, MOST_ROWS, kind_of
from runtime.imports.spool import Spool
from runtime.language import gettext as _

Row = list[Any]
Box = tuple[int, int, int, int]
"""First row, first column, last row, last column of merged cells, counted from 0."""

_ENCODINGS = ("utf-8-sig", "gb18030")
_NARROW, _WIDE = ",;\t|", "，；"
_LOOKED_AT = 400_000
"""Bytes that are decoded at once."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows from the sheet's first on, as long as they are; empty cells are None or empty texts."""

    name: str
    rows: Sequence[Row]
    merged: list[Box] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Columns of its longest row."""
        return max(map(len, self.rows), default=0)


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
    left = [""] * (found.start[1] if found.start else 0)  # rows begin where the first column does
    return Sheet(name, Spool([*left, *row] for row in found.iter_rows()), merged)


def _csv(content: bytes) -> Sheet:
    encoding = _encoding(content)
    separator = _separator(content[:_LOOKED_AT].decode(encoding, "ignore"))
    text = io.TextIOWrapper(io.BytesIO(content), encoding, newline="")
    rows: Spool[Row] = Spool()
    try:
        csv.field_size_limit(100_000)
        for row in csv.reader(text, delimiter=separator):
            if len(rows) >= MOST_ROWS or len(row) > MOST_COLUMNS:
                raise EntryError(_("The sheet is too large; divide it into several files."))
            rows.append(row)
    except csv.Error as error:
        raise EntryError(_("This is not a CSV file: %(why)s.", why=error)) from error
    return Sheet("", rows)


def _encoding(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = _ENCODINGS
    for encoding in encodings:
        if _reads(content, encoding):
            return encoding
    raise EntryError(_("The text is neither in UTF-8 nor in GB18030; save the file as CSV UTF-8."))


def _reads(content: bytes, encoding: str) -> bool:
    """Whether the bytes are text in that encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        pieces = (content[at : at + _LOOKED_AT] for at in range(0, len(content), _LOOKED_AT))
        return not any("\0" in decoder.decode(piece) for piece in pieces) and (
            "\0" not in decoder.decode(b"", final=True)
        )
    except UnicodeDecodeError:
        return False


def _separator(text: str) -> str:
    """The sign that divides most lines into as many cells as each other: title lines and notes have none.

    Full-width signs stand in texts too: they are meant only where no other one divides a good part of the lines.
    """
    lines = [line for line in text.splitlines(keepends=True)[:200] if line.strip()]
    counts = {sign: _divided(lines, sign) for sign in _NARROW + _WIDE}
    best = max(_NARROW, key=counts.__getitem__)
    if counts[best][0] * 4 >= len(lines):
        return best
    return max(counts, key=lambda sign: counts[sign][0] * counts[sign][1])


def _divided(lines: Sequence[str], sign: str) -> tuple[int, int]:
    """How many lines a sign divides into as many cells as each other, and how often it does in each."""
    try:
        found = Counter(len(row) - 1 for row in csv.reader(lines, delimiter=sign) if len(row) > 1)
    except csv.Error:
        return 0, 0
    return max(((many, often) for often, many in found.items()), default=(0, 0))
