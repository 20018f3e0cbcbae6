"""The pages on which a sheet becomes a form: taken in, looked at, decided cell by cell, made. Not for recognising."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from builder.excel import boxes, convert, keeping, replacing, view
from builder.excel.deciding import said_of
from builder.excel.keeping import Kept
from builder.excel.making import Ready, ready, tried, wanted_of
from builder.excel.recognise import recognise
from builder.excel.template import Template
from builder.excel.vocabulary import vocabulary_of
from builder.plainly import plainly
from runtime.api import (
    Conflict,
    EntryError,
    ExcelSheet,
    access,
    db,
    needs,
    ngettext,
    own_sheets,
    say,
    short_name,
    site,
    user,
    writes,
)
from runtime.api import gettext as _

excel = Blueprint("excel", __name__, url_prefix="/excel")
DESIGN = "form.design"
_CARRIED = frozenset(
    {"name", "title", "number", "about", "frequency", "due", "subject", "level", "filled"}
)
"""What was typed of the form that is to be made."""


@excel.get("/")
@needs(DESIGN)
def index() -> str:
    """Where a sheet is taken in, and those that are being worked at."""
    return _front()


@excel.post("/")
@needs(DESIGN)
def upload() -> Any:
    """Take a sheet in, read it, and show what it may mean."""
    department = request.form.get("department", "")
    access.require(db(), user(), DESIGN, department=department)
    try:
        name, content = _file()
        clear, found = _recognised(content)
        with writes() as session:
            sheet_id = keeping.take_in(
                session, department, name, clear.content, found, user().id, clear.dropped
            )
    except Conflict as error:
        return _front(str(error)), 409
    except EntryError as error:
        return _front(str(error)), 400
    return redirect(url_for(".show", sheet_id=sheet_id), 303)


@excel.get("/<sheet_id>")
@needs(DESIGN)
def show(sheet_id: str) -> str:
    """The sheet as it is, each cell to fill with what is proposed; one of them in the panel."""
    return _work(_mine(sheet_id), request.args.get("cell", ""))


@excel.post("/<sheet_id>/decide")
@needs(DESIGN)
def decide(sheet_id: str) -> Any:
    """Accept, change or leave out one cell, or accept all that is sure."""
    found = _mine(sheet_id)
    known, kept = vocabulary_of(site().library), Kept.of(found.found)
    cell, step = request.form.get("cell", ""), request.form.get("_do", "")
    choices = kept.choices(found.decisions)
    try:
        said = said_of(step, choices, cell, request.form, known)
    except EntryError as error:
        return _work(found, cell, str(error)), 422
    with writes() as session:
        keeping.decide(session, sheet_id, said)
    if step == "all" and "HX-Request" not in request.headers:
        text = ngettext("%(n)s proposal is accepted.", "%(n)s proposals are accepted.", len(said))
        flash(text)
    after = view.after(choices, said, cell)
    if "HX-Request" in request.headers:
        return _work(_mine(sheet_id), after)
    return redirect(url_for(".show", sheet_id=sheet_id, cell=after or None, _anchor="panel"), 303)


@excel.get("/<sheet_id>/search")
@needs(DESIGN)
def search(sheet_id: str) -> str:
    """What of the dictionary answers to a word, to be taken for a cell."""
    found = _mine(sheet_id)
    work = view.work(found, vocabulary_of(site().library), request.args.get("cell", ""))
    hits = view.hits(site().library, work, request.args.get("q", ""))
    return render_template(
        "builder/excel/found.html", w=work, hits=hits, query=request.args.get("q", "")
    )


@excel.post("/<sheet_id>/make")
@needs(DESIGN)
def make_it(sheet_id: str) -> Any:
    """Make the draft and its template of what was decided; over what was changed in the draft only who has seen it."""
    found = _mine(sheet_id)
    if request.form.get("_do") == "keep":
        return _work(
            found, "", _("The draft stays. Under another name the sheet makes a second form.")
        )
    seen = request.form.get("seen", "")
    try:
        wanted = wanted_of(request.form, found.department, site().library.registers())
        form = ready(found, wanted, vocabulary_of(site().library))
    except EntryError as error:
        return _work(_mine(sheet_id), "", str(error)), 422
    try:
        with writes() as session:
            replacing.keep(session, site(), sheet_id, form, user().id, seen)
    except replacing.InTheWay:
        return _replace_page(sheet_id, form, again=bool(seen)), 409
    except Conflict as error:
        return _work(_mine(sheet_id), "", str(error)), 409
    return redirect(url_for(".made", sheet_id=sheet_id), 303)


@excel.get("/<sheet_id>/made")
@needs(DESIGN)
def made(sheet_id: str) -> Any:
    """What was made: the draft, what the checks say of it, and the sheet filled to look at."""
    found = _mine(sheet_id)
    if not found.form:
        return redirect(url_for(".show", sheet_id=sheet_id))
    result = tried(db(), site(), found)
    department, _slash, name = short_name(found.form).partition("/")
    return render_template(
        "builder/excel/made.html",
        sheet=found,
        department=department,
        name=name,
        judged=result.judged,
        problems=view.told(result.judged),
        plainly=plainly,
        pages=view.preview(result.workbook) if result.workbook else [],
        dropped=found.found.get("dropped", []),
        stays=found.found.get("stays", []),
    )


@excel.get("/<sheet_id>/sample.xlsx")
@needs(DESIGN)
def sampled(sheet_id: str) -> Response:
    """The sheet filled with made-up values."""
    found = _mine(sheet_id)
    content = tried(db(), site(), found).workbook if found.form else b""
    if not content:
        return redirect(url_for(".show", sheet_id=sheet_id))
    answer = make_response(content)
    answer.mimetype = own_sheets.WORKBOOK
    name = f"{short_name(found.form).rpartition('/')[2]}-sample.xlsx"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


@excel.post("/<sheet_id>/discard")
@needs(DESIGN)
def discard(sheet_id: str) -> Response:
    """Throw the sheet away; a form that was made of it stays."""
    _mine(sheet_id)
    with writes() as session:
        keeping.throw_away(session, sheet_id)
    flash(_("The sheet was thrown away."))
    return redirect(url_for(".index"), 303)


def _mine(sheet_id: str) -> ExcelSheet:
    found = keeping.sheet(db(), sheet_id)
    access.require(db(), user(), DESIGN, department=found.department)
    return found


def _file() -> tuple[str, bytes]:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise EntryError(_("Choose a file."))
    from builder.excel.reading import LARGEST  # late: openpyxl takes a while to come in

    content = file.stream.read(LARGEST + 1)
    if len(content) <= LARGEST and convert.is_old(file.filename, content):
        content = convert.converted(content)
    return file.filename, content


def _recognised(content: bytes) -> tuple[Template, Kept]:
    """The sheet without who filled it and what is hidden in it, and what was read of that."""
    from builder.excel.reading import cleared  # late: openpyxl takes a while to come in

    clear, picture = cleared(content)
    found = recognise(picture, vocabulary_of(site().library))
    if not found.read.slots:
        raise EntryError(
            _(
                "No cell to fill was found: a table needs headers with empty cells under or beside them, and lines"
                " around its cells help. Look at the sheet, and upload it again."
            )
        )
    return clear, Kept(picture, found.read, found.proposals, found.register)


def _work(found: ExcelSheet, cell: str, wrong: str = "") -> str:
    library = site().library
    known = vocabulary_of(library)
    work = view.work(found, known, cell)
    query = request.args.get("q", "")
    template = "work.html" if "HX-Request" in request.headers else "sheet.html"
    return render_template(
        f"builder/excel/{template}",
        w=work,
        wrong=wrong,
        query=query,
        hits=view.hits(library, work, query) if query else [],
        form=boxes.form_values(work, request.form),
        radar=view.radar_address(),
        registers=boxes.registers(library),
        lists=boxes.lists(work, library),
        department=_department,
    )


def _replace_page(sheet_id: str, form: Ready, *, again: bool) -> str:
    """What would be lost of the draft, to be replaced or kept; `again`: it has changed since it was shown."""
    found = _mine(sheet_id)
    department, _slash, name = short_name(form.address).partition("/")
    posted = [pair for pair in request.form.items(multi=True) if pair[0] in _CARRIED]
    return render_template(
        "builder/excel/replace.html",
        sheet=found,
        department=department,
        name=name,
        stands=replacing.standing(db(), site(), found, form),
        posted=posted,
        again=again,
    )


def _front(wrong: str = "") -> str:
    own = [
        d for d in site().library.departments() if access.may(db(), user(), DESIGN, department=d)
    ]
    rows = [(one, view.progress(one)) for one in keeping.sheets_of(db(), own)]
    return render_template(
        "builder/excel/index.html",
        own=own,
        rows=rows,
        wrong=wrong,
        says=_department,
        old=convert.there(),
    )


def _department(code: str) -> str:
    return say(site().library.departments().get(code, {})) or code
