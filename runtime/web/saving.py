"""What is posted from an entry's screen: saved, checked, rows added, conflicts settled. Not what entries may become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from runtime import clock
from runtime.definitions.place import remembering
from runtime.entry import apart, life
from runtime.entry.act import act
from runtime.entry.decode import Decoded, decode
from runtime.entry.drawn import element_id
from runtime.entry.names import pointer_of_name
from runtime.entry.provenance import By, restated
from runtime.entry.shape import shape_of
from runtime.errors import Conflict
from runtime.language import gettext as _
from runtime.web import uploads
from runtime.web.asking import db, let_go, needs, site, user, whole_number, writes
from runtime.web.conflicts import conflict_page, settled
from runtime.web.entries import draw, entries, taken
from runtime.web.filling import Filling, open_filling, without_missing
from runtime.web.held import Held, held
from runtime.web.live import answer


@entries.post("/<entry_id>")
@needs("entry.fill")
def save(entry_id: str) -> Any:
    """Save what was typed, then do what the button says; wrong input comes back as it was typed."""
    filling = open_filling(entry_id, "entry.fill")
    do = request.form.get("_do", "save")
    opened = request.form.getlist("_open")
    posted = uploads.stored(filling.entry, request.form, request.files)
    base = life.base_at(db(), filling.entry, shown_revision(filling))
    decoded = decode(filling.plan, posted, base.data, base.choices)
    anchor = None
    take = do.removeprefix("take ") if do.startswith("take ") else None
    if take is not None:
        do, anchor = "take", element_id(pointer_of_name(take))
    if " " in do:
        decoded, opened, anchor = _acted(filling, decoded, do, opened)
    try:
        entry = _save(filling, decoded, base.revision)
    except life.SaveConflict as conflict:
        return conflict_page(filling, conflict, posted, base.revision), 409
    if decoded.problems:
        return _with_errors(filling, decoded, opened), 422
    if do == "review":
        return redirect(url_for(".review", entry_id=entry.id), 303)
    if do in ("take", "take-all"):
        at = pointer_of_name(take) if take else ""
        let_go()
        apart.refill(site().engine, entry.id, user().id, at=at)
        taken(at)
    if do == "save":
        flash(_("Saved."))
    where = url_for(".fill", entry_id=entry.id, open=opened or None, _anchor=anchor)
    return redirect(where, 303)


def _acted(
    filling: Filling, decoded: Decoded, do: str, opened: list[str]
) -> tuple[Decoded, list[str], str]:
    """What a button of rows does, after what was typed; the last is the id of what takes the focus."""
    verb, _space, at = do.partition(" ")
    opened = [decoded.now_at(pointer) for pointer in opened]
    named = decoded.row_named_in(at) if verb == "add" else None
    if named is not None:  # by what was typed it is there already, or cannot be
        return decoded, opened, element_id(named) + ("" if named == at else "-row")
    acted = act(filling.plan, decoded.data, decoded.choices, f"{verb} {decoded.now_at(at)}", opened)
    raw = {p: v for old, v in decoded.raw.items() if (p := acted.moved(old)) is not None}
    problems = [p for p in decoded.problems if acted.moved(p.pointer) is not None]
    after = replace(
        decoded,
        data=acted.data,
        choices=acted.choices,
        problems=[*problems, *acted.problems],
        raw=raw,
    )
    return after, list(acted.opened), element_id(acted.focus) + ("-row" if acted.at_row else "")


def _save(filling: Filling, decoded: Decoded, revision: int) -> Any:
    with writes() as session:
        entry = life.load(session, filling.entry.id)
        saved = life.save(session, entry, decoded, revision, user().id, _reasons())
        filling.entry = saved
        return saved


def _reasons() -> dict[str, str]:
    """Why filled values were changed, by pointer."""
    return {
        name.removeprefix("_reason"): value
        for name, value in request.form.items()
        if name.startswith("_reason/")
    }


def shown_revision(filling: Filling) -> int:
    """The revision that the posted screen showed."""
    number = whole_number(request.form.get("_revision", ""))
    return filling.entry.revision if number is None else number


def _with_errors(filling: Filling, decoded: Decoded, opened: Sequence[str]) -> str:
    problems = [*decoded.problems, *without_missing(filling.problems())]
    screen = filling.screen(problems=problems, raw=decoded.raw, opened=opened)
    return draw(filling, screen, summary=True, opened=opened)


@entries.post("/<entry_id>/check")
@needs("entry.fill")
def check(entry_id: str) -> Response:
    """Check what was just typed, and tell what it changes; nothing is saved."""
    filling = open_filling(entry_id, "entry.fill")
    opened = request.form.getlist("_open")
    before = held(filling, life.base_at(db(), filling.entry, shown_revision(filling)), opened)
    base = before.base
    with remembering(before.laid):
        decoded = decode(filling.plan, request.form, base.data, base.choices)
        provenance = _restated(filling, before, decoded)
        return answer(filling, before.screen, decoded, provenance, opened)


def _restated(filling: Filling, before: Held, decoded: Decoded) -> Mapping[str, Any]:
    by = By(user().id, user().full_name, clock.now())
    shape, data = shape_of(filling.plan), before.base.data
    return restated(shape, data, decoded.data, before.provenance, by, _reasons()).provenance


@entries.post("/<entry_id>/draft")
@needs("entry.fill")
def draft(entry_id: str) -> Response:
    """Save what was typed since the last time, or add, remove and move rows; tell what it changes."""
    filling = open_filling(entry_id, "entry.fill")
    opened = request.form.getlist("_open")
    base = life.base_at(db(), filling.entry, shown_revision(filling))
    decoded = decode(filling.plan, request.form, base.data, base.choices)
    focus = ""
    do = request.form.get("_do", "")
    if " " in do:
        decoded, now_open, focus = _acted(filling, decoded, do, opened)
        opened = now_open
    try:
        entry = _save(filling, decoded, base.revision)
    except Conflict as conflict:
        return make_response(
            render_template("saved.html", f=filling, conflict=str(conflict), opened=opened), 200
        )
    shown = request.form.getlist("_open")
    before = filling.screen(base.data, base.choices, opened=shown)
    return answer(filling, before, decoded, entry.provenance, opened, saved=True, focus=focus)


@entries.post("/<entry_id>/settle")
@needs("entry.fill")
def settle(entry_id: str) -> Any:
    """Save after a conflict: of each cell that both changed, the value that was chosen."""
    filling = open_filling(entry_id, "entry.fill")
    base = life.base_at(db(), filling.entry, shown_revision(filling))
    decoded, revision = settled(filling, base)
    try:
        _save(filling, decoded, revision)
    except life.SaveConflict as conflict:
        return conflict_page(filling, conflict, request.form, base.revision), 409
    if decoded.problems:
        return _with_errors(filling, decoded, ()), 422
    flash(_("Saved."))
    return redirect(url_for(".fill", entry_id=entry_id), 303)
