"""The Preview tab: the form as screen, phone, PDF and Excel, with data and as a role. Keeps nothing that is typed."""

from __future__ import annotations

import hashlib
import logging
from collections import OrderedDict
from threading import Lock
from typing import Any

from flask import Response, abort, make_response, render_template, request, url_for

from builder.studio.opened import Opened
from builder.studio.pages import READ, frame, opened, studio
from builder.studio.papers import (
    MOST_PAGES,
    Wish,
    known_picture,
    pages,
    paper,
    picture,
    sheets,
    state_of,
)
from builder.studio.shown_data import KINDS, Shown, figures, made, plan_of, units_of
from runtime.api import (
    LANGUAGES,
    EntryError,
    Library,
    Period,
    Plan,
    YibiaoError,
    act,
    current_language,
    decode,
    loads,
    needs,
    problems,
    render,
    say,
    site,
    takes,
    today,
    user,
    using,
    whole_number,
)
from runtime.api import gettext as _

log = logging.getLogger(__name__)
VIEWS = ("screen", "phone", "pdf", "xlsx")
ROLES = ("staff", "reviewer")


class Chosen:
    """What the viewer chose of the preview."""

    def __init__(self, one: Opened, plan: Plan | None) -> None:
        asked = request.args
        self.one, self.plan = one, plan
        self.view = _one_of(asked.get("show", ""), VIEWS)
        self.role = _one_of(asked.get("role", ""), ROLES)
        self.language = _one_of(asked.get("in", current_language()), tuple(LANGUAGES))
        self.on_paper = self.view in ("pdf", "xlsx")
        self.kind = _one_of(asked.get("data", "sample"), KINDS)
        self.units = units_of(one, user(), plan) if plan else []
        if self.kind == "real" and not self.units:
            self.kind = "empty"
        wanted = whole_number(asked.get("unit", ""))
        self.unit = next(
            (u for u in self.units if u.id == wanted), self.units[0] if self.units else None
        )
        self.period = _period(asked.get("period", ""), plan)

    def shown(self) -> Shown:
        """The data. What cannot be made or read is left empty."""
        if self.kind == "real" and self.plan is not None and self.unit is not None:
            return figures(self.one, user(), self.plan, self.unit.id, self.period)
        return made(self.one, self.kind, self.language)

    def address(self, endpoint: str, **more: Any) -> str:
        """The address of a piece of the preview, chosen alike."""
        chosen: dict[str, Any] = {
            "show": self.view,
            "role": self.role,
            "in": self.language,
            "data": self.kind,
            "department": self.one.department,
            "name": self.one.name,
        }
        if self.kind == "real" and self.unit is not None:
            chosen |= {"unit": str(self.unit.id), "period": str(self.period or "")}
        return url_for(endpoint, **chosen, **more)

    def wish(self, ending: str) -> Wish:
        """The paper that is wished for."""
        with using(self.language):
            unit = say(self.unit.title) if self.kind == "real" and self.unit else ""
            period = self.period.title(self.language) if self.period else ""
        return Wish(ending, self.language, self.kind == "empty", unit, period)


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
        wordings=_wordings(),
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
    answer = make_response(_paper(Chosen(one, plan), plan, ending))
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
        content = _paper(chosen, plan, "xlsx" if chosen.view == "xlsx" else "pdf")
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
        content = drawn(_paper(chosen, plan, "pdf"), number)
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


_papers: OrderedDict[str, tuple[Library, bytes]] = OrderedDict()
_lock = Lock()
MOST_PAPERS = 12
"""Papers that are remembered while their pages are fetched; never one with figures of a unit."""


def _paper(chosen: Chosen, plan: Plan, ending: str) -> bytes:
    wish = chosen.wish(ending)
    if chosen.kind == "real":
        return paper(chosen.one, plan, chosen.shown(), wish)
    key = hashlib.sha256(
        f"{chosen.one.address}\n{chosen.kind}\n{wish}\n{chosen.one.text}".encode()
    ).hexdigest()
    with _lock:
        library, found = _papers.get(key, (None, b""))
    if library is not chosen.one.library:  # what a form refers to may say something else by now
        found = paper(chosen.one, plan, chosen.shown(), wish)
        with _lock:
            _papers[key] = chosen.one.library, found
            while len(_papers) > MOST_PAPERS:
                _papers.popitem(last=False)
    return found


def _period(text: str, plan: Plan | None) -> Period | None:
    """The period that was asked for, else the newest that is over; None for a form without periods."""
    if plan is None or not plan.form.frequency:
        return None
    try:
        newest = Period.of(plan.form.frequency, today()).previous()
    except ValueError:  # a draft may say anything
        return None
    try:
        found = Period.parse(text)
    except ValueError:
        return newest
    return found if found.frequency == newest.frequency else newest


def _one_of(value: str, known: tuple[str, ...]) -> str:
    return value if value in known else known[0]


def _wordings() -> dict[str, list[tuple[str, str]]]:
    return {
        "show": [("screen", _("Screen")), ("phone", _("Phone")), ("pdf", "PDF"), ("xlsx", "Excel")],
        "role": [("staff", _("staff who fill it in")), ("reviewer", _("a reviewer who reads it"))],
        "data": [
            ("empty", _("empty")),
            ("sample", _("sample data")),
            ("worst", _("as much as fits")),
        ],
    }
