"""The Build tab: the form put together in place; pieces for htmx, whole pages without. Not for the other tabs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from builder.edits.fragments import copied
from builder.edits.spots import ChangedMeanwhile, Refused, SetMeanwhile
from builder.plainly import plainly
from builder.studio import bench
from builder.studio.canvas import picked
from builder.studio.changed import Exchange, exchanges
from builder.studio.doing import asked
from builder.studio.drawing import Drawing
from builder.studio.known import alike
from builder.studio.opened import Opened
from builder.studio.palette import shelves
from builder.studio.parts import node_id, part_at
from builder.studio.steps import Done, Step, can, carry_out, redo, undo, worked_out
from builder.studio.together import Was, is_as_shown, refused
from builder.studio.unfinished import waited
from runtime.api import (
    Conflict,
    Problem,
    access,
    burden_line,
    burden_of,
    db,
    drafts,
    dumps,
    needs,
    say,
    site,
    texts_of,
    user,
    writes,
)
from runtime.api import gettext as _

studio = Blueprint(
    "studio", __name__, url_prefix="/builder/forms/<department>/<name>", template_folder="../templates",
)  # fmt: skip
READ, DESIGN = "form.read", "form.design"
LISTED = 80
"""Problems that are listed; all are counted."""
MOVES = ("up", "down", "in", "out", "move")


def opened(department: str, name: str, key: str = "") -> Opened:
    """The form that a page is about; 404 where there is none."""
    found = Opened(db(), site().library, department, name, key)
    return found if found.text else abort(404)


def frame(one: Opened) -> dict[str, Any]:
    """What the head of every tab shows."""
    takes_back, does_again = can(db(), one.draft, user().id)
    return {
        "form": one,
        "department": one.department,
        "name": one.name,
        "may_change": access.may(db(), user(), DESIGN, department=one.department),
        "may_publish": access.may(db(), user(), "form.publish", department=one.department),
        "takes_back": takes_back,
        "does_again": does_again,
        "texts_of": texts_of,
        "waited": waited(one.draft),
        "known": drafts.stand(db(), one.address).mark,
        "tabs": [tab for tab in _tabs() if tab[0] in current_app.view_functions],
        "publish_address": url_for("publishing.show", department=one.department, name=one.name),
        "says": lambda code: say(site().library.departments().get(code, {})) or code,
    }


def _tabs() -> list[tuple[str, str]]:
    return [
        ("studio.build", _("Build")),
        ("studio.rules", _("Rules")),
        ("studio.preview", _("Preview")),
        ("studio.translations", _("Translations")),
        ("builder.source", _("JSON")),
        ("studio.history", _("History")),
    ]


@studio.get("")
@needs(READ)
def build(department: str, name: str) -> str | Response:
    """The form as it stands, with the part at `at` picked: its key, or a place in the JSON."""
    at = request.args.get("at", "")
    one = opened(department, name, at)
    if one.document is None:
        return redirect(url_for("builder.source", department=department, name=name))
    if at.startswith("/"):  # a place in the JSON, as problems have it: no key begins so
        one = opened(department, name, part_at(one.root, one.document, at).key)
    return _page(one)


@studio.get("/palette")
@needs(READ)
def palette(department: str, name: str) -> str:
    """What can be put on the form and answers to the search."""
    one = opened(department, name, request.args.get("at", ""))
    query = request.args.get("q", "")
    return render_template("builder/studio/shelves.html", **frame(one), **_palette(one, query))


@studio.get("/part")
@needs(READ)
def part(department: str, name: str) -> str:
    """The properties of one part."""
    one = opened(department, name, request.args.get("at", ""))
    return render_template("builder/studio/panel.html", **frame(one), **_panel(one))


@studio.get("/problems")
@needs(READ)
def problems(department: str, name: str) -> str:
    """What is wrong with the form, each leading to its part."""
    one = opened(department, name)
    return render_template("builder/studio/problems.html", **frame(one), **_problems(one))


@studio.get("/copy")
@needs(READ)
def copy(department: str, name: str) -> Response:
    """One part with its cells, as JSON to be pasted into any form."""
    one = opened(department, name)
    try:
        text = dumps(copied(one.document or {}, request.args.get("at", "")))
    except Refused as error:
        return Response(str(error), 422, content_type="text/plain; charset=utf-8")
    return Response(text, content_type="application/json")


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
        return _page(one, again)
    html = render_template(
        "builder/studio/bench.html", **frame(one), **{**_panel(one), "bench": again, "tools": []}
    )
    answer = make_response(html)
    answer.headers.update({"HX-Retarget": "#bench", "HX-Reswap": "outerHTML"})
    return answer


def _refused(one: Opened, error: Refused) -> Any:
    """Why a step was not done; without JavaScript what was composed stays on the page."""
    is_page = not request.headers.get("HX-Request")
    if is_page and (again := bench.again(one, request.form, str(error))):
        return _page(one, again)
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
    drawing = one.near if found is not None else _whole(one)
    return make_response(
        render_template(
            "builder/studio/done.html",
            **frame(one), **_panel(one), exchanges=found, said=said, drawing=drawing,
            was_set=was_set,
        )
    )  # fmt: skip


def _page(one: Opened, again: bench.Bench | None = None) -> str:
    composing = {"bench": again, "tools": []} if again else {}
    return render_template(
        "builder/studio/build.html",
        **frame(one), **{**_panel(one), **composing}, **_palette(one, request.args.get("q", "")), **_problems(one),
        drawing=_whole(one),
    )  # fmt: skip


def _whole(one: Opened) -> Drawing:
    return Drawing(one.library, one.address, one.document or {}, one.judged.plan)


def _panel(one: Opened) -> dict[str, Any]:
    found = bench.panel(one, request.values.get("tool", ""))
    like = alike(one.picked, one.shapes, one.library)
    return {
        "alike": like,
        "part": one.picked,
        "properties": one.properties,
        "node_id": node_id,
        **found,
    }


def _palette(one: Opened, query: str) -> dict[str, Any]:
    found = shelves(one.library, one.address, one.document or {}, query)
    return {"shelves": found, "query": query}


def _problems(one: Opened) -> dict[str, Any]:
    ordered = sorted(one.judged.problems, key=lambda p: p.severity != "error")
    return {
        "costs": burden_line(burden_of(db(), one.judged.plan))
        if one.judged.plan and one.judged.may_be_published
        else "",
        "errors": sum(p.severity == "error" for p in ordered),
        "count": len(ordered),
        "problems": (found := [(p, _key(one, p)) for p in ordered[:LISTED]]),
        "plainly": plainly,
        "title_at": {key: one.title_of(picked(one.root, key)) for _problem, key in found},
    }


def _key(one: Opened, problem: Problem) -> str:
    """The key of the part that a problem is about."""
    return part_at(one.root, one.document or {}, problem.pointer).key
