"""The builder's pages: forms, one form as JSON beside the real thing. Not the dictionary's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from builder.forms import listed
from builder.history import Clashes, Clashing, Told, steps
from builder.keeping import Opened, keep, mark
from builder.places import line_of, lines
from builder.search import matches
from runtime.api import (
    Conflict,
    DefinitionError,
    FormDraft,
    FormVersion,
    Judged,
    Problem,
    Session,
    access,
    db,
    drafts,
    form_address,
    needs,
    render,
    say,
    site,
    user,
    whole_number,
    writes,
)
from runtime.api import gettext as _

builder = Blueprint(
    "builder", __name__, url_prefix="/builder", template_folder="templates", static_folder="static"
)
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
READ = "form.read"


@builder.get("/")
@needs(READ)
def forms() -> str:
    """All forms: shipped, of departments, and begun here; with search."""
    query = request.args.get("q", "")
    rows = [row for row in listed(db(), site().library) if matches(query, row.names())]
    own = [d for d in site().library.departments() if _may("form.design", d)]
    return render_template("builder/forms.html", rows=rows, query=query, own=own, says=_department)


@builder.post("/forms")
@needs("form.design")
def begin() -> Response:
    """Begin a new form: an empty one under a name that is free."""
    department, name = request.form.get("department", ""), request.form.get("name", "").strip()
    access.require(db(), user(), "form.design", department=department)
    address = form_address(f"{department}/{name}")
    if not _NAME.fullmatch(name) or name == "department":
        flash(
            _("A form's name has small letters, digits and single dashes, such as home-visits."),
            "check",
        )
        return redirect(url_for(".forms"))
    if drafts.text_of(db(), site().library, address):
        flash(_("There is a form %(name)s already; here it is.", name=name), "check")
    else:
        with writes() as session:
            drafts.keep(session, address, _blank(department, name), 0, user().id)
    return redirect(url_for(".form", department=department, name=name))


@builder.get("/forms/<department>/<name>")
@needs(READ)
def form(department: str, name: str) -> str:
    """A form's JSON with its problems, beside the real form."""
    address = form_address(f"{department}/{name}")
    text = drafts.text_of(db(), site().library, address) or abort(404)
    return _form_page(department, name, text)


@builder.post("/forms/<department>/<name>")
@needs("form.design")
def change(department: str, name: str) -> Any:
    """Look at what was typed (nothing is kept), keep it as the draft, or publish the draft."""
    access.require(db(), user(), "form.design", department=department)
    text = request.form.get("text", "").replace("\r\n", "\n")
    step = request.form.get("_do", "look")
    if step == "look":
        template = "builder/judged.html" if request.headers.get("HX-Request") else ""
        return _form_page(department, name, text, template or "builder/form.html")
    address = form_address(f"{department}/{name}")
    try:
        with writes() as session:
            draft, theirs = _kept(session, address, text, step)
            if theirs:
                flash(_("Somebody else meanwhile: %(what)s", what=theirs))
            if step == "publish" and theirs:
                flash(_("Both are in the draft now; look at it, then publish it."), "check")
            elif step == "publish":
                access.require(session, user(), "form.publish", department=department)
                version = drafts.publish(
                    session, site().library, address, draft.revision, user().id
                )
                flash(_("Published as version %(number)s.", number=version.number))
            else:
                flash(_("The draft is saved."))
    except Clashing as error:
        return _form_page(department, name, text, clashes=error.clashes, conflict=str(error)), 409
    except Conflict as error:
        return _form_page(department, name, text, conflict=str(error)), 409
    except DefinitionError as error:
        return _form_page(department, name, text, refused=str(error)), 422
    return redirect(url_for(".form", department=department, name=name))


def _kept(session: Session, address: str, text: str, step: str) -> tuple[FormDraft, str]:
    base = request.form.get("_base")
    opened = Opened(
        None if base is None else base.replace("\r\n", "\n"),
        _revision(),
        step if step in ("mine", "theirs") else "",
        request.form.get("_shown", ""),
    )
    return keep(session, site().library, address, text, opened, user().id)


@builder.post("/forms/<department>/<name>/discard")
@needs("form.design")
def discard(department: str, name: str) -> Response:
    """Throw the draft away: what was published or shipped stays."""
    access.require(db(), user(), "form.design", department=department)
    with writes() as session:
        drafts.discard(session, form_address(f"{department}/{name}"), _revision(), user().id)
    flash(_("The draft was thrown away."))
    return redirect(url_for(".forms"))


def _form_page(
    department: str,
    name: str,
    text: str,
    template: str = "builder/form.html",
    clashes: Clashes = (),
    **said: str,
) -> str:
    address = form_address(f"{department}/{name}")
    judged = drafts.judge(site().library, address, text)
    draft = drafts.find(db(), address)
    versions = drafts.versions(db(), address)
    texts = [
        *(version.source for version in reversed(versions)),
        *([draft.source] if draft else []),
    ]
    changes = steps(site().library, address, texts)
    return render_template(
        template,
        department=department,
        name=name,
        text=text,
        base=request.form.get("_base") or text,
        judged=judged,
        title=say(judged.plan.words.title) if judged.plan else name,
        problems=_placed(judged, text),
        preview=render(judged.plan, {}) if judged.plan else None,
        draft=draft,
        versions=versions,
        changes=dict(zip((one.number for one in reversed(versions)), changes, strict=False)),
        since=changes[-1] if draft and versions else None,
        clashes=clashes,
        shown=mark(drafts.text_of(db(), site().library, address)) if clashes else "",
        revision=_revision() if said else (draft.revision if draft else 0),
        may_change=_may("form.design", department),
        may_publish=_may("form.publish", department),
        says=_department,
        said=said,
    )


def _changes(
    address: str, versions: Sequence[FormVersion], draft: FormDraft | None
) -> list[Told | None]:
    """What was changed from version to version, the oldest first, and in the draft."""
    texts = [one.source for one in reversed(versions)]
    return steps(site().library, address, [*texts, draft.source] if draft else texts)


def _placed(judged: Judged, text: str) -> list[tuple[Problem, int]]:
    """The problems with the line of the text that each is about, errors first."""
    known = lines(text)
    rows = [(p, judged.line or line_of(text, p.pointer, known)) for p in judged.problems]
    return sorted(rows, key=lambda row: (row[0].severity != "error", row[1]))


def _may(action: str, department: str) -> bool:
    return access.may(db(), user(), action, department=department)


def _department(code: str) -> str:
    return say(site().library.departments().get(code, {})) or code


def _revision() -> int:
    return whole_number(request.form.get("_revision", "")) or 0


def _blank(department: str, name: str) -> str:
    return drafts.blank(department, name.replace("-", " ").capitalize())
