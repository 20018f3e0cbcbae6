"""The builder's lists: forms, the dictionary. Not for one form: that is the studio."""

from __future__ import annotations

import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from builder.dictionary import found, grouped
from builder.forms import listed
from builder.search import matches
from builder.studio.pages import build
from builder.studio.source import change, discard, source
from runtime.api import access, db, drafts, form_address, needs, say, site, user, writes
from runtime.api import gettext as _

builder = Blueprint(
    "builder", __name__, url_prefix="/builder", template_folder="templates", static_folder="static"
)
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
READ = "form.read"
builder.add_url_rule("/forms/<department>/<name>", "form", build)
builder.add_url_rule("/forms/<department>/<name>/json", "source", source)
builder.add_url_rule("/forms/<department>/<name>/json", "change", change, methods=["POST"])
builder.add_url_rule("/forms/<department>/<name>/discard", "discard", discard, methods=["POST"])


@builder.get("/")
@needs(READ)
def forms() -> str:
    """All forms: shipped, of departments, and begun here; with search."""
    query = request.args.get("q", "")
    rows = [row for row in listed(db(), site().library) if matches(query, row.names())]
    own = [d for d in site().library.departments() if _may("form.design", d)]
    return render_template("builder/forms.html", rows=rows, query=query, own=own, says=_department)


@builder.get("/dictionary")
@needs(READ)
def dictionary() -> str:
    """Fields and indicators with where they are used; found by name, synonym, pinyin or code."""
    query = request.args.get("q", "")
    groups = grouped(found(site().library, query))
    return render_template("builder/dictionary.html", groups=groups, query=query, says=_department)


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


def _may(action: str, department: str) -> bool:
    return access.may(db(), user(), action, department=department)


def _department(code: str) -> str:
    return say(site().library.departments().get(code, {})) or code


def _blank(department: str, name: str) -> str:
    return drafts.blank(department, name.replace("-", " ").capitalize())
