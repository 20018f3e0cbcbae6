"""The builder's pages beside the list of forms and the studio: the dictionary; and where a form's JSON stands."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from builder.dictionary import found, grouped
from builder.studio.pages import build
from builder.studio.source import change, discard, source
from runtime.api import needs, say, site

builder = Blueprint(
    "builder", __name__, url_prefix="/builder", template_folder="templates", static_folder="static"
)
READ = "form.read"
builder.add_url_rule("/forms/<department>/<name>", "form", build)
builder.add_url_rule("/forms/<department>/<name>/json", "source", source)
builder.add_url_rule("/forms/<department>/<name>/json", "change", change, methods=["POST"])
builder.add_url_rule("/forms/<department>/<name>/discard", "discard", discard, methods=["POST"])


@builder.get("/dictionary")
@needs(READ)
def dictionary() -> str:
    """Fields and indicators with where they are used; found by name, synonym, pinyin or code."""
    query = request.args.get("q", "")
    groups = grouped(found(site().library, query))
    return render_template("builder/dictionary.html", groups=groups, query=query, says=_department)


def _department(code: str) -> str:
    return say(site().library.departments().get(code, {})) or code
