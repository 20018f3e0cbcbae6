"""How much a post may hold: a form's own plan says it, since a large table has thousands of cells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

from runtime.accounts import access
from runtime.entry.limits import post_limits
from runtime.entry.versions import plan_of
from runtime.storage.tables import Entry, FormVersion
from runtime.web.asking import db, signed_in

SMALL = 100_000
"""Bytes; what is smaller and in one piece cannot hold too many parts."""
LARGEST_SHEET = 60 * 1024 * 1024
"""Bytes of a department's sheet that a browser may send; the command takes larger ones."""
_OF_AN_ENTRY = {"entry.save", "entry.check", "entry.draft", "entry.settle"}

View = TypeVar("View", bound=Callable[..., Any])


def takes(size: int) -> Callable[[View], View]:
    """A view whose posts may hold texts of so many bytes together, from whoever may ask for it (see `needs`)."""

    def mark(view: View) -> View:
        view.takes = size  # type: ignore[attr-defined]
        return view

    return mark


def init_app(app: Flask) -> None:
    """Set the limits before anything reads the form: so this comes before the check of its token."""
    app.before_request(widen)


def widen() -> None:
    """Let a post of an entry hold as many cells as its form draws, and an upload be a department's sheet."""
    if request.endpoint == "imports.upload" and request.method == "POST":
        if access.may(db(), signed_in(), "register.import"):
            request.max_content_length = LARGEST_SHEET
        return
    view = current_app.view_functions.get(request.endpoint or "")
    if said := getattr(view, "takes", 0):
        if request.method == "POST" and _may(getattr(view, "guard", "")):
            request.max_form_memory_size = said
        return
    if request.endpoint not in _OF_AN_ENTRY or request.method != "POST":
        return
    if (request.content_length or 0) < SMALL and request.mimetype != "multipart/form-data":
        return
    user = signed_in()
    entry = db().get(Entry, (request.view_args or {}).get("entry_id", "")) if user else None
    if entry is None or not access.may(db(), user, "entry.fill", entry.unit_id):
        return
    version = db().get(FormVersion, entry.form_version_id)
    if version is not None:
        limits = post_limits(plan_of(version), entry.data, entry.choices)
        request.max_form_parts = max(1000, limits.parts)
        request.max_form_memory_size = max(500_000, limits.size)


def _may(guard: str) -> bool:
    """Whether whoever asks comes past a view's guard: an action, or `user` for all who are signed in."""
    if guard in ("", "user"):
        return signed_in() is not None
    return access.may(db(), signed_in(), guard)
