"""The catalogue of forms: read by everybody who is signed in, and where a steward retires one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from werkzeug.wrappers import Response

from builder.exchange.sheets import LONGEST
from builder.publishing.rows import Catalogue, Row, catalogue_of
from runtime.api import (
    EntryError,
    access,
    burdens,
    db,
    form_address,
    name_of,
    needs,
    needs_user,
    retiring,
    say,
    site,
    user,
    writes,
)
from runtime.api import gettext as _

catalogue = Blueprint("catalogue", __name__, url_prefix="/builder/catalogue")
_RISKY = ("=", "+", "-", "@", "\t")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@catalogue.get("/")
@needs_user
def show() -> str:
    """All admitted forms by department, with what they cost, and what retired ones have saved."""
    return _drawn()


@catalogue.post("/retire")
@needs("form.admit")
def retire() -> str | tuple[str, int] | Response:
    """Retire a form, with a reason, perhaps merged into another."""
    short, into = request.form.get("form", ""), request.form.get("into", "")
    address = form_address(short)
    access.require(db(), user(), "form.admit", department=short.partition("/")[0])
    merged, reason = form_address(into) if into else "", request.form.get("reason", "")
    try:
        spares = retiring.spared(db(), address, merged)
        with writes() as session:
            retiring.retire(session, address, user(), reason, merged, spares)
    except EntryError as error:
        return _drawn(refused=str(error)), 422
    flash(
        _("The form is retired: nothing new is begun with it, and what was begun can be finished.")
    )
    return redirect(url_for(".show"), 303)


@catalogue.get("/forms.<ending>")
@needs_user
def download(ending: str) -> Response:
    """The catalogue as CSV or Excel."""
    if ending not in ("csv", "xlsx"):
        abort(404)
    lines = list(_lines(catalogue_of(db())))
    content = _csv(lines) if ending == "csv" else _xlsx(lines)
    kind = "text/csv; charset=utf-8" if ending == "csv" else XLSX
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="catalogue.{ending}"'
    return answer


def _drawn(refused: str = "") -> str:
    found = catalogue_of(db())
    mine = access.departments(db(), user(), "form.admit") if _is_steward() else frozenset()
    retirable = [r for r in found.rows if mine is None or r.version.department in mine]
    return render_template(
        "builder/publishing/catalogue.html",
        found=found,
        refused=refused,
        typed=request.form,
        retirable=retirable,
        reads=access.may(db(), user(), "form.read"),
        burdens=burdens,
        frequency=frequency,
        level_word=burdens.level_word,
        says=says,
        name_of=name_of,
    )


def _is_steward() -> bool:
    return access.may(db(), user(), "form.admit")


def says(code: str) -> str:
    """A department's name."""
    return say(site().library.departments().get(code, {})) or code


def frequency(row: Row) -> str:
    """How often it is asked, in words."""
    return {
        "yearly": _("yearly"), "halfYearly": _("twice a year"), "quarterly": _("quarterly"),
        "monthly": _("monthly"), "tenDays": _("every ten days"), "weekly": _("weekly"), "daily": _("daily"),
    }.get(row.plan.form.frequency, _("as it happens"))  # fmt: skip


def _lines(found: Catalogue) -> Iterator[Sequence[str | float | None]]:
    yield (
        _("Department"), _("Number"), _("Form"), _("Version"), _("Legal basis"), _("Expires"),
        _("How often"), _("Owed by"), _("Cells"), _("Cells to type"), _("Cells to type in each row"),
        _("Hours a year"),
    )  # fmt: skip
    for row in found.rows:
        form, told = row.plan.form, row.burden
        yield (
            says(row.version.department), form.number, say(row.version.title), row.version.number,
            say(form.legal_basis), form.expires, frequency(row), burdens.units_in_words(told),
            told.cells, told.typed, sum(one.typed for one in told.rows),
            None if told.hours is None else round(told.hours, 1),
        )  # fmt: skip


def _safe(value: str | float | None) -> str | float | None:
    """A text that a spreadsheet would take for a formula is told to be text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value


def _csv(lines: Sequence[Sequence[str | float | None]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([["" if v is None else _safe(v) for v in line] for line in lines])
    return out.getvalue().encode("utf-8-sig")


def _xlsx(lines: Sequence[Sequence[str | float | None]]) -> bytes:
    """Numbers as numbers, all else as text whatever it begins with."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in lines:
        sheet.append([_cell(sheet, value) for value in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: str | float | None) -> Any:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST])
    cell.data_type = "s"
    return cell
