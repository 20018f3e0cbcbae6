"""Writing the sheets as files: titles, merged headers, empty rows, totals, notes; workbooks and CSV of all kinds."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from runtime import clock
from runtime.definitions.load import Library
from runtime.demo.city import BUILT_AT, SEED
from runtime.demo.sheets.kinds import KINDS, Kind
from runtime.demo.sheets.rows import Line, Source, lines_of
from runtime.demo.sheets.spell import title_of
from runtime.facts.units import path
from runtime.fields.catalogue import FieldTypes
from runtime.imports.fields import fields_of
from runtime.storage.engine import reading
from runtime.storage.tables import Subject

_CSV = {
    "gbk": (",", "gb18030"),
    "utf8": (",", "utf-8-sig"),
    "semicolon": (";", "utf-8"),
    "tab": ("\t", "utf-8"),
}
_SUB_TOTAL_EVERY = 40


def write_sheets(
    engine: Engine, library: Library, types: FieldTypes, folder: Path, seed: int = SEED
) -> list[tuple[Kind, Path]]:
    """Write the thirteen sheets about the city in the database; the same again for the same city and seed."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with clock.fixed(BUILT_AT), reading(engine) as session:
        for kind in KINDS:
            rng = Random(f"{seed} {kind.name}")
            fields = fields_of(library, types, kind.register)
            lines = lines_of(rng, kind, fields, _sources(session, kind))
            ending = "xlsx" if kind.ending == "xlsx" else "csv"
            file = folder / f"{kind.name}.{ending}"
            file.write_bytes(_workbook(kind, lines) if ending == "xlsx" else _csv(kind, lines))
            written.append((kind, file))
    return written


def _sources(session: Session, kind: Kind) -> list[Source]:
    """The subjects that the sheet lists, with the names of their communities."""
    register = "business" if kind.register == "equipment" else kind.register
    rows = session.scalars(
        select(Subject)
        .where(Subject.register == register, Subject.unit_id.is_not(None))
        .order_by(Subject.id)
    )
    names: dict[int, str] = {}
    found: list[Source] = []
    for subject in rows:
        if len(found) < kind.most and kind.of(subject.document) and subject.unit_id is not None:
            if subject.unit_id not in names:
                names[subject.unit_id] = _community(session, subject.unit_id)
            found.append(Source(subject.document, names[subject.unit_id]))
    return found


def _community(session: Session, unit_id: int) -> str:
    above = path(session, unit_id, clock.today())
    named = [unit for unit in above if unit.level == "community"] or above[-1:]
    return title_of(named[0].title)


def _headers(kind: Kind) -> list[tuple[str, ...]]:
    return [*([(kind.unit,)] if kind.unit else []), *(c.header for c in kind.columns)]


def _numbered(kind: Kind, lines: Sequence[Line]) -> list[list[Any]]:
    """The rows with their running number where the sheet has one, and the community in front."""
    serial = next((n for n, c in enumerate(kind.columns) if c.header == ("序号",)), -1)
    found = []
    for n, line in enumerate(lines, 1):
        values = list(line.values)
        if serial >= 0:
            values[serial] = n
        found.append([line.unit, *values] if kind.unit else values)
    return found


def _workbook(kind: Kind, lines: Sequence[Line]) -> bytes:
    book = openpyxl.Workbook()
    cover = book.worksheets[0]
    cover.title = "填表说明"
    cover["A1"] = "填表说明"
    cover["A3"] = "请按模板填写，不要改动表头。"
    sheet = book.create_sheet("Sheet1")
    headers = _headers(kind)
    _title(sheet, kind.title, len(headers))
    first = _header(sheet, headers, 3)
    _body(sheet, _numbered(kind, lines), first, merged=bool(kind.unit))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _title(sheet: Worksheet, title: str, width: int) -> None:
    sheet.cell(1, 1, title).font = Font(bold=True, size=16)
    sheet.cell(1, 1).alignment = Alignment(horizontal="center")
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    sheet.cell(2, 1, "填报单位（盖章）：")
    sheet.cell(2, width, "2026年10月31日")


def _header(sheet: Worksheet, headers: Sequence[tuple[str, ...]], row: int) -> int:
    """Write the header, in two rows where a text spans several columns; the first row of the body."""
    two = any(len(header) > 1 for header in headers)
    start = 0
    for n, header in enumerate(headers, 1):
        sheet.cell(row, n, header[0] if n == 1 or header[0] != headers[n - 2][0] else None)
        if two and len(header) > 1:
            sheet.cell(row + 1, n, header[1])
        elif two:
            sheet.merge_cells(start_row=row, start_column=n, end_row=row + 1, end_column=n)
    while start < len(headers):
        end = start
        while end + 1 < len(headers) and _same_top(headers[start], headers[end + 1]):
            end += 1
        if end > start:
            sheet.merge_cells(
                start_row=row, start_column=start + 1, end_row=row, end_column=end + 1
            )
        start = end + 1
    return row + (2 if two else 1)


def _same_top(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return len(one) > 1 and len(other) > 1 and one[0] == other[0]


def _body(sheet: Worksheet, rows: Sequence[Sequence[Any]], first: int, *, merged: bool) -> None:
    at, begun, before = first, first, None
    for n, values in enumerate(rows, 1):
        if merged and before is not None and values[0] != before:
            _merge_up(sheet, begun, at - 1)
            sheet.cell(at, 1, "小计")
            sheet.cell(at, 3, n - 1)
            at, begun = at + 1, at + 1
        for column, value in enumerate(values, 1):
            if value != "" and not (merged and column == 1 and at > begun):
                sheet.cell(at, column, value)
        before = values[0]
        at += 1
        if n % _SUB_TOTAL_EVERY == 0 and not merged:
            at += 1  # an empty row, as where a page ends
    if merged and rows:
        _merge_up(sheet, begun, at - 1)
    sheet.cell(at, 1, "合计")
    sheet.cell(at, 3, len(rows))
    sheet.cell(at + 2, 1, "注：本表数据由各社区报送，如有疑问请联系业务科室。")
    sheet.cell(at + 3, 1, "填表人：")
    sheet.cell(at + 3, 4, "审核人：")


def _merge_up(sheet: Worksheet, first: int, last: int) -> None:
    if last > first:
        sheet.merge_cells(start_row=first, start_column=1, end_row=last, end_column=1)


def _csv(kind: Kind, lines: Sequence[Line]) -> bytes:
    separator, encoding = _CSV[kind.ending]
    written = io.StringIO(newline="")
    pen = csv.writer(written, delimiter=separator)
    headers = _headers(kind)
    pen.writerow([kind.title, *[""] * (len(headers) - 1)])
    pen.writerow([])
    pen.writerow([header[-1] for header in headers])
    pen.writerows(_numbered(kind, lines))
    pen.writerow(["合计", *[""] * (len(headers) - 2), len(lines)])
    return written.getvalue().encode(encoding)
