"""What has changed in the registers since an entry was filled: looked up after its page, and as a page of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from htmx_flask import make_response
from werkzeug.wrappers import Response

from runtime import clock
from runtime.accounts import access
from runtime.entry.differences import Difference, Differences, differences
from runtime.entry.screen import Screen
from runtime.entry.since import Late, late_changes
from runtime.entry.why_differs import LastChange, last_changes
from runtime.fields.base import MISSING
from runtime.language import gettext as _
from runtime.language import ngettext
from runtime.web.asking import db, needs, user
from runtime.web.entries import STATES, entries
from runtime.web.filling import Filling, read_filling, without_missing
from runtime.web.looked import look
from runtime.web.noticed import notice

with_now = entries
"""The entries' pages, these among them."""


@dataclass(frozen=True, slots=True)
class Line:
    """A difference in words."""

    pointer: str
    id: str
    """The cell's element."""
    label: str
    kept: str
    now: str
    change: dict[str, Any]
    """The last change behind the new value: `{"day", "actor"}`, or empty."""
    is_list: bool = False


@entries.get("/<entry_id>/now")
@needs("entry.read")
def now(entry_id: str) -> Any:
    """What differs now from what was filled: as pieces for the page that is open, else as a page."""
    filling = read_filling(entry_id)
    before = filling.screen(problems=without_missing(filling.problems()))
    look([filling.entry])
    found = differences(db(), filling.entry)
    notice(entry_id, found)
    if "HX-Request" in request.headers and filling.editable:
        return _pieces(filling, before, found)
    page = "since.html" if "HX-Request" in request.headers else "now.html"
    return render_template(
        page, f=filling, lines=lines(filling, before, found), **_since(filling, found)
    )


def _pieces(filling: Filling, before: Screen, found: Differences) -> Response:
    after = filling.screen(problems=before.sheet.problems, like=before)
    changes = after.changes_since(before)
    there = {id(cell) for cell in changes.cells}
    changes.cells += [c for c in after.cells if c.take and id(c) not in there]
    frame = render_template(
        "noticed.html",
        f=filling,
        found=found,
        counts=after.counts(),
        first={state: after.first(*states) for state, states in STATES.items()},
    )
    told = {"yibiao:told": {"cells": changes.states(), "focus": "", "saved": False}}
    made: Response = make_response(
        f"{after.pieces(changes)}{frame}".strip(), trigger_after_settle=told
    )
    return made


def _since(filling: Filling, found: Differences) -> dict[str, Any]:
    """What was recorded since the entry was submitted, and whether it may be told of whom."""
    entry = filling.entry
    late: list[Late] = []
    if found.items and entry.submitted_at is not None:
        day = filling.period.last if filling.period else clock.today()
        late = late_changes(db(), filling.plan, entry, entry.submitted_at, day)
    return {"late": late, "readable": access.units_where(db(), user(), "subject.read")}


def lines(filling: Filling, screen: Screen, found: Differences) -> list[Line]:
    """The differences in the words of the form, each with the change that it comes from."""
    fills = {c.name: c.face.fill for c in screen.cells if c.face.fill is not None}
    differing = {one.pointer: fills[one.pointer] for one in found.items if one.pointer in fills}
    changes = last_changes(db(), filling.entry, filling.plan, differing)
    return [_line(screen, one, changes.get(one.pointer)) for one in found.items]


def _line(screen: Screen, one: Difference, last: LastChange | None) -> Line:
    change = last or one.told.get("lastChange") or {}
    drawn = screen.drawing.places.get(one.pointer)
    if one.is_list:
        label = drawn.face.title if drawn is not None else ""
        kept, new = (_rows(value) for value in (one.kept, one.now))
        link, title = screen.link(one.pointer), label or _("Rows")
        return Line(one.pointer, link, title, kept, new, change, is_list=True)
    label, show = one.pointer, str
    if drawn is not None and drawn.kind == "cell":
        label, show = drawn.label, drawn.face.display
    kept, new = (show(v) if v is not MISSING else "–" for v in (one.kept, one.now))
    return Line(one.pointer, screen.link(one.pointer), label, kept, new, change)


def _rows(value: Any) -> str:
    count = len(value) if isinstance(value, Sequence) and not isinstance(value, str) else 0
    return ngettext("%(n)s row", "%(n)s rows", count)
