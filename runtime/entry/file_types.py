"""What kind of file some bytes are, told by the bytes and not by the name. Pure; opens nothing that could explode."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator

from runtime.errors import EntryError
from runtime.language import gettext as _

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT = "text/plain"

ENDINGS: dict[str, tuple[str, ...]] = {
    PDF: (".pdf",),
    PNG: (".png",),
    JPEG: (".jpg", ".jpeg"),
    XLSX: (".xlsx",),
    DOCX: (".docx",),
    TEXT: (".txt", ".csv"),
}
"""The media types that are taken, with the endings of a name that go with each; the first is the usual one."""

MOST_PIXELS = 100_000_000
_MOST_PARTS = 2_000
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


def media_type(content: bytes) -> str:
    """The media type, one of `ENDINGS`; raises `EntryError` that says what is wrong with any other file."""
    for start, kind, check in _KINDS:
        if content.startswith(start):
            return check(content) if check else kind
    if not content.startswith(b"PK") and _is_text(content):
        return TEXT
    raise _not_taken()


def _not_taken() -> EntryError:
    return EntryError(
        _("This kind of file is not taken. Use PDF, PNG, JPEG, Excel, Word or plain text.")
    )


def _png(content: bytes) -> str:
    if content[12:16] != b"IHDR" or len(content) < 33:
        raise _damaged()
    _require_size(int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big"))
    return PNG


def _jpeg(content: bytes) -> str:
    for marker, segment in _segments(content):
        if marker in _FRAMES and len(segment) >= 5:
            height, width = segment[1:3], segment[3:5]
            _require_size(int.from_bytes(width, "big"), int.from_bytes(height, "big"))
            return JPEG
    raise _damaged()


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The marker segments of a JPEG up to the picture itself."""
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if length < 2:
            return
        yield marker, content[at + 4 : at + 2 + length]
        at += 2 + length


def _require_size(width: int, height: int) -> None:
    if not 0 < width * height <= MOST_PIXELS:
        raise EntryError(
            _(
                "The picture has %(width)s × %(height)s points, which is too large.",
                width=width,
                height=height,
            )
        )


def _office(content: bytes) -> str:
    """Excel or Word, by the list of parts alone: nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {info.filename.lower() for info in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise _damaged() from None
    if len(names) > _MOST_PARTS:
        raise _not_taken()
    if any(name.endswith("vbaproject.bin") for name in names):
        raise EntryError(_("The file holds macros. Save it without them and try again."))
    if "[content_types].xml" in names and "xl/workbook.xml" in names:
        return XLSX
    if "[content_types].xml" in names and "word/document.xml" in names:
        return DOCX
    raise _not_taken()


def _damaged() -> EntryError:
    return EntryError(_("The file is damaged: it cannot be read."))


def _is_text(content: bytes) -> bool:
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return all(char >= " " or char in "\t\r\n\f" for char in text) and "\x7f" not in text
    return False


_KINDS: tuple[tuple[bytes, str, Callable[[bytes], str] | None], ...] = (
    (b"%PDF-", PDF, None),
    (b"\x89PNG\r\n\x1a\n", PNG, _png),
    (b"\xff\xd8\xff", JPEG, _jpeg),
    (b"PK\x03\x04", XLSX, _office),
)
