import contextlib
import io
import struct
import zipfile
import zlib

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.entry.file_types import DOCX, ENDINGS, JPEG, PDF, PNG, TEXT, XLSX, media_type
from runtime.errors import EntryError


def png(width=2, height=2):
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + b"IHDR"
        + head
        + zlib.crc32(head).to_bytes(4, "big")
    )


def jpeg(width=2, height=2):
    frame = struct.pack(">BHHB", 8, height, width, 3)
    return b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame


def archive(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return out.getvalue()


def xlsx():
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n...", PDF),
        (png(), PNG),
        (jpeg(), JPEG),
        (xlsx(), XLSX),
        (archive("[Content_Types].xml", "word/document.xml"), DOCX),
        (b"plain\r\ntext\t", TEXT),
        ("汉字".encode(), TEXT),
        ("汉字".encode("gb18030"), TEXT),
    ],
)
def test_a_file_is_what_its_bytes_say(content, kind):
    assert media_type(content) == kind
    assert kind in ENDINGS


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (b"MZ\x90\x00\x03", "not taken"),
        (b"\x7fELF\x02\x01", "not taken"),
        (b"GIF89a\x00\x00", "not taken"),
        (b"text with \x00 in it", "not taken"),
        (archive("a.txt"), "not taken"),
        (archive("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "macros"),
        (archive(*(f"{n}" for n in range(2001))), "not taken"),
        (b"PK\x03\x04 broken", "damaged"),
        (png()[:20], "damaged"),
        (png(20_000, 20_000), "too large"),
        (png(0, 5), "too large"),
        (jpeg(65_000, 65_000), "too large"),
        (b"\xff\xd8\xff\xe0\x00\x00", "damaged"),
        (b"\xff\xd8\xff", "damaged"),
    ],
)
def test_what_is_not_taken_hears_why(content, because):
    with pytest.raises(EntryError, match=because):
        media_type(content)


@given(
    st.sampled_from([b"", b"%PDF-", png()[:16], jpeg()[:8], b"PK\x03\x04", xlsx()[:200]]),
    st.binary(max_size=200),
)
def test_no_bytes_whatever_make_it_fall_over(start, rest):
    with contextlib.suppress(EntryError):
        assert media_type(start + rest) in ENDINGS
