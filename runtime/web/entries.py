"""An entry's pages: choosing what it is about, starting, filling. Saving is `saving`'s, submitting `review`'s."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from runtime.accounts import access
from runtime.definitions.place import remembering
from runtime.entry import apart, versions
from runtime.entry.differences import fills
from runtime.entry.drawn import element_id
from runtime.entry.screen import Screen
from runtime.errors import EntryError, NotFound
from runtime.language import gettext as _
from runtime.periods import Period
from runtime.storage.tables import Unit
from runtime.web import described, registers, uploads
from runtime.web.asking import db, let_go, needs, site, user
from runtime.web.filling import Filling, open_filling, overridden, read_filling, without_missing

entries = Blueprint("entry", __name__, url_prefix="/entries")


@entries.get("/new")
@needs("entry.fill")
def pick() -> str:
    """Choose the subject that a form is about."""
    version = versions.require_latest(db(), request.args.get("form", ""))
    plan = versions.plan_of(version)
    if not plan.form.subject:
        raise NotFound(_("There is no such form."))
    query, unit = request.args.get("q", "").strip(), registers.chosen_unit()
    name = plan.form.subject
    return render_template(
        "pick.html",
        version=version,
        register=described.title_of(name),
        columns=[title for _field, title in described.columns_of(name)],
        lines=registers.search(name, unit, query) if query else [],
        query=query,
        unit=unit,
        units=registers.own_units(),
    )


@entries.post("/")
@needs("entry.fill")
def start() -> Response:
    """Begin an entry, filled as far as is known; or open the one that there is."""
    form = request.form
    version = versions.require_latest(db(), form.get("form", ""))
    subject_id = form.get("subject") or None
    if subject_id:
        register = versions.plan_of(version).form.subject
        unit_id = registers.readable(register, subject_id).unit_id
    else:
        unit_id = db().scalar(select(Unit.id).where(Unit.code == form.get("unit", "")))
    if unit_id is None:
        raise NotFound(_("There is no such unit."))
    access.require(db(), user(), "entry.fill", unit_id, version.department)
    period = _period(form.get("period", ""))
    let_go()
    entry_id = apart.start(site().engine, version.address, unit_id, period, subject_id, user().id)
    return redirect(url_for(".fill", entry_id=entry_id), 303)


def _period(text: str) -> Period | None:
    try:
        return Period.parse(text) if text else None
    except ValueError as error:
        raise EntryError(str(error)) from error


@entries.get("/<entry_id>")
@needs("entry.read")
def fill(entry_id: str) -> str | Response:
    """The filling page; an entry that is no longer open shows its receipt."""
    filling = read_filling(entry_id, "entry.read")
    if not filling.editable:
        return redirect(url_for(".receipt", entry_id=entry_id))
    opened = request.args.getlist("open")
    with remembering():  # judged and drawn from one layout
        problems = without_missing(filling.problems())
        return draw(filling, filling.screen(problems=problems, opened=opened), opened=opened)


def draw(
    filling: Filling,
    screen: Screen,
    *,
    summary: bool = False,
    revision: int | None = None,
    provenance: Mapping[str, Any] | None = None,
    reasons: Mapping[str, str] | None = None,
    opened: Sequence[str] = (),
) -> str:
    """The filling page around a screen."""
    told = filling.entry.provenance if provenance is None else provenance
    screen.with_summary = summary
    return render_template(
        "fill.html",
        f=filling,
        screen=screen,
        counts=screen.counts(),
        first={state: screen.first(*states) for state, states in STATES.items()},
        revision=revision or filling.entry.revision,
        changed=overridden(screen.cells, told),
        reasons=reasons or {},
        opened=opened,
        with_files=filling.takes_files,
        fills=fills(filling.plan),
    )


STATES = {"known": ("known",), "ask": ("ask",), "check": ("check", "wrong")}


@entries.post("/<entry_id>/refill")
@needs("entry.fill")
def refill(entry_id: str) -> Response:
    """Fill anew from the registers, or only one cell, which may get its filled value back; what was typed stays."""
    filling = open_filling(entry_id, "entry.fill")
    let_go()
    at = request.form.get("cell", "")
    apart.refill(site().engine, filling.entry.id, user().id, at=at)
    taken(at)
    back = request.form.get("back", "")
    if back in _BACK:
        return redirect(url_for(f".{back}", entry_id=entry_id), 303)
    anchor = element_id(at) if at else None
    return redirect(url_for(".fill", entry_id=entry_id, _anchor=anchor), 303)


_BACK = ("now", "review")
"""Pages from which values are taken, and to which one comes back."""


def taken(at: str) -> None:
    """Say on the next page what was filled."""
    if at:
        flash(_("The filled value is back."))
    else:
        flash(_("Filled anew from the registers; what you typed is still there."))


@entries.get("/<entry_id>/attachments/<attachment_id>")
@needs("entry.read")
def attachment(entry_id: str, attachment_id: str) -> Response:
    """A file of the entry, to be kept, never shown as a page of ours."""
    return uploads.sent(entry_id, attachment_id)
