"""The History tab: versions and steps as sentences, the difference of any two, and the way back. Not for telling it."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from builder.studio.documents import document_of
from builder.studio.lines import compared
from builder.studio.pages import DESIGN, READ, frame, opened, studio
from builder.studio.past import (
    DRAFT,
    difference_of,
    in_order,
    named,
    pair,
    steps_of,
    text_named,
    versions_of,
)
from builder.studio.steps import set_text
from builder.studio.together import is_as_shown, refused
from runtime.api import access, db, drafts, needs, user, writes
from runtime.api import gettext as _

VIEWS = ("sentences", "unified", "beside")


@studio.get("/history")
@needs(READ)
def history(department: str, name: str) -> str:
    """Versions, the draft's steps, and the difference of two of them."""
    one = opened(department, name)
    moments = versions_of(one)
    names = [moment.name for moment in moments]
    old, new = pair(names, request.args.get("old", ""), request.args.get("new", ""))
    view = request.args.get("view", "")
    before, after = text_named(one, old) or "", text_named(one, new) or ""
    return render_template(
        "builder/studio/history.html",
        **frame(one),
        moments=moments,
        steps=steps_of(one),
        named=named,
        draft=DRAFT,
        old=old,
        new=new,
        view=view if view in VIEWS else VIEWS[0],
        told=difference_of(one, before, after),
        lines=compared(in_order(before), in_order(after), beside=view == "beside")
        if view in VIEWS[1:]
        else [],
    )


@studio.post("/history")
@needs(DESIGN)
def go_back(department: str, name: str) -> Any:
    """Make the form what a version was: a step like any other, which can be taken back."""
    access.require(db(), user(), DESIGN, department=department)
    one, number = opened(department, name), request.form.get("version", "")
    text, back = text_named(one, number), url_for(".history", department=department, name=name)
    if number == DRAFT or text is None or document_of(text) is None:
        abort(404)
    with writes() as session:
        drafts.find(session, one.address, to_change=True)
        is_seen = is_as_shown(session, one.address)
        if is_seen:
            set_text(session, one.library, one.address, text, user().id)
    if not is_seen:
        words = _("Somebody has changed the form since this page was drawn; look at it first.")
        return refused(words, back, 409)
    flash(_("The form is as it was in version %(n)s; undo takes that back.", n=number))
    return redirect(back)
