"""The Preview tab: the form as screen, phone, PDF and Excel, with data and as a role. Keeps nothing that is typed."""

from __future__ import annotations

import logging
from typing import Any

from flask import Response, abort, make_response, render_template, request

from builder.studio.opened import Opened
from builder.studio.pages import READ, frame, opened, studio
from builder.studio.papers import (
    MOST_PAGES,
    known_picture,
    pages,
    picture,
    sheets,
    state_of,
)
from builder.studio.preview_choice import Chosen, wordings
from builder.studio.preview_papers import remembered
from builder.studio.shown_data import Shown, plan_of
from runtime.api import (
    EntryError,
    Plan,
    YibiaoError,
    act,
    decode,
    loads,
    needs,
    problems,
    render,
    site,
    takes,
    using,
)

log = logging.getLogger(__name__)


@studio.get("/preview")
@needs(READ)
def preview(department: str, name: str) -> str:
    """The form as it will be, beside what can be chosen."""
    one = opened(department, name)
    plan = plan_of(one)
    return render_template(
        "builder/studio/preview.html",
        **frame(one),
        chosen=Chosen(one, plan),
        plan=plan,
        wordings=wordings(),
    )


@studio.get("/preview/screen")
@needs(READ)
def preview_screen(department: str, name: str) -> str:
    """The form alone, in a page of its own, to stand in a frame of some width."""
    one, plan = _compiled(department, name)
    chosen = Chosen(one, plan)
    shown = chosen.shown()
    with using(chosen.language):
        return render_template(
            "builder/studio/preview_screen.html",
            chosen=chosen,
            plan=plan,
            here=chosen.address("studio.preview_try"),
            **_drawn(plan, shown, (), (), {}, reading=chosen.role == "reviewer"),
        )


@studio.post("/preview/screen")
@needs(READ)
@takes(4_000_000)
def preview_try(department: str, name: str) -> str:
    """What was typed into the preview, drawn anew: conditions, rows and totals work. Nothing is kept."""
    one, plan = _compiled(department, name)
    chosen = Chosen(one, plan)
    with using(chosen.language):
        try:
            drawn = _tried(plan)
        except (YibiaoError, LookupError, TypeError, ValueError, AttributeError) as error:
            log.info("a preview was posted that is none: %s", error)
            drawn = _drawn(plan, chosen.shown(), (), (), {}, reading=False)
        return render_template(
            "builder/studio/preview_form.html",
            chosen=chosen, plan=plan, here=chosen.address("studio.preview_try"), **drawn,
        )  # fmt: skip


@studio.get("/preview/paper.<ending>")
@needs(READ)
def preview_paper(department: str, name: str, ending: str) -> Response:
    """The PDF or workbook, to download."""
    one, plan = _compiled(department, name)
    if ending not in ("pdf", "xlsx"):
        abort(404)
    answer = make_response(remembered(Chosen(one, plan), plan, ending))
    answer.mimetype = site().outputs[ending].media_type
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}-preview.{ending}")
    return answer


@studio.get("/preview/drawn")
@needs(READ)
def preview_drawn(department: str, name: str) -> str:
    """The paper as it is drawn on the tab: pages as pictures, sheets as tables; asked for once the tab is there."""
    one, plan = _compiled(department, name)
    chosen = Chosen(one, plan)
    try:
        content = remembered(chosen, plan, "xlsx" if chosen.view == "xlsx" else "pdf")
        count = pages(content) if chosen.view != "xlsx" else 0
        drawn = sheets(content) if chosen.view == "xlsx" else []
    except Exception as error:
        log.exception("a draft of %s cannot be put on paper", one.address)
        return render_template(
            "builder/studio/preview_drawn.html", failed=str(error), chosen=chosen
        )
    return render_template(
        "builder/studio/preview_drawn.html",
        chosen=chosen,
        count=count,
        numbers=range(min(count, MOST_PAGES)),
        sheets=drawn,
    )


@studio.get("/preview/page/<int:number>.png")
@needs(READ)
def preview_page(department: str, name: str, number: int) -> Response:
    """One page of the PDF as a picture."""
    one, plan = _compiled(department, name)
    try:
        chosen = Chosen(one, plan)
        drawn = picture if chosen.kind == "real" else known_picture
        content = drawn(remembered(chosen, plan, "pdf"), number)
    except IndexError:
        abort(404)
    return Response(content, mimetype="image/png")


def _compiled(department: str, name: str) -> tuple[Opened, Plan]:
    one = opened(department, name)
    plan = plan_of(one)
    return (one, plan) if plan is not None else abort(404)


def _tried(plan: Plan) -> dict[str, Any]:
    """The posted form: decoded against what the page took along, with what its button did."""
    state = loads(request.form.get("_state", "{}"))
    data, choices = state.get("data", {}), dict(state.get("choices", {}))
    opened_parts = tuple(str(one) for one in state.get("opened", ()))
    found = decode(plan, request.form, data, choices)
    shown, raw, focus = Shown(found.data, found.choices), found.raw, ""
    if do := request.form.get("_do", ""):
        try:
            done = act(plan, found.data, found.choices, do, opened_parts)
        except EntryError:
            pass
        else:
            shown, opened_parts = Shown(done.data, done.choices), done.opened
            raw, focus = {}, done.focus
    wrong = [
        *found.problems,
        *(p for p in problems(plan, shown.data, shown.choices) if p.code != "required"),
    ]
    return _drawn(plan, shown, wrong, opened_parts, raw, reading=False) | {"focus": focus}


def _drawn(
    plan: Plan, shown: Shown, wrong: Any, opened_parts: tuple[str, ...], raw: Any, *, reading: bool
) -> dict[str, Any]:
    html = render(
        plan, shown.data, wrong, shown.choices, opened=opened_parts, raw=raw, reading=reading
    )
    return {"html": html, "state": state_of(shown.data, shown.choices, opened_parts), "focus": ""}
