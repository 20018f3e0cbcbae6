"""What an uploaded file may be before anything reads it: its kind, its size, and what it unpacks to.

Uploads are hostile. A workbook is a ZIP of XML: a small one can unpack to gigabytes, and one cell at the far
corner makes a reader lay out every cell before it. So the parts are streamed through once, and measured.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Literal

from runtime.errors import EntryError
from runtime.imports.extent import CELL, Extent, column_of
from runtime.language import gettext as _

LARGEST_FILE = 200 * 1024 * 1024
LARGEST_UNPACKED = 2 * 1024 * 1024 * 1024
GREATEST_RATIO = 300
"""Honest sheets unpack to 5 to 40 times their size."""
SMALL = 10 * 1024 * 1024
"""Bytes up to which a part may unpack as it likes."""
MOST_ROWS = 1_048_576
MOST_COLUMNS = 500
MOST_CELLS = 60_000_000
MOST_PARTS = 5_000
MOST_MERGED = 100_000
"""Ranges of merged cells in a sheet: each is looked at, and held."""
_PIECE = 1 << 20
_LONGEST_TAG = 4096
_OVERLAP = 64

Kind = Literal["xlsx", "csv"]

_SPACES = bytes.maketrans(b"\t\r\n", b"   ")
_BOX = re.compile(
    rb"""mergeCell\s[^>]{0,1000}?\bref ?= ?["']\$?([A-Za-z]{1,9})\$?([0-9]{1,9}):\$?([A-Za-z]{1,9})\$?([0-9]{1,9})"""
)
_DECLARES = re.compile(rb"<!DOCTYPE|<!ENTITY")
_ODD = re.compile(rb"""r(?<=[\s"']r) ?= ?["'](?:[^"'>]{0,40}&|[A-Za-z]{4}|[A-Za-z]*[0-9]{10})""")
_PICTURES = "xl/media/"
_SHEETS = ("xl/worksheets/", "xl/macrosheets/", "xl/dialogsheets/")
_ROWS_BEGIN = re.compile(rb"<(?:[^\s<>/=:]+:)?sheetData[\s/>]")
"""Where a reader looks for cells, whatever the part is called."""
_TEXTS = (".xml", ".rels")
_WIDE_ROWS = "sheetData".encode("utf-16-le")[:-1]
"""The same in two bytes a letter, either way round: XML readers take it, and what is measured here sees nothing."""


def kind_of(name: str, content: bytes, most_cells: int = MOST_CELLS) -> Kind:
    """What the file is, by its content. Raises `EntryError`, in words that help, for what is not read.

    `most_cells` bounds the rectangle of a sheet: a reader lays out all of it.
    """
    if not content:
        raise EntryError(_("The file is empty."))
    if len(content) > LARGEST_FILE:
        raise EntryError(
            _("The file is larger than %(most)s MB.", most=LARGEST_FILE // 1024 // 1024)
        )
    if content.startswith(b"PK\x03\x04"):
        require_workbook(content, most_cells)
        return "xlsx"
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise EntryError(
            _(
                "This is a workbook in Excel's old format (.xls), or one locked with a password;"
                " save it as .xlsx without a password, and upload that."
            )
        )
    if content.startswith(
        (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"Rar!", b"7z")
    ):
        raise EntryError(_not_a_sheet(name))
    if b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise EntryError(_not_a_sheet(name))
    return "csv"


def _not_a_sheet(name: str) -> str:
    return _(
        "“%(name)s” is not a sheet; upload an Excel workbook (.xlsx) or a CSV file.", name=name
    )


def require_workbook(content: bytes, most_cells: int = MOST_CELLS) -> None:
    """Raise `EntryError` unless the ZIP holds a workbook that may be unpacked without harm."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _require_parts(packed)
            for part in packed.infolist():
                _require_harmless(packed, part, most_cells)
    except (
        zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError,
    ) as error:  # fmt: skip
        raise EntryError(_("The file is damaged, or it is not an Excel workbook.")) from error
    except ValueError as error:
        raise EntryError(_("The file is damaged, or it is not an Excel workbook.")) from error


def _require_parts(packed: zipfile.ZipFile) -> None:
    parts = packed.infolist()
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS or len(names) != len(parts):
        raise EntryError(_("The workbook has too many parts; save it anew in Excel."))
    if "[Content_Types].xml" not in names or not any(n.startswith("xl/") for n in names):
        raise EntryError(_("This is a ZIP file, but not an Excel workbook."))
    if any(part.flag_bits & 1 for part in parts):
        raise EntryError(_("The workbook is locked with a password; save it without one."))
    for part in parts:
        large = part.file_size > SMALL
        if large and part.file_size > GREATEST_RATIO * max(part.compress_size, 1):
            raise EntryError(_too_big())
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise EntryError(_too_big())


def _too_big() -> str:
    return _("The workbook unpacks to far more than a sheet holds; it is not read.")


def _require_harmless(packed: zipfile.ZipFile, part: zipfile.ZipInfo, most_cells: int) -> None:
    sheet = part.filename.startswith(_SHEETS)
    extent = Extent()
    for piece in _pieces(packed, part):
        declares = not part.filename.startswith(_PICTURES) and _DECLARES.search(piece)
        wide = _WIDE_ROWS in piece or ((sheet or part.filename.endswith(_TEXTS)) and b"\0" in piece)
        if wide or declares or (_ODD if sheet else _ROWS_BEGIN).search(piece):
            raise EntryError(
                _("The workbook holds something that no Excel writes; it is not read.")
            )
        if sheet:
            extent.measure(piece)
    if extent.rows > MOST_ROWS or extent.columns > MOST_COLUMNS:
        raise EntryError(
            _(
                "A sheet has cells in row %(row)s or column %(column)s; delete what stands far outside the table.",
                row=extent.rows,
                column=extent.columns,
            )
        )
    if extent.rows * extent.columns > most_cells or extent.merged > MOST_MERGED:
        raise EntryError(_("The sheet is too large; divide it into several files."))


def cells_in(content: bytes) -> int:
    """About how many cells the sheets of a workbook have, with all that is merged: a copy holds each."""
    found = 0
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for part in packed.infolist():
            if part.filename.startswith(_SHEETS):
                for piece in _pieces(packed, part):
                    found += len(CELL.findall(piece)) + sum(map(_area, _BOX.findall(piece)))
    return found


def _area(box: tuple[bytes, ...]) -> int:
    left, top, right, bottom = box
    return (abs(int(bottom) - int(top)) + 1) * (abs(column_of(right) - column_of(left)) + 1)


def _pieces(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces that end before a tag, its spaces single; stops where it is longer than it says.

    Where a tag is too long for that, pieces overlap, so that nothing hides at a seam.
    """
    before, read = b"", 0
    with packed.open(part) as stream:
        while fresh := stream.read(_PIECE):
            read += len(fresh)
            if read > part.file_size:
                raise EntryError(_too_big())
            piece = _single_spaces(before + fresh)
            tag = piece.rfind(b"<", -_LONGEST_TAG)
            yield piece if tag < 0 else piece[:tag]
            before = piece[-_OVERLAP:] if tag < 0 else piece[tag:]
    yield before


def _single_spaces(piece: bytes) -> bytes:
    piece = piece.translate(_SPACES)
    while b"  " in piece:
        piece = piece.replace(b"  ", b" ")
    return piece
