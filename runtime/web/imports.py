"""Department data in bulk: upload, columns, dry run, recording. Who began an import sees its rows, nobody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)

from runtime import clock
from runtime.accounts import access
from runtime.entry import audit
from runtime.errors import Conflict, EntryError, NotFound
from runtime.facts.timeline import UNIT
from runtime.imports import batches, columns, kept, states
from runtime.imports.fields import FieldsOf
from runtime.imports.needed import Likelier, likelier, says_who, wanted
from runtime.imports.returned import returned_sheet
from runtime.imports.thrown_away import may_go, throw_away
from runtime.imports.work import ACTION, APPLY, CHECK, started
from runtime.jobs.worker import offer
from runtime.language import gettext as _
from runtime.storage.engine import reading
from runtime.storage.import_tables import Import
from runtime.storage.job_tables import Job
from runtime.web.asking import db, let_go, needs, site, user, whole_number, writes
from runtime.web.import_rows import Line, kind_title, line_of, state_title
from runtime.web.import_upload import (
    department,
    departments,
    fields_for,
    registers,
    taken,
    units_to_choose,
)

imports = Blueprint("imports", __name__, url_prefix="/imports")
PER_PAGE = 50
KINDS = ("error", "conflict", "change", "add", "confirm")
LEFT_OUT = "-"
"""What is posted of a column that is left out: an empty choice says that nobody has decided."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@imports.get("/")
@needs(ACTION)
def index() -> str:
    """Where a file is uploaded, and what was imported lately."""
    return _front()


@imports.post("/")
@needs(ACTION)
def upload() -> Any:
    """Take the file, read it, and show its columns."""
    try:
        import_id = taken()
    except EntryError as error:
        return _front(wrong=str(error)), 400
    return redirect(url_for(".show", import_id=import_id), 303)


@imports.get("/<import_id>")
@needs(ACTION)
def show(import_id: str) -> str:
    """One import as far as it has come; the page asks for itself anew while a job is at it."""
    return _drawn(_mine(import_id))


def _drawn(found: Import, chosen: Mapping[int, str] | None = None, wrong: str = "") -> str:
    """The page, with the columns as `chosen` where they could not be taken, and why."""
    fields = fields_for(found.register)
    asked = request.args.get("kind", "")
    kind = asked if asked in KINDS else next((k for k in KINDS if found.counts.get(k)), "error")
    page = max(1, whole_number(request.args.get("page", "")) or 1)
    part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    job = db().get(Job, found.job_id) if found.job_id else None
    busy = job is not None and job.finished_at is None
    taken = [str(column["field"]) for column in found.columns]
    speechless = found.state in states.OPEN and not says_who(fields, taken)
    lines, more = ([], False) if busy or not found.counts else _lines(found, fields, kind, page)
    return render_template(
        "import_part.html" if part else "import.html",
        found=found,
        chosen=chosen or {},
        undecided=columns.undecided(found.columns),
        left_out=LEFT_OUT,
        wrong=wrong,
        job=job,
        busy=busy,
        register=fields.title,
        department=department(found.department),
        fields=[
            (UNIT, fields.title_of(UNIT)),
            *((f.name, f.title) for f in fields.fields.values()),
        ],
        kind=kind,
        kinds=[(k, kind_title(k), int(found.counts.get(k, 0))) for k in KINDS],
        wanted=wanted(fields) if speechless else "",
        likelier=_likelier(found, fields) if speechless and not busy else None,
        lines=lines,
        page=page,
        more=more,
        nothing=not any(found.counts.get(k) for k in ("add", "change", "confirm", "conflict")),
    )


def _likelier(found: Import, fields: FieldsOf) -> Likelier | None:
    others = (fields_for(name) for name in registers() if name != found.register)
    return likelier(found.columns, fields, others)


def _lines(found: Import, fields: FieldsOf, kind: str, page: int) -> tuple[list[Line], bool]:
    """The rows of one page, noted as read, and whether there are more."""
    rows = kept.rows_of(db(), found.id, kind, (page - 1) * PER_PAGE, PER_PAGE + 1)
    shown, more = rows[:PER_PAGE], len(rows) > PER_PAGE
    headers = [str(column["header"]) for column in found.columns]
    if shown:
        subjects = sorted({row.subject_id for row in shown} - {""})
        details = {"kind": kind, "page": page, "count": len(shown), "subjects": subjects}
        with writes() as session:
            audit.read(session, "import", found.id, actor=user().id, details=details)
    return [line_of(fields, row, headers, found.department) for row in shown], more


@imports.post("/<import_id>/check")
@needs(ACTION)
def check(import_id: str) -> Any:
    """Take the columns as posted, and weigh every row in the background, once they say who each is about."""
    found = _mine(import_id)
    fields = fields_for(found.register)
    chosen, passed = _posted(found, fields)
    let_go()
    try:
        columns.choose(site().engine, import_id, chosen)
    except Conflict as error:
        flash(str(error), "check")
        return redirect(url_for(".show", import_id=import_id), 303)
    except EntryError as error:
        return _drawn(_mine(import_id), chosen, str(error)), 422
    now = _columns(import_id)
    if "yes" not in request.form and passed.intersection(columns.undecided(now)):
        wrong = _("Say of each marked column which field it is, or that it is left out.")
        return _drawn(_mine(import_id), chosen, wrong), 422
    if "yes" in request.form or not says_who(fields, [str(one["field"]) for one in now]):
        return redirect(url_for(".show", import_id=import_id), 303)
    return _begun(import_id, CHECK)


@imports.post("/<import_id>/apply")
@needs(ACTION)
def apply(import_id: str) -> Any:
    """Record what the dry run prepared, in the background; also to go on with what was broken off."""
    found = _mine(import_id)
    if found.state not in ("checked", "applying", "settling"):
        flash(_("The import must be checked before it is applied."), "check")
        return redirect(url_for(".show", import_id=import_id), 303)
    return _begun(import_id, APPLY)


@imports.post("/<import_id>/throw-away")
@needs(ACTION)
def drop(import_id: str) -> Any:
    """Throw away an import of which nothing is recorded."""
    _mine(import_id)
    actor = user().id
    let_go()
    try:
        throw_away(site().engine, import_id, actor)
        flash(_("The upload is thrown away."))
    except Conflict as error:
        flash(str(error), "check")
    return redirect(url_for(".index"), 303)


@imports.get("/<import_id>/errors")
@needs(ACTION)
def errors(import_id: str) -> Response:
    """The sheet that was sent, with its wrong cells marked."""
    found = _mine(import_id)
    name = found.file_name.rpartition(".")[0] or found.file_name
    returned = returned_sheet(site(), import_id)
    if returned is None:
        raise NotFound(_("There is no such file."))
    with writes() as session:
        details = {"kind": "errors", "subjects": returned.subjects}
        audit.read(session, "import", found.id, actor=user().id, details=details)
    answer = make_response(returned.content)
    answer.mimetype = _XLSX
    sent = f"{name}-{_('to correct')}.xlsx"
    answer.headers.set("Content-Disposition", "attachment", filename=sent)
    return answer


def _posted(found: Import, fields: FieldsOf) -> tuple[dict[int, str], set[int]]:
    """Column -> field as posted, and the columns on which nobody has decided.

    `yes` is the place of a column whose offered field is taken by its button.
    """
    chosen: dict[int, str] = {}
    passed: set[int] = set()
    asked = columns.undecided(found.columns)
    yes = whole_number(request.form.get("yes", ""))
    for n, column in enumerate(found.columns):
        name = request.form.get(f"column{n}")
        if n in asked and n == yes:
            chosen[n] = str(column["offered"])
        elif n in asked and name == "":
            passed.add(n)
        elif name is not None and (name in ("", LEFT_OUT, UNIT) or name in fields.fields):
            chosen[n] = "" if name == LEFT_OUT else name
    return chosen, passed


def _columns(import_id: str) -> Sequence[Mapping[str, Any]]:
    """What the columns are taken for now."""
    with reading(site().engine) as session:
        return batches.load(session, import_id).columns


def _begun(import_id: str, kind: str) -> Any:
    with writes() as session:
        found = batches.load(session, import_id)
        session.refresh(
            found, with_for_update=True
        )  # of two clicks the second sees the first's job
        at_it = states.at_work(session, found)
        job_id = "" if at_it else started(session, found, kind, user().id)
    if job_id:
        offer(site(), job_id)
    return redirect(url_for(".show", import_id=import_id), 303)


def _front(wrong: str = "") -> str:
    known = [fields_for(name) for name in registers()]
    mine = batches.begun_by(db(), user().id, PER_PAGE)
    return render_template(
        "imports.html",
        wrong=wrong,
        registers=sorted((one.register, one.title) for one in known),
        departments=departments(),
        units=units_to_choose(),
        mine=mine,
        may_go={one.id for one in mine if may_go(db(), one)},
        titles={one.register: one.title for one in known},
        state_title=state_title,
        today=clock.today().isoformat(),
        form=request.values,
    )


def _mine(import_id: str) -> Import:
    """The import, if it is of whoever is signed in and that person still may; raises `NotFound`."""
    found = db().get(Import, import_id)
    if found is None or found.created_by != user().id:
        raise NotFound(_("There is no such import."))
    access.require(db(), user(), ACTION, department=found.department)
    return found
