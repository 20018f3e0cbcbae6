"""The Build tab: the form put together in place; pieces for htmx, whole pages without. Not for the other tabs."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from builder.edits.fragments import copied
from builder.edits.spots import Refused
from builder.plainly import plainly
from builder.studio import bench
from builder.studio.canvas import picked
from builder.studio.drawing import Drawing
from builder.studio.known import alike
from builder.studio.opened import Opened
from builder.studio.palette import shelves
from builder.studio.parts import node_id, part_at
from builder.studio.steps import can
from builder.studio.unfinished import waited
from runtime.api import (
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
)
from runtime.api import gettext as _

studio = Blueprint(
    "studio", __name__, url_prefix="/builder/forms/<department>/<name>", template_folder="../templates",
)  # fmt: skip
READ, DESIGN = "form.read", "form.design"
LISTED = 80
"""Problems that are listed; all are counted."""


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
    return page(one)


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
    return render_template("builder/studio/panel.html", **frame(one), **panel(one))


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


def page(one: Opened, again: bench.Bench | None = None) -> str:
    """The whole tab; `again`: with a tool as it was posted."""
    composing = {"bench": again, "tools": []} if again else {}
    return render_template(
        "builder/studio/build.html",
        **frame(one), **{**panel(one), **composing}, **_palette(one, request.args.get("q", "")), **_problems(one),
        drawing=drawn_whole(one),
    )  # fmt: skip


def drawn_whole(one: Opened) -> Drawing:
    """Draws the parts from the whole form."""
    return Drawing(one.library, one.address, one.document or {}, one.judged.plan)


def panel(one: Opened) -> dict[str, Any]:
    """What the panel shows of the part that is picked."""
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
