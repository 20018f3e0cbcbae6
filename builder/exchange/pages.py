"""The pages on which forms come in and go out: what became of each row is shown before anything is kept.

What was uploaded travels with the page until somebody says yes to it, and is read anew then.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

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

from builder.exchange import bundles, templates
from builder.exchange.bundles import MOST, File, files_in
from builder.exchange.incoming import Incoming, Taking, is_name, kept, known, prepared
from builder.exchange.outgoing import as_xlsform, packed, write_one
from builder.exchange.report import Line, counted, state_words
from builder.exchange.sheets import LARGEST
from builder.exchange.sources import Source, found
from builder.history import read
from builder.listing import department_title, own_departments
from runtime.api import (
    Conflict,
    NotFound,
    OperatorError,
    access,
    db,
    drafts,
    form_address,
    needs,
    own_sheets,
    site,
    takes,
    user,
    writes,
)
from runtime.api import gettext as _

exchange = Blueprint("exchange", __name__, url_prefix="/builder", template_folder="../templates")
READ = "form.read"
DESIGN = "form.design"
MOST_SHOWN = 3_000
"""Lines of a report that a page shows of one form."""
MOST_CHOSEN = 2_000
_POSTED = LARGEST * 4 // 3 + 200_000
"""Bytes of a page that carries a file."""
_MEDIA = {
    "json": "application/json",
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@exchange.get("/import")
@needs(DESIGN)
def upload() -> str:
    """Where a file is chosen."""
    return _upload_page()


@exchange.post("/import")
@needs(DESIGN)
def look() -> Any:
    """What the file would become, row by row; nothing is kept."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _upload_page(_("Choose a file.")), 422
    content = file.stream.read(LARGEST + 1)
    return _looked(file.filename, content)


@exchange.post("/import/keep")
@needs(DESIGN)
@takes(_POSTED)
def take() -> Any:
    """Keep what was looked at, as drafts: read anew, since what comes back from a browser may be anything."""
    name = request.form.get("file_name", "")
    content = _unpacked(request.form.get("content", ""))
    if request.form.get("_do") == "look":
        return _looked(name, content)
    try:
        incoming = known(db(), site(), prepared(site(), files_in(name, content), _taking()))
    except OperatorError as error:
        return _upload_page(str(error)), 422
    wanted = [one for one in incoming if not one.refused]
    for one in wanted:
        department = one.short.partition("/")[0]
        access.require(db(), user(), DESIGN, department=department)
    if not wanted:
        return _report_page(name, content, incoming), 422
    try:
        with writes() as session:
            kept(session, wanted, user().id)
    except Conflict as error:
        return _report_page(name, content, incoming, str(error)), 409
    return _kept(wanted)


def _kept(made: Sequence[Incoming]) -> Any:
    if len(made) == 1:
        flash(_("The draft is saved."))
        department, _slash, name = made[0].short.partition("/")
        return _to("builder.form", department=department, name=name)
    flash(_("%(n)s drafts are saved.", n=len(made)))
    return _to("builder.forms", sort="changed", turned="1")


def _to(endpoint: str, **values: Any) -> Any:
    return redirect(url_for(endpoint, **values))


def _looked(name: str, content: bytes) -> Any:
    if len(content) > LARGEST:
        return _upload_page(
            _(
                "%(name)s is too large: a file has at most %(most)s MB; divide the set.",
                name=name,
                most=LARGEST >> 20,
            )
        ), 413
    try:
        files = files_in(name, content)
        _require_name(files)
        incoming = known(db(), site(), prepared(site(), files, _taking()))
    except OperatorError as error:
        return _upload_page(str(error)), 422
    return _report_page(name, content, incoming)


def _taking() -> Taking:
    """For which department and under which name, as it was said; of the own departments only."""
    own = own_departments()
    department = request.form.get("department", "")
    if department:
        access.require(db(), user(), DESIGN, department=department)
    return Taking(department, request.form.get("name", "").strip(), frozenset(own))


def _require_name(files: Sequence[File]) -> None:
    said = request.form.get("name", "").strip()
    if said and len(files) > 1:
        raise OperatorError(_("A name is for one form; those of a set have names. Leave it empty."))
    if said and not is_name(said):
        raise OperatorError(
            _("A form's name has small letters, digits and single dashes, such as home-visits.")
        )


def _upload_page(wrong: str = "") -> str:
    return render_template(
        "builder/exchange/upload.html",
        own=own_departments(),
        says=department_title,
        typed=request.form,
        wrong=wrong,
        most={
            "mb": LARGEST >> 20,
            "forms": MOST,
            "unpacked": bundles.LARGEST // 10**6,
            "sheet": own_sheets.LARGEST >> 20,
        },
    )


def _report_page(name: str, content: bytes, incoming: Sequence[Incoming], wrong: str = "") -> str:
    return render_template(
        "builder/exchange/report.html",
        file_name=name,
        content=_packed(content),
        incoming=incoming,
        ready=[one for one in incoming if not one.refused],
        own=own_departments(),
        says=department_title,
        typed=request.form,
        wrong=wrong,
        most=MOST_SHOWN,
        counted=counted,
        state_words=state_words,
    )


def _packed(content: bytes) -> str:
    return base64.b64encode(zlib.compress(content)).decode()


def _unpacked(text: str) -> bytes:
    """What a page carries; nothing where it carries something else."""
    try:
        unpacking = zlib.decompressobj()
        return unpacking.decompress(base64.b64decode(text, validate=True), LARGEST + 1)
    except (binascii.Error, zlib.error, ValueError):
        return b""


@exchange.get("/forms/<department>/<name>/export")
@needs(READ)
def export(department: str, name: str) -> Any:
    """The ways in which a form goes out, and what becomes of it as an XLSForm; with `?as=` the file itself."""
    source = _source(f"{department}/{name}")
    kind = request.args.get("as", "")
    if kind == "json":
        return _file(source.text.encode(), f"{name}.json", kind)
    if kind == "zip":
        return _file(packed(db(), site(), [source]).content, f"{name}.zip", kind)
    try:
        if kind == "xlsx":
            return _file(write_one(site().library, source, kind)[0], f"{name}.xlsx", kind)
        lines: tuple[Line, ...] = as_xlsform(site().library, source).lines
        refused = ""
    except OperatorError as error:
        lines, refused = (), str(error)
    page = render_template(
        "builder/exchange/export.html",
        department=department,
        name=name,
        template=_template(source),
        lines=lines,
        refused=refused,
        most=MOST_SHOWN,
        counted=counted,
        state_words=state_words,
        says=department_title,
    )
    return (page, 422) if refused and kind else page


def _template(source: Source) -> str:
    """Whether the form's Excel template goes along in a set: `here` or `missing`; empty where it has none."""
    wanted = templates.named(read(source.text) or {})
    if not wanted:
        return ""
    return "here" if templates.content_of(db(), site(), wanted) is not None else "missing"


@exchange.post("/export")
@needs(READ)
def export_set() -> Any:
    """Several forms as a set (ZIP), with all of this site that they refer to."""
    chosen = request.form.getlist("form")[:MOST_CHOSEN]
    if not chosen:
        flash(_("Choose the forms first."), "check")
        return _to("builder.forms")
    sources = [_source(short) for short in dict.fromkeys(chosen)]
    return _file(packed(db(), site(), sources).content, "forms.zip", "zip")


def _source(short: str) -> Source:
    """The form as it is worked on: its draft, else what is published or shipped. Raises `NotFound`."""
    if short.count("/") != 1 or "@" in short:
        raise NotFound(_("There is no form %(name)s.", name=short))
    if drafts.find(db(), form_address(short)) is not None:
        return found(db(), site().library, f"{short}@draft")
    return found(db(), site().library, short)


def _file(content: bytes, name: str, kind: str) -> Response:
    answer = make_response(content)
    answer.mimetype = _MEDIA[kind]
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer
