"""A form as an XLSForm workbook, judged by pyxform as ODK would; and whether a workbook is one. Not for the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from builder.exchange.asking import Cells, Named
from builder.exchange.columns import sheet_of
from builder.exchange.merging import header, merged
from builder.exchange.names import plain_name
from builder.exchange.reading import KEPT, Read, read_xlsform
from builder.exchange.report import Line
from builder.exchange.sheets import Grid, Sheets
from builder.exchange.writing import Row, Written, written
from runtime.api import Library, OperatorError, Plan, compile_form, dumps, short_name
from runtime.api import gettext as _

_SHEETS = ("survey", "choices", "settings")
_FIRST = ("type", "name", "label", "hint", "guidance_hint", "required", "relevant", "constraint")


@dataclass(frozen=True, slots=True)
class Out:
    """The sheets of a form, and what became of each of its parts."""

    sheets: Sheets
    lines: tuple[Line, ...]


def taken_in(sheets: Sheets, department: str, name: str) -> Read:
    """An XLSForm as a definition. Raises `OperatorError` for one that ODK's own reader refuses, with its words."""
    found = read_xlsform(sheets, department, name)
    if why := refused(sheets):
        raise OperatorError(_("This XLSForm has an error: %(why)s", why=why))
    return found


def given_out(plan: Plan, document: Mapping[str, Any], library: Library) -> Out:
    """The sheets of a form; what it was made from comes out again wherever nothing was changed."""
    kept = _kept(document)
    if kept is None:
        fresh = written(plan)
        return Out(sheets_of(fresh), tuple(fresh.lines))
    return _merged(plan, kept, library)


def refused(sheets: Sheets) -> str:
    """Why pyxform makes no XForm of the sheets; empty where it does. Neither Java nor any other program is asked."""
    try:
        convert(_as_pyxform(sheets), validate=False, warnings=[])
    except PyXFormError as error:
        return str(error)
    except (LookupError, AttributeError, TypeError, ValueError, RecursionError) as error:
        return _("it cannot be read (%(why)s)", why=type(error).__name__)
    return ""


def _as_pyxform(sheets: Sheets) -> dict[str, Any]:
    made: dict[str, Any] = {"sheet_names": list(sheets)}
    for name, grid in sheets.items():
        small = name.strip().lower()
        if small not in (*_SHEETS, "external_choices", "entities", "osm") or not grid:
            continue
        sheet = sheet_of(grid, small)
        headers = [text for text in sheet.headers if text]
        made[small] = [_texts(sheet.headers, row) for row in grid[1:]]
        made[f"{small}_header"] = [dict.fromkeys(headers)]
        if len(set(headers)) < len(headers):
            twice = next(text for text in headers if headers.count(text) > 1)
            raise PyXFormError(_("two columns are called “%(name)s”", name=twice))
    return made


def _texts(headers: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    return {h: t.strip() for h, t in zip(headers, row, strict=False) if h and t.strip()}


def _kept(document: Mapping[str, Any]) -> Sheets | None:
    """The sheets that the form was made from; None where it was not, or they are no longer what they were."""
    kept = document.get(KEPT)
    sheets = kept.get("sheets") if isinstance(kept, Mapping) else None
    if not isinstance(sheets, Mapping):
        return None
    whole = all(
        isinstance(grid, list)
        and all(isinstance(row, list) and all(isinstance(t, str) for t in row) for row in grid)
        for grid in sheets.values()
    )
    return dict(sheets) if whole else None


def _merged(plan: Plan, sheets: Sheets, library: Library) -> Out:
    department, _slash, name = short_name(plan.address).partition("/")
    try:
        first = read_xlsform(sheets, department, name)
    except OperatorError:
        fresh = written(plan)
        return Out(sheets_of(fresh), tuple(fresh.lines))
    names = {
        i.key: i.name for i in first.items if i.key and i.type[:4] != "end_" and i.text("name")
    }
    lists = {item.key: item.list_name for item in first.items if item.key and item.list_name}
    before = written(_plan(first, plan.address, library), names, lists)
    now = written(plan, names, lists)
    language = _setting(sheets, "default_language")
    made = {
        sheet: _sheet(sheet, grid, first, before, now, language) for sheet, grid in sheets.items()
    }
    for wanted, rows in (("choices", now.choices),):
        if rows and not any(sheet.strip().lower() == wanted for sheet in made):
            made[wanted] = grid_of([row.cells for row in rows])
    return Out(made, (*first.lines, *_changed(before, now)))


def _plan(first: Read, address: str, library: Library) -> Plan:
    draft = library.with_document(address, first.document)
    return compile_form(address, library=draft)


def _sheet(
    name: str, grid: Grid, first: Read, before: Written, now: Written, language: str
) -> Grid:
    small = name.strip().lower()
    if small == "survey":
        return merged(grid, small, first.keys, before.survey, now.survey, language)
    if small == "choices":
        keys = _choice_keys(grid)
        return merged(grid, small, keys, before.choices, now.choices, language)
    if small == "settings":
        then, wanted = (Row("settings", _titled(one.settings)) for one in (before, now))
        return merged(grid, small, {2: "settings"}, [then], [wanted], language)
    return grid


def _titled(settings: Cells) -> Cells:
    return {key: text for key, text in settings.items() if key[0] == "form_title"}


def _choice_keys(grid: Grid) -> dict[int, str]:
    sheet = sheet_of(grid, "choices")
    found: dict[int, str] = {}
    for n, cells in sheet.rows:
        by_name = {column.name: text for column, text in cells.items()}
        key = f"{by_name.get('list_name', '')}/{by_name.get('name', '')}"
        if key not in found.values():
            found[n] = key
    return found


def _setting(sheets: Sheets, name: str) -> str:
    for sheet, grid in sheets.items():
        if sheet.strip().lower() == "settings":
            for _n, cells in sheet_of(grid, "settings").rows:
                return next((t for c, t in cells.items() if c.name == name), "")
    return ""


def _changed(before: Written, now: Written) -> list[Line]:
    """What became of the parts that are not as they came."""
    then = {line.place: line for line in before.lines}
    old = {row.key: row.cells for row in before.survey}
    places = {row.key.partition(":")[2] for row in now.survey if old.get(row.key) != row.cells}
    return [one for one in now.lines if one.place in places or one.place not in then]


def sheets_of(found: Written) -> Sheets:
    """The sheets of rows that were made from nothing but a plan."""
    survey = grid_of([row.cells for row in found.survey], found.languages())
    choices = grid_of([row.cells for row in found.choices], found.languages())
    settings = dict(found.settings)
    if len(found.languages()) > 1:
        settings["default_language", ""] = header(("", found.languages()[0])).lstrip(":")
    made = {"survey": survey, "choices": choices, "settings": grid_of([settings])}
    return {name: grid for name, grid in made.items() if len(grid) > 1}


def grid_of(rows: Sequence[Cells], languages: Sequence[str] = ()) -> Grid:
    """The rows under headers: without a language where there is but one."""
    columns = sorted(dict.fromkeys(named for cells in rows for named in cells), key=_order)
    headers = [header((n, tag if len(languages) > 1 else "")) for n, tag in columns]
    return [headers, *(_line(columns, cells) for cells in rows)]


def _order(named: Named) -> tuple[int, str, bool, str]:
    name, tag = named
    first = ("list_name", *_FIRST)
    return (first.index(name) if name in first else 99, name, tag != "en", tag)


def _line(columns: Sequence[Named], cells: Cells) -> list[str]:
    texts = [cells.get(named, "") for named in columns]
    while texts and not texts[-1]:
        texts.pop()
    return texts


__all__ = ["Out", "dumps", "given_out", "grid_of", "plain_name", "refused", "sheets_of", "taken_in"]
