"""What filling spares: the last replay with its chart, and what the last counted period cost here. Not for counting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date
from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from runtime import clock
from runtime.definitions.address import absolute
from runtime.definitions.texts import texts_of
from runtime.errors import EntryError, YibiaoError
from runtime.jobs import store
from runtime.jobs.worker import offer
from runtime.language import gettext as _
from runtime.language import say
from runtime.periods import Period
from runtime.replay import keep, work
from runtime.web.asking import needs, site, user, writes
from runtime.web.frame import locale

worth = Blueprint("worth", __name__)

WIDTH, HEIGHT, LEFT, TOP, FOOT = 360, 210, 30, 8, 18
"""The chart's measures, in units of its own."""
RIGHT = 250
"""Where the bars end; beside them stand the words of the lines that they are measured by."""
SHARES = (("known", "filled"), ("check", "confirmed"), ("ask", "typed"))
"""From the bottom up: the class of a bar's part, and what of a month it shows."""
LINES = (0, 50, 100)
ROWS = 10
MONTHS = 12
"""So many months back one may be counted from the page."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar."""

    kind: str
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One month: where its bar stands, what it is made of, and the words below and above it."""

    left: float
    width: float
    label: str
    value: str
    parts: tuple[Part, ...]


@worth.get("/worth")
@needs("worth.read")
def show() -> str:
    """The page; counts and shares only, of nobody."""
    told, counted = (keep.kept(site().settings.home, name) for name in (keep.REPLAY, keep.BURDEN))
    marks = (
        [(told["goal"], _("goal")), (told["bestPublished"], _("best published"))] if told else []
    )
    return render_template(
        "worth.html",
        told=told,
        counted=counted,
        bars=bars(told["months"]) if told else [],
        grid=[(height_of(share), share) for share in LINES],
        marks=[(height_of(share), share, words) for share, words in marks],
        size=(WIDTH, HEIGHT, LEFT, TOP, RIGHT),
        period=lambda text: Period.parse(text).title(),
        asks=asks,
        state=state,
        rows=ROWS,
        countable=countable(clock.today()),
    )


@worth.post("/worth/count")
@needs("worth.read")
def count() -> Response:
    """Have a month counted in the background, once however many ask; raises `EntryError` for one not offered."""
    offered = {str(period): period for period in countable(clock.today())}
    asked = offered.get(request.form.get("period", ""))
    if asked is None:
        raise EntryError(_("Choose one of the months that are offered."))
    with writes() as session:
        job_id = work.started(session, asked, user().id)
        mine = store.load(session, job_id).created_by == user().id
    offer(site(), job_id)
    flash(_("%(period)s is being counted. It stands here when it is done.", period=asked.title()))
    return redirect(url_for("jobs.show", job_id=job_id) if mine else url_for(".show"))


def countable(today: date) -> list[Period]:
    """The months that may be counted, the one that ended last first."""
    found = [Period.of("monthly", today).previous()]
    while len(found) < MONTHS:
        found.append(found[-1].previous())
    return found


def bars(months: Sequence[Mapping[str, Any]]) -> list[Bar]:
    """A bar for each month, its parts one upon the other, all of the same height."""
    step = (RIGHT - LEFT) / max(1, len(months))
    return [
        _bar(month, LEFT + n * step + step * 0.15, step * 0.7) for n, month in enumerate(months)
    ]


def _bar(month: Mapping[str, Any], left: float, width: float) -> Bar:
    parts, below = [], 0.0
    for kind, name in SHARES:
        share = 100 * month[name] / month["cells"] if month["cells"] else 0.0
        above = below + share
        height = height_of(below) - height_of(above)
        parts.append(Part(kind, round(height_of(above), 2), round(height, 2)))
        below = above
    day = Period.parse(month["period"]).first
    label = format_date(day, "MMM", locale())
    return Bar(round(left, 2), round(width, 2), label, f"{month['per100']:.0f}", tuple(parts))


def height_of(share: float) -> float:
    """How far down the chart a share of a hundred stands."""
    room = HEIGHT - TOP - FOOT
    return TOP + room * (1 - share / 100)


def asks(cell: str, form: str = "") -> str:
    """What a cell of a report's list is called: its indicator's or field's title, else its own, else its place."""
    name, _hash, pointer = cell.partition("#/properties/")
    try:
        if pointer:
            schema = site().library.document(absolute(name))["properties"][pointer]
        else:
            schema = _within(site().library.document(form), cell) if form else {}
        return say(texts_of(schema)) or cell
    except (YibiaoError, LookupError):
        return cell


def _within(schema: Mapping[str, Any], pointer: str) -> Mapping[str, Any]:
    """The schema of a cell, rows passed over; raises `LookupError` where there is none."""
    for token in pointer.split("/")[1:]:
        schema = _properties(schema)[token]
    return schema


def _properties(schema: Mapping[str, Any]) -> dict[str, Any]:
    """All properties that an object or the rows of a list may have, those under a condition too."""
    found = dict(schema.get("properties", {}))
    parts = [schema[one] for one in ("items", "then", "else") if one in schema]
    parts += [one for many in ("allOf", "anyOf", "oneOf") for one in schema.get(many, ())]
    for part in parts:
        if isinstance(part, Mapping):
            found = {**_properties(part), **found}
    return found


def state(name: str) -> str:
    """Why a cell was not filled, in words."""
    return {
        "stale": _("rests on facts that have grown old"),
        "conflict": _("two sources differ"),
        "incomplete": _("a fact is missing behind it"),
        "offered": _("a proposal that nobody knows to be so"),
        "missing": _("nobody knows it"),
        "typed": _("typed by a person"),
        "overridden": _("written over by a person"),
    }.get(name, name)
