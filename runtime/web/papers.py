"""What an entry gives to take along and to be asked: receipt, downloads, why a cell has its value."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort, make_response, render_template, request
from werkzeug.wrappers import Response

from runtime.accounts import access
from runtime.entry import audit
from runtime.entry.differences import fills
from runtime.entry.drawn import Drawn
from runtime.entry.state import CHECK, failure_words, source_words
from runtime.entry.submit import receipt as receipt_of
from runtime.fields.base import MISSING
from runtime.fill.last_change import with_last_change
from runtime.fill.sources import sources
from runtime.language import current, say
from runtime.language import gettext as _
from runtime.outputs.assets import assets_of
from runtime.outputs.document import document
from runtime.web.also_in import also_in
from runtime.web.asking import db, needs, site, user, writes
from runtime.web.condition import condition_words
from runtime.web.doubts import doubts
from runtime.web.entries import entries
from runtime.web.filling import Filling, name_of, read_filling, register_titles
from runtime.web.frame import day
from runtime.web.last_period import last_period
from runtime.web.looked import look
from runtime.web.meaning import meaning_of
from runtime.web.review import with_review

with_papers = with_review
"""The entries' pages, these among them."""

PAPERS = ("pdf", "xlsx", "csv", "json")


@entries.get("/<entry_id>/receipt")
@needs("entry.read")
def receipt(entry_id: str) -> str:
    """What was submitted, when and by whom, and the papers."""
    filling = read_filling(entry_id)
    return render_template(
        "receipt.html",
        f=filling,
        screen=filling.screen(reading=True, noticing=False),
        receipt=receipt_of(db(), filling.entry) if filling.entry.digest else None,
        papers=papers(),
        fills=fills(filling.plan),
    )


def papers() -> list[tuple[str, str]]:
    """The formats to download: ending and title, ours first."""
    found = site().outputs
    names = [*(n for n in PAPERS if n in found), *(n for n in found if n not in PAPERS)]
    return [(name, say(found[name].title)) for name in names if name != "html"]


@entries.get("/<entry_id>/download/<ending>")
@needs("entry.read")
def download(entry_id: str, ending: str) -> Response:
    """The entry as a file of that format; with `blank=1` an empty sheet to be written into."""
    filling = read_filling(entry_id)
    output = site().outputs.get(ending)
    if output is None:
        abort(404)
    blank = request.args.get("blank") == "1"
    entry = filling.entry
    people = {"filled_by": name_of(entry.submitted_by or entry.updated_by)}
    paper = document(
        filling.plan,
        entry.data,
        entry.choices,
        entry.provenance,
        language=current(),
        heading=filling.heading({} if blank else people),
        blank=blank,
        assets=assets_of(db(), filling.plan) if ending == "xlsx" else None,
    )
    content = output.write(paper)
    if not blank:
        with writes() as session:
            audit.log(session, "entry.download", "entry", entry.id, actor=user().id,
                      unit_id=entry.unit_id, details={"format": ending})  # fmt: skip
    answer = make_response(content)
    answer.mimetype = output.media_type
    name = f"{_file_name(filling)}{'-blank' if blank else ''}.{ending}"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _file_name(filling: Filling) -> str:
    """Form, unit and period; what is about one subject is told apart by its day and its own id, which names nobody."""
    entry = filling.entry
    parts = [filling.plan.form.number or "form", filling.unit.code, entry.period]
    if entry.subject_id or not entry.period:
        parts += [f"{entry.created_at.astimezone():%Y%m%d}", entry.id[:8]]
    return "-".join(part for part in parts if part)


@entries.get("/<entry_id>/why")
@needs("entry.read")
def why(entry_id: str) -> Any:
    """Why a cell has its value, as a page or as the panel beside the form; without a cell, all of them."""
    pointer = request.args.get("cell")
    filling = read_filling(entry_id, cell=pointer or "")
    look([filling.entry], again=False)
    screen = filling.screen()
    if pointer is None:
        told = [(c, _source(c, filling), _freshness(c, filling)) for c in screen.cells]
        return render_template("sources.html", f=filling, cells=[one for one in told if one[1]])
    cell = next((c for c in screen.cells if c.name == pointer), None)
    if cell is None:  # it came with what was typed and is not saved, or there is no such cell
        return render_template("why_panel.html", f=filling) if _is_htmx() else abort(404)
    given = {"f": filling, "cell": cell, **_reasons(filling, cell)}
    if _is_htmx():
        return render_template("why_panel.html", **given)
    return render_template("why.html", **given)


def _is_htmx() -> bool:
    return "HX-Request" in request.headers


def _source(cell: Drawn, filling: Filling) -> str:
    told = filling.entry.provenance.get(cell.name)
    if not told:
        return ""
    if told.get("kind") in ("typed", "overridden"):
        return _("typed by %(who)s", who=told.get("actor") or "–")
    if told.get("failed"):
        return failure_words(told)
    register = register_titles().get(str(told.get("register", "")), "")
    if told.get("kind") == "source":
        register = sources.title(str(told.get("source", "")))
    return source_words(str(told.get("kind")), register, str(told.get("asOf", "")))


def _freshness(cell: Drawn, filling: Filling) -> tuple[str, bool]:
    """Since when a subject's fact stands, or why a value is to be looked at; and whether it is."""
    told = filling.entry.provenance.get(cell.name) or {}
    if cell.take:
        return _("now %(now)s", now=cell.take), True
    if cell.state == CHECK and not told.get("stale"):
        return cell.message, True
    if not told.get("since"):
        return "", False
    said = day(date.fromisoformat(told["since"]))
    if told.get("stale"):
        return _("said on %(day)s, old", day=said), True
    return _("said on %(day)s", day=said), False


def _reasons(filling: Filling, cell: Drawn) -> dict[str, Any]:
    """The value's provenance in words, the value it replaced, and whether the list behind it may be seen."""
    told = filling.entry.provenance.get(cell.name) or {}
    was = told.get("was") or {}
    entry = filling.entry
    figure = with_last_change(db(), filling.plan, cell.face.fill, was or told, entry.unit_id)
    shown = cell.face.display(cell.data) if cell.data is not MISSING else ""
    filled = told.get("value", MISSING)
    may_see = access.may(db(), user(), "subject.read", entry.unit_id)
    return {
        "told": told,
        "figure": figure,
        "shown": shown,
        "filled": cell.face.display(filled) if filled is not MISSING else "",
        "register": register_titles().get(str(figure.get("register", "")), ""),
        "indicator": meaning_of(site().library, cell.face.definition),
        "as_of": date.fromisoformat(figure["asOf"]) if figure.get("asOf") else None,
        "since": date.fromisoformat(figure["from"]) if figure.get("from") else None,
        "change": figure.get("lastChange"),
        "change_day": date.fromisoformat(figure["lastChange"]["day"])
        if figure.get("lastChange")
        else None,
        "before": last_period(filling, cell),
        "supplier": sources.title(str(figure.get("source", ""))),
        "failure": failure_words(told) if told.get("failed") else "",
        "said": date.fromisoformat(told["since"]) if told.get("since") else None,
        "list_behind": may_see and cell.face.fill is not None and bool(figure.get("count")),
        "list_outside": may_see and cell.face.fill is not None,
        "doubts": doubts(filling, cell),
        "condition": condition_words(filling.plan.rules[cell.face.fill.rule], cell.face.fill)
        if cell.face.fill is not None
        else "",
        "others": also_in(db(), filling.plan, cell),
    }
