"""A step that was asked for by the Build tab: done, kept, and answered with the pieces that look otherwise."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from builder.edits.spots import ChangedMeanwhile, Refused, SetMeanwhile
from builder.studio import bench
from builder.studio.changed import Exchange, exchanges
from builder.studio.doing import asked
from builder.studio.opened import Opened
from builder.studio.pages import DESIGN, drawn_whole, frame, opened, page, panel, studio
from builder.studio.parts import node_id
from builder.studio.steps import Done, Step, carry_out, redo, undo, worked_out
from builder.studio.together import Was, is_as_shown, refused
from runtime.api import Conflict, access, db, needs, user, writes

MOVES = ("up", "down", "in", "out", "move")


@studio.post("/steps")
@needs(DESIGN)
def steps(department: str, name: str) -> Any:
    """Do what was asked of the form, keep it, and show what has changed."""
    access.require(db(), user(), DESIGN, department=department)
    one = opened(department, name, request.form.get("at", ""))
    if again := bench.again(one, request.form):
        return _composing(one, again)
    behind = not is_as_shown(db(), one.address)
    try:
        done, key = _do(one, request.form)
    except Refused as error:
        return _refused(one, error)
    if not request.headers.get("HX-Request"):
        flash(done.said)
        tool = request.form.get("tool") or None
        here = url_for(".build", department=department, name=name, at=key, tool=tool)
        return redirect(here + "#picked")
    return _exchanged(opened(department, name, key), done, behind=behind)


def _do(one: Opened, posted: Mapping[str, str]) -> tuple[Done, str]:
    try:
        return _done(one, posted)
    except Conflict:  # two begin the draft at once: whoever comes second goes on with it
        return _done(one, posted)


def _done(one: Opened, posted: Mapping[str, str]) -> tuple[Done, str]:
    verb, actor = posted.get("do", ""), user().id
    if verb in ("undo", "redo"):
        back = undo if verb == "undo" else redo
        with writes() as session:
            return back(session, one.library, one.address, actor), posted.get("at", "")
    step, keys = asked(one, posted), []

    def document_of(document: Any) -> Any:
        outcome = step(document)
        keys.append(outcome.key)
        return outcome.document

    moved = posted.get("at", "") if verb in MOVES else ""
    return step_kept(one, document_of, moved), keys[-1]


def step_kept(one: Opened, step: Step, moved: str = "") -> Done:
    """The step done and kept: worked out before the database is locked, and anew where the form has changed since."""
    ahead = worked_out(db(), one.library, one.address, step, moved)
    with writes() as session:
        return carry_out(session, one.library, one.address, step, user().id, moved, ahead)


def _was(one: Opened, error: Refused) -> list[Was]:
    """What a property is by now that somebody else has set, for the panel."""
    if not isinstance(error, SetMeanwhile):
        return []
    now = Opened(one.session, one.library, one.department, one.name, request.form.get("at", ""))
    names = [each.name for each in now.properties]
    found = names.index(error.name) + 1 if error.name in names else 0
    element = f"was-{node_id(now.picked.key)}-{found}"
    return [(element, error.name, error.now)] if found else []


def _composing(one: Opened, again: bench.Bench) -> Any:
    """What is composed, as it was posted; without JavaScript on the whole page."""
    if not request.headers.get("HX-Request"):
        return page(one, again)
    html = render_template(
        "builder/studio/bench.html", **frame(one), **{**panel(one), "bench": again, "tools": []}
    )
    answer = make_response(html)
    answer.headers.update({"HX-Retarget": "#bench", "HX-Reswap": "outerHTML"})
    return answer


def _refused(one: Opened, error: Refused) -> Any:
    """Why a step was not done; without JavaScript what was composed stays on the page."""
    is_page = not request.headers.get("HX-Request")
    if is_page and (again := bench.again(one, request.form, str(error))):
        return page(one, again)
    at = request.form.get("at", "")
    back = url_for(".build", department=one.department, name=one.name, at=at)
    status = 409 if isinstance(error, ChangedMeanwhile) else 422
    return refused(str(error), back, status, _was(one, error))


def _exchanged(one: Opened, done: Done, *, behind: bool) -> Any:
    """The pieces of the page that look otherwise after a step; all of it where the page showed an older form."""
    found = None if behind else exchanges(one.tree_of(done.before), one.root)
    was_set = not behind and _is_as_typed(one, request.form)
    answer = _pieces(one, found, done.said, was_set=was_set)
    told = json.dumps({"studio:done": {"at": one.picked.key}})  # a header has ASCII only
    answer.headers["HX-Trigger-After-Settle"] = told
    return answer


def _is_as_typed(one: Opened, posted: Mapping[str, str]) -> bool:
    """Whether the panel that a property was set in still shows what there is: then it need not be drawn anew."""
    if posted.get("do") != "set" or one.key != posted.get("at", ""):
        return False
    document = one.document or {}
    shown = ((p, posted.get(p.name, "")) for p in one.properties)
    return all(
        p.get(document, one.picked) == value.replace("\r\n", "\n").strip() for p, value in shown
    )


def whole(one: Opened, said: str) -> Response:
    """The canvas, bar and panel of a form as it is now."""
    return _pieces(one, None, said)


def _pieces(
    one: Opened, found: list[Exchange] | None, said: str, *, was_set: bool = False
) -> Response:
    drawing = one.near if found is not None else drawn_whole(one)
    return make_response(
        render_template(
            "builder/studio/done.html",
            **frame(one), **panel(one), exchanges=found, said=said, drawing=drawing,
            was_set=was_set,
        )
    )  # fmt: skip
