"""Where the builder's pages of one form stand, beside the list of forms. Not for what they show."""

from __future__ import annotations

from flask import Blueprint

from builder.studio.pages import build
from builder.studio.source import change, discard, source

builder = Blueprint(
    "builder", __name__, url_prefix="/builder", template_folder="templates", static_folder="static"
)
READ = "form.read"
builder.add_url_rule("/forms/<department>/<name>", "form", build)
builder.add_url_rule("/forms/<department>/<name>/json", "source", source)
builder.add_url_rule("/forms/<department>/<name>/json", "change", change, methods=["POST"])
builder.add_url_rule("/forms/<department>/<name>/discard", "discard", discard, methods=["POST"])
