"""Department data in bulk: upload, columns, dry run, recording. Who began an import sees its rows, nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
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
from runtime.definitions.address import register_address
from runtime.entry import audit
from runtime.errors import EntryError, NotAllowed, NotFound
from runtime.facts import units
from runtime.facts.timeline import UNIT
from runtime.imports import batches
from runtime.imports.fields import FieldsOf, fields_of
from runtime.imports.read import open_file
from runtime.imports.returned import reasons_of, returned_sheet
from runtime.imports.work import ACTION, APPLY, CHECK, started
from runtime.jobs import store
from runtime.jobs.worker import offer
from runtime.language import gettext as _
from runtime.language import say
from runtime.storage.import_tables import Import, ImportRow
from runtime.storage.job_tables import Job
from runtime.storage.tables import Unit
from runtime.web.asking import db, let_go, needs, site, user, whole_number, writes
from runtime.web.posting import LARGEST_SHEET

imports = Blueprint("imports", __name__, url_prefix="/imports")
PER_PAGE = 50
KINDS = ("error", "conflict", "change", "add", "confirm")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the dry run as it is shown: `changes` are field, what was known, what the file says."""

    n: int
    label: str
    changes: list[tuple[str, str, str]]
    reasons: list[str]


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
        import_id = _taken()
    except EntryError as error:
        return _front(wrong=str(error)), 400
    return redirect(url_for(".show", import_id=import_id), 303)


@imports.get("/<import_id>")
@needs(ACTION)
def show(import_id: str) -> str:
    """One import as far as it has come; the page asks for itself anew while a job is at it."""
    found = _mine(import_id)
    fields = _fields(found.register)
    asked = request.args.get("kind", "")
    kind = asked if asked in KINDS else next((k for k in KINDS if found.counts.get(k)), "error")
    page = max(1, whole_number(request.args.get("page", "")) or 1)
    rows = batches.rows_of(db(), found.id, kind, (page - 1) * PER_PAGE, PER_PAGE + 1)
    headers = [str(column["header"]) for column in found.columns]
    lines = [_line(fields, row, headers) for row in rows[:PER_PAGE]]
    part = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    job = db().get(Job, found.job_id) if found.job_id else None
    if lines:
        with writes() as session:
            details = {"kind": kind, "page": page, "count": len(lines)}
            audit.read(session, "import", found.id, actor=user().id, details=details)
    return render_template(
        "import_part.html" if part else "import.html",
        found=found,
        job=job,
        busy=job is not None and job.finished_at is None,
        register=fields.title,
        department=_department(found.department),
        fields=[
            (UNIT, fields.title_of(UNIT)),
            *((f.name, f.title) for f in fields.fields.values()),
        ],
        kind=kind,
        kinds=[(k, _kind_title(k), int(found.counts.get(k, 0))) for k in KINDS],
        lines=lines,
        page=page,
        more=len(rows) > PER_PAGE,
        nothing=not any(found.counts.get(k) for k in ("add", "change", "confirm", "conflict")),
    )


@imports.post("/<import_id>/check")
@needs(ACTION)
def check(import_id: str) -> Any:
    """Take the columns as posted, and weigh every row in the background."""
    found = _mine(import_id)
    fields = _fields(found.register)
    chosen: dict[int, str] = {}
    for n, _column in enumerate(found.columns):
        name = request.form.get(f"column{n}")
        if name is not None and (not name or name == UNIT or name in fields.fields):
            chosen[n] = name
    let_go()
    try:
        batches.choose(site().engine, import_id, chosen)
    except EntryError as error:
        flash(str(error), "check")
        return redirect(url_for(".show", import_id=import_id), 303)
    return _begun(import_id, CHECK)


@imports.post("/<import_id>/apply")
@needs(ACTION)
def apply(import_id: str) -> Any:
    """Record what the dry run prepared, in the background; also to go on with what was broken off."""
    found = _mine(import_id)
    if found.state not in ("checked", "applying"):
        flash(_("The import must be checked before it is applied."), "check")
        return redirect(url_for(".show", import_id=import_id), 303)
    return _begun(import_id, APPLY)


@imports.get("/<import_id>/errors")
@needs(ACTION)
def errors(import_id: str) -> Response:
    """The sheet that was sent, with its wrong cells marked."""
    found = _mine(import_id)
    name = found.file_name.rpartition(".")[0] or found.file_name
    with writes() as session:
        details = {"kind": "errors"}
        audit.read(session, "import", found.id, actor=user().id, details=details)
    content = returned_sheet(site(), import_id)
    if content is None:
        raise NotFound(_("There is no such file."))
    answer = make_response(content)
    answer.mimetype = _XLSX
    sent = f"{name}-{_('to correct')}.xlsx"
    answer.headers.set("Content-Disposition", "attachment", filename=sent)
    return answer


def _taken() -> str:
    """Read and keep what was uploaded; the import's id. Raises `EntryError`."""
    register, department = request.form.get("register", ""), request.form.get("department", "")
    if register_address(register) not in site().library:
        raise EntryError(_("Choose the register that the file is for."))
    if department not in dict(_departments()):
        raise NotAllowed(_("You have no right to do this here."))
    file = request.files.get("file")
    if file is None or not file.filename:
        raise EntryError(_("Choose a file."))
    content = file.stream.read(LARGEST_SHEET + 1)
    unit_id = _unit(request.form.get("unit", ""), department)
    known = batches.remembered(db(), department, register)
    let_go()
    opened = open_file(file.filename, content, _fields(register), known)
    made = batches.Upload(
        register=register,
        department=department,
        name=file.filename,
        content=content,
        as_of=_day(request.form.get("as_of", "")) or opened.as_of,
        unit_id=unit_id,
        actor=user().id,
    )
    return batches.begin(site().engine, made, opened.columns())


def _unit(code: str, department: str) -> int | None:
    if not code.strip():
        return None
    try:
        unit = units.by_code(db(), code.strip())
    except NotFound as error:
        raise EntryError(str(error)) from error
    access.require(db(), user(), ACTION, unit.id, department)
    return unit.id


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise EntryError(_("“%(text)s” is not a day, such as 2026-10-31.", text=text)) from error
    if not units.FIRST_DAY <= day <= clock.today():
        raise EntryError(_("A file cannot speak of a day to come."))
    return day


def _begun(import_id: str, kind: str) -> Any:
    with writes() as session:
        found = batches.load(session, import_id)
        job = session.get(Job, found.job_id) if found.job_id else None
        at_it = job is not None and job.state not in store.ENDED
        job_id = "" if at_it else started(session, found, kind, user().id)
    if job_id:
        offer(site(), job_id)
    return redirect(url_for(".show", import_id=import_id), 303)


def _front(wrong: str = "") -> str:
    mine = [one for one in batches.listed(db(), None, most=500) if one.created_by == user().id]
    registers = [_fields(name) for name in _registers()]
    return render_template(
        "imports.html",
        wrong=wrong,
        registers=sorted((one.register, one.title) for one in registers),
        departments=_departments(),
        mine=mine[:PER_PAGE],
        titles={one.register: one.title for one in registers},
        state_title=_state_title,
        today=clock.today().isoformat(),
        form=request.form,
    )


def _registers() -> list[str]:
    found = site().library.addresses("register")
    return [address.rpartition("/")[2].removesuffix(".json") for address in found]


def _departments() -> list[tuple[str, str]]:
    allowed = access.departments(db(), user(), ACTION)
    known = site().library.departments()
    return sorted((d, say(t) or d) for d, t in known.items() if allowed is None or d in allowed)


def _department(code: str) -> str:
    return say(site().library.departments().get(code, {})) or code


def _mine(import_id: str) -> Import:
    """The import, if it is of whoever is signed in and that person still may; raises `NotFound`."""
    found = db().get(Import, import_id)
    if found is None or found.created_by != user().id:
        raise NotFound(_("There is no such import."))
    access.require(db(), user(), ACTION, department=found.department)
    return found


def _fields(register: str) -> FieldsOf:
    return fields_of(site().library, site().field_types, register)


def _line(fields: FieldsOf, row: ImportRow, headers: Sequence[str]) -> Line:
    named = [name for name in row.told if row.kind != "change" or name in row.old]
    if row.kind == "conflict":
        named = list(row.old)
    changes = [
        (
            fields.fields[name].title,
            fields.fields[name].display(row.old.get(name)),
            fields.fields[name].display(row.told.get(name)),
        )
        for name in named
        if name in fields.fields
    ]
    if row.kind == "add" and row.unit_id and (unit := db().get(Unit, row.unit_id)) is not None:
        changes.insert(0, (fields.title_of(UNIT), "", say(unit.title)))
    return Line(row.n, row.label, changes, reasons_of(row, headers))


def _kind_title(kind: str) -> str:
    return {
        "add": _("New"),
        "change": _("Changed"),
        "confirm": _("Confirmed"),
        "conflict": _("In conflict"),
        "error": _("Wrong"),
    }[kind]


def _state_title(state: str) -> str:
    return {
        "uploaded": _("uploaded"),
        "checking": _("being checked"),
        "checked": _("checked"),
        "applying": _("being recorded"),
        "applied": _("recorded"),
        "cancelled": _("cancelled"),
        "failed": _("failed"),
    }[state]
