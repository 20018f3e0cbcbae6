"""What an uploaded file may be before anything reads it: its kind, its size, and what it unpacks to.

Uploads are hostile. A workbook is a ZIP of XML: a small one can unpack to gigabytes, and one cell at the far
corner makes a reader lay out every cell before it. So the parts are streamed through once, and measured.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from runtime.errors import EntryError
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
_OVERLAP = 64

Kind = Literal["xlsx", "csv"]

_REF = re.compile(rb"""[\s]r\s*=\s*["']([A-Z]{1,9})([0-9]{1,9})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row[\s][^>]{0,200}?\br\s*=\s*["']([0-9]{1,9})["']""")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell[\s]")
_CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
_BOX = re.compile(
    rb"""mergeCell\s[^>]{0,100}?\bref\s*=\s*["']\$?([A-Z]{1,9})\$?([0-9]{1,9}):\$?([A-Z]{1,9})\$?([0-9]{1,9})"""
)
_ODD = re.compile(
    rb"""<!DOCTYPE|<!ENTITY|[\s]r\s*=\s*["'][^"'>]{0,40}&|[\s]r\s*=\s*["'][A-Z]*[0-9]{10}"""
)


@dataclass(slots=True)
class _Extent:
    rows: int = 0
    columns: int = 0
    merged: int = 0


def kind_of(name: str, content: bytes) -> Kind:
    """What the file is, by its content. Raises `EntryError`, in words that help, for what is not read."""
    if not content:
        raise EntryError(_("The file is empty."))
    if len(content) > LARGEST_FILE:
        raise EntryError(
            _("The file is larger than %(most)s MB.", most=LARGEST_FILE // 1024 // 1024)
        )
    if content.startswith(b"PK\x03\x04"):
        require_workbook(content)
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


def require_workbook(content: bytes) -> None:
    """Raise `EntryError` unless the ZIP holds a workbook that may be unpacked without harm."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _require_parts(packed)
            for part in packed.infolist():
                if part.filename.endswith((".xml", ".rels")):
                    _require_harmless(packed, part)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
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


def _require_harmless(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    sheet = part.filename.startswith("xl/worksheets/")
    extent = _Extent()
    for piece in _pieces(packed, part):
        odd = _ODD.search(piece)
        if odd and (sheet or odd[0].startswith(b"<!")):
            raise EntryError(
                _("The workbook holds something that no Excel writes; it is not read.")
            )
        if sheet:
            _measure(piece, extent)
    if extent.rows > MOST_ROWS or extent.columns > MOST_COLUMNS:
        raise EntryError(
            _(
                "A sheet has cells in row %(row)s or column %(column)s; delete what stands far outside the table.",
                row=extent.rows,
                column=extent.columns,
            )
        )
    if extent.rows * extent.columns > MOST_CELLS or extent.merged > MOST_MERGED:
        raise EntryError(_("The sheet is too large; divide it into several files."))


def cells_in(content: bytes) -> int:
    """About how many cells the sheets of a workbook have, with all that is merged: a copy holds each."""
    found = 0
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for part in packed.infolist():
            if part.filename.startswith("xl/worksheets/"):
                for piece in _pieces(packed, part):
                    found += len(_CELL.findall(piece)) + sum(map(_area, _BOX.findall(piece)))
    return found


def _area(box: tuple[bytes, ...]) -> int:
    left, top, right, bottom = box
    return (abs(int(bottom) - int(top)) + 1) * (abs(_column(right) - _column(left)) + 1)


def _pieces(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces that overlap, so that nothing hides at a seam; stops where it is longer than it says."""
    before, read = b"", 0
    with packed.open(part) as stream:
        while fresh := stream.read(_PIECE):
            read += len(fresh)
            if read > part.file_size:
                raise EntryError(_too_big())
            yield before + fresh
            before = fresh[-_OVERLAP:]


def _measure(piece: bytes, extent: _Extent) -> None:
    found = _REF.findall(piece)
    if found:
        extent.rows = max(extent.rows, int(max((n for _l, n in found), key=_as_number)))
        letters = max({word for word, _n in found}, key=_as_number)
        extent.columns = max(extent.columns, _column(letters))
    extent.merged += len(_MERGED.findall(piece))
    for row in _ROW.findall(piece):
        extent.rows = max(extent.rows, int(row))


def _as_number(text: bytes) -> tuple[int, bytes]:
    return len(text), text


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
