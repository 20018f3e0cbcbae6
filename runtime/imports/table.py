"""The table within a sheet: its header, its rows, and what around it is none of them. Knows no field's meaning.

Departments put titles above, headers of two lines with merged cells, section lines between, totals and notes
below, and the header once more on each printed page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from typing import Any

from runtime.errors import EntryError
from runtime.facts.units import FIRST_DAY
from runtime.imports.sheet import Box, Row, Sheet
from runtime.imports.spelling import as_text, key
from runtime.imports.spool import Spool
from runtime.language import gettext as _

HEADER_WITHIN = 30
"""Rows from the top among which the header is looked for."""

_TOTAL = re.compile(
    r"(?:合计|总计|小计|共计|累计|total|subtotal|sum)(?:\d+.{0,2}|[人户]?数.*)?|.{0,12}(?:小计|合计|总计)"
)
_NOTE = re.compile(
    r"^(?:注|备注|说明|填表|制表|填报|审核|负责人|联系人|单位负责|note|prepared|checked)"
)
_NUMBER = re.compile(r"[0-9A-Za-z-]*[0-9]{6,}[0-9A-Za-z-]*")
"""What somebody or something may be known by: alone in a row it is no line of a section."""
_DAY = re.compile(
    r"([0-9]{4})\s*年\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*日|([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})"
)
_MONTH = re.compile(r"([0-9]{4})\s*年\s*([0-9]{1,2})\s*月(?!\s*[0-9])")


@dataclass(frozen=True, slots=True)
class Table:
    """A table as found: each column's header texts from the top down, and the rows with their numbers from 1."""

    sheet: str
    headers: list[list[str]]
    rows: Sequence[tuple[int, Row]]
    header_row: int
    """Number of the header's last row, from 1."""
    left_out: list[tuple[int, str]] = field(default_factory=list)
    """Rows of the body that hold no data (totals, notes, headers again), with what they say."""
    titles: tuple[str, ...] = ()
    """What stands above the header."""


def find_table(sheets: Sequence[Sheet], is_name: Callable[[str], bool]) -> Table:
    """The table of the sheet whose header names most fields; raises `EntryError` where there is none.

    `is_name` says whether a text is a name that is known.
    """
    found = [
        (score, -n, at) for n, sheet in enumerate(sheets) for score, at in [_header(sheet, is_name)]
    ]
    _score, n, at = max(found)
    if at < 0:
        raise EntryError(
            _("No row of headers is found: a row must name the columns; titles above it may stay.")
        )
    return _table(sheets[-n], at, is_name)


def suggested_day(table: Table, today: date) -> date:
    """The last day that the titles name, else today; never one in the future, nor one of which nothing is recorded.

    What else a title names, the day of a law for one, is earlier than the list; a month is its last day, or today.
    """
    named = (day for text in table.titles for day in _days_in(text, today))
    return max((day for day in named if FIRST_DAY <= day <= today), default=today)


def _days_in(text: str, today: date) -> Iterator[date]:
    for found in _DAY.finditer(text):
        with suppress(ValueError):
            yield date(*(int(part) for part in found.groups() if part))
    for found in _MONTH.finditer(text):
        with suppress(ValueError, OverflowError):
            first = date(int(found[1]), int(found[2]), 1)
            last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            yield today if first <= today <= last else last


def _header(sheet: Sheet, is_name: Callable[[str], bool]) -> tuple[float, int]:
    """How well the best row fits as the header, and which it is (-1: none)."""
    best, at = 0.0, -1
    for n, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        texts = [text for value in row if (text := as_text(value))]
        if len(texts) < 2 or len(set(texts)) < 2:
            continue
        named = sum(map(is_name, texts))
        words = sum(not _is_figure(text) for text in texts)
        # without any known name the first full row of words may be it
        score = named + (words / len(texts) if words > 1 else 0) * 0.5 + 0.001 * (HEADER_WITHIN - n)
        if words * 2 >= len(texts) and score > best:
            best, at = score, n
    return best, at


def _is_figure(text: str) -> bool:
    return bool(re.fullmatch(r"[\d.,\-/:% ]+", text))


def _table(sheet: Sheet, at: int, is_name: Callable[[str], bool]) -> Table:
    first, last = _header_rows(sheet, at, is_name)
    width = sheet.width
    headers = _header_texts(sheet, first, last, width)
    body = _filled_down(sheet, last + 1)
    names = [as_text(value) for value in sheet.rows[last]]
    kept: Spool[tuple[int, Row]] = Spool()
    left_out: list[tuple[int, str]] = []
    columns = sum(bool(texts) for texts in headers)
    for n, row in body:
        if why := _not_data(row, names, columns):
            left_out.append((n + 1, why))
        elif any(as_text(value) for value in row):
            kept.append((n + 1, row))
    titles = tuple(text for row in sheet.rows[:first] for value in row if (text := as_text(value)))
    return Table(sheet.name, headers, kept, last + 1, left_out, titles)


def _header_rows(sheet: Sheet, at: int, is_name: Callable[[str], bool]) -> tuple[int, int]:
    """The first and last row of the header that has `at` in it."""
    if at > 0 and _stands_over(sheet, at - 1, at):
        return at - 1, at
    if at + 1 < len(sheet.rows) and _stands_over(sheet, at, at + 1):
        below = [as_text(value) for value in sheet.rows[at + 1]]
        if not any(map(_is_figure, filter(None, below))) or any(map(is_name, filter(None, below))):
            return at, at + 1
    return at, at


def _stands_over(sheet: Sheet, upper: int, lower: int) -> bool:
    """Whether the upper row spans columns that the lower one divides."""
    over, under = sheet.rows[upper], sheet.rows[lower]
    if sum(bool(as_text(value)) for value in over) < 2:
        return False
    for top, left, bottom, right in sheet.merged:
        if top == bottom == upper and right > left:
            return sum(bool(as_text(v)) for v in under[left : right + 1]) > 1
    return not sheet.merged and _interlock(over, under)


def _interlock(over: Row, under: Row) -> bool:
    """As a merged header looks in CSV: each row has texts where the other has none, the lower under a gap."""
    pairs = [(as_text(a), as_text(b)) for a, b in zip(over, under, strict=False)]
    alone = sum(bool(a) and not b for a, b in pairs)
    gaps = sum(not a and bool(b) for a, b in pairs)
    words = all(not _is_figure(b) for _a, b in pairs if b)
    return alone >= 1 and gaps >= 1 and words and len(over) == len(under)


def _header_texts(sheet: Sheet, first: int, last: int, width: int) -> list[list[str]]:
    above: dict[tuple[int, int], str] = {}
    for top, left, bottom, right in _clipped(sheet.merged, first, last, width):
        text = as_text(_at(sheet.rows, top, left))
        above |= {(r, c): text for r in range(top, bottom + 1) for c in range(left, right + 1)}
    headers = []
    for column in range(width):
        texts = []
        for row in range(first, last + 1):
            text = above.get((row, column)) or as_text(_at(sheet.rows, row, column))
            if not text and row < last and not sheet.merged:
                text = _spanning(sheet.rows, row, last, column)
            texts.append(" ".join(text.split()))
        headers.append(list(dict.fromkeys(text for text in texts if text)))
    return headers


def _clipped(merged: Sequence[Box], first: int, last: int, width: int) -> Iterator[Box]:
    """What begins in the header, no farther than that reaches: a file may merge a million rows in a few bytes."""
    room = (last - first + 1) * width
    for top, left, bottom, right in merged:
        if first <= top <= last and left < width:
            box = top, left, min(bottom, last), min(right, width - 1)
            room -= (box[2] - top + 1) * (box[3] - left + 1)
            if room < 0:  # no honest file merges a cell twice
                return
            yield box


def _spanning(rows: Sequence[Row], row: int, last: int, column: int) -> str:
    """In CSV: what stands to the left over a gap, where the lower row goes on without one."""
    while column > 0 and not as_text(_at(rows, row, column)) and as_text(_at(rows, last, column)):
        column -= 1
    return as_text(_at(rows, row, column)) if as_text(_at(rows, last, column)) else ""


def _at(rows: Sequence[Row], row: int, column: int) -> Any:
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else None


def _filled_down(sheet: Sheet, first: int) -> Iterator[tuple[int, Row]]:
    """The body; what is merged over several rows stands in each of them."""
    tall = sorted(
        (top, left, bottom)
        for top, left, bottom, right in sheet.merged
        if top >= first and bottom > top and right == left
    )
    over: dict[int, tuple[int, Any]] = {}  # column -> last row, value: of this row only
    at = 0
    for n, row in islice(enumerate(sheet.rows), first, None):
        over = {column: held for column, held in over.items() if held[0] >= n} if over else over
        yield n, [over[c][1] if c in over else v for c, v in enumerate(row)] if over else row
        while at < len(tall) and tall[at][0] <= n:
            _top, left, bottom = tall[at]
            over[left] = bottom, row[left] if left < len(row) else None
            at += 1


def _not_data(row: Row, names: Sequence[str], columns: int) -> str:
    """What a row says that holds no data; empty for one that does, and for an empty one."""
    first = next((value for value in row if value not in (None, "")), None)
    if not isinstance(first, str):
        return ""
    said = as_text(first)
    if not said:
        return ""
    if _TOTAL.fullmatch(key(said)):
        return said[:200]
    full = sum(value not in (None, "") for value in row)
    if _NOTE.match(key(said)) and full <= max(2, columns // 3):
        return said[:200]
    if full == 1 and columns > 2 and not _NUMBER.fullmatch(said):
        return said[:200]
    if said in names and full > 1 and [as_text(value) for value in row] == list(names):
        return said[:200]
    return ""
