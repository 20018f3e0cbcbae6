"""The texts of a form as a table for a translator, XLSX or CSV, and what comes back, row by row. Not for keeping it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from python_calamine import CalamineError, CalamineWorkbook

from builder.edits.spots import Refused
from builder.studio.wording import LONGEST, Row, Said
from runtime.api import LANGUAGES, EntryError, dumps, sheet_kind
from runtime.api import gettext as _

LARGEST, MOST_ROWS, MOST_CELLS = 4_000_000, 20_000, 1_000_000
"""Bytes of a file, its rows, and the cells of the rectangle that it spans: all of it is laid out."""
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
COLUMNS = 3
"""Columns before the languages: the key, what it is, and which text of it."""


@dataclass(frozen=True, slots=True)
class Read:
    """One row that came back: its number in the file, what it is about, and what became of it."""

    number: int
    name: str
    outcome: str
    """`changed`, `same`, `clash`, `unknown`, `long`."""
    words: str


def table(found: Iterable[Row]) -> list[list[str]]:
    """The heading and a row for each text that the form itself says."""
    heading = [_("Key (leave it as it is)"), _("Of"), _("Which text"), *LANGUAGES]
    return [heading, *(
        [key_of(row), row.name, row.word, *(row.texts.get(tag, "") for tag in LANGUAGES)]
        for row in found if row.is_own
    )]  # fmt: skip


def key_of(row: Row) -> str:
    """The row's key, with a mark of what all of its texts were."""
    return dumps([row.place.key, row.word, _mark(row)])


def as_csv(lines: Sequence[Sequence[str]]) -> bytes:
    """The table as CSV that Excel reads; no text is a formula."""
    out = io.StringIO()
    csv.writer(out).writerows([_harmless(text) for text in line] for line in lines)
    return ("\ufeff" + out.getvalue()).encode("utf-8")


def as_xlsx(lines: Sequence[Sequence[str]]) -> bytes:
    """The table as a workbook; no text is a formula."""
    book = Workbook()
    sheet = book.create_sheet("texts", 0)
    del book["Sheet"]
    for n, line in enumerate(lines, 1):
        for m, text in enumerate(line, 1):
            cell = sheet.cell(n, m)
            cell.value, cell.data_type = _printable(text), "s"
            cell.quotePrefix = text.startswith(_FORMULA)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=n == 1)
    for column, width in zip("ABCDE", (14, 32, 14, 50, 50), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "D2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def lines_of(name: str, content: bytes) -> list[list[str]]:
    """The rows of a file that came back. Raises `Refused` for what is no such file, or too large."""
    if len(content) > LARGEST:
        raise Refused(_("The file is too large; it may have %(n)s MB.", n=LARGEST // 1_000_000))
    if not name.lower().endswith((".xlsx", ".csv")):
        raise Refused(_("Send the table back as .xlsx or .csv."))
    found = _of_csv(content) if name.lower().endswith(".csv") else _of_xlsx(name, content)
    if len(found) > MOST_ROWS:
        raise _too_many()
    return found


def weighed(lines: Sequence[Sequence[str]], found: Iterable[Row]) -> tuple[list[Said], list[Read]]:
    """What a file wants to be otherwise, and what is to be said of each of its rows. Empty cells change nothing."""
    if not lines or any(tag not in lines[0] for tag in LANGUAGES):
        raise Refused(
            _("The first row must have the columns of the file as it was downloaded: %(names)s.",
              names=", ".join(LANGUAGES))
        )  # fmt: skip
    columns = {tag: list(lines[0]).index(tag) for tag in LANGUAGES}
    own = {key_of(row): row for row in found if row.is_own}
    loose = {dumps([row.place.key, row.word]): row for row in own.values()}
    wanted: list[Said] = []
    report = []
    for number, line in enumerate(lines[1:], 2):
        if any(text.strip() for text in line):
            said, read = _weighed(number, line, columns, own, loose)
            wanted += said
            report.append(read)
    return wanted, report


def _weighed(
    number: int,
    line: Sequence[str],
    columns: dict[str, int],
    own: dict[str, Row],
    loose: dict[str, Row],
) -> tuple[list[Said], Read]:
    key = line[0] if line else ""
    name = line[1] if len(line) > 1 else key
    row = own.get(key)
    there = row or loose.get(_without_mark(key))
    if there is None:
        return [], Read(number, name, "unknown", _("The form has no such text (any more)."))
    texts = {tag: line[n].strip() if n < len(line) else "" for tag, n in columns.items()}
    fresh = {tag: text for tag, text in texts.items() if text and text != there.texts.get(tag, "")}
    if not fresh:
        return [], Read(number, there.name, "same", _("as it is"))
    told = "; ".join(
        f"{LANGUAGES[tag]}: “{there.texts.get(tag, '')}” → “{text}”" for tag, text in fresh.items()
    )
    if row is None:
        words = _("Changed in the form since the file was made; left as it is. %(told)s", told=told)
        return [], Read(number, there.name, "clash", words)
    if any(len(text) > LONGEST for text in fresh.values()):
        words = _("A text may have %(n)s letters at most.", n=LONGEST)
        return [], Read(number, there.name, "long", words)
    said = [Said(row.place.key, row.word, t, x, row.texts.get(t, "")) for t, x in fresh.items()]
    return said, Read(number, there.name, "changed", told)


def _mark(row: Row) -> str:
    texts = dumps([row.texts.get(tag, "") for tag in LANGUAGES])
    return sha256(texts.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _without_mark(key: str) -> str:
    return key[: key.rfind(",")] + "]" if "," in key else key


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _printable(text: str) -> str:
    return "".join(c for c in text if c >= " " or c in "\t\n")[:32_000]


def _of_csv(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Refused(_("The file is no text that can be read."))
    sample = text[:2000]
    separator = max(",;\t", key=sample.count)
    found: list[list[str]] = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            found.append(line)
            if len(found) > MOST_ROWS:
                raise _too_many()
    except csv.Error:
        raise Refused(_("The file is no table that can be read.")) from None
    return [[one[1:] if one[:1] == "'" and one[1:].startswith(_FORMULA) else one for one in line]
            for line in found]  # fmt: skip


def _too_many() -> Refused:
    return Refused(_("The file has more than %(n)s rows.", n=MOST_ROWS))


def _of_xlsx(name: str, content: bytes) -> list[list[str]]:
    _require_workbook(name, content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, IndexError, ValueError, OSError):
        raise Refused(_no_workbook()) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how the reader's own faults arrive
            raise
        raise Refused(_no_workbook()) from None
    return [[str(cell) for cell in row] for row in rows]


def _require_workbook(name: str, content: bytes) -> None:
    """Before anything lays it out: a cell at the far corner of a sheet would ask for more memory than there is."""
    try:
        kind = sheet_kind(name, content, MOST_CELLS)
    except EntryError as error:
        raise Refused(str(error)) from error
    if kind != "xlsx":
        raise Refused(_no_workbook())


def _no_workbook() -> str:
    return _("The file is no workbook that can be read.")
