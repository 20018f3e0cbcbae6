"""The Translations tab: every text of the form in a grid, set in place, sent to a translator and taken in again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request, url_for

from builder.edits.spots import ChangedMeanwhile, Document, Refused
from builder.studio.opened import Opened
from builder.studio.pages import DESIGN, READ, frame, opened, studio
from builder.studio.parts import part_at
from builder.studio.stepping import step_kept
from builder.studio.steps import Done
from builder.studio.together import refused
from builder.studio.wording import Clash, Row, Said, keyword_words, missing, rows, said
from builder.studio.wording_file import LARGEST, as_csv, as_xlsx, lines_of, table, weighed
from runtime.api import LANGUAGES, NotJson, access, db, loads, needs, takes, user
from runtime.api import gettext as _

MOST = 5_000
"""Texts that are set at once."""
FILES = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@studio.get("/translations")
@needs(READ)
def translations(department: str, name: str) -> str:
    """All texts, or those alone that are missing in a language."""
    return _page(opened(department, name))


@studio.post("/translations")
@needs(DESIGN)
@takes(4_000_000)
def translate(department: str, name: str) -> Any:
    """Set texts, as one step; where others have set them since, none is set and both are shown."""
    access.require(db(), user(), DESIGN, department=department)
    one = opened(department, name)
    back = url_for(".translations", department=department, name=name)
    try:
        wanted = _wanted()
        done = _carried_out(one, wanted)
    except Clash as error:
        return _clash(Opened(db(), one.library, department, name), error, back)
    except Refused as error:
        return refused(str(error), back, 409 if isinstance(error, ChangedMeanwhile) else 422)
    if not request.headers.get("HX-Request"):
        flash(done.said or _("Nothing was changed."))
        return redirect((request.form.get("back") == "missing" and f"{back}?only=missing") or back)
    return _pieces(Opened(db(), one.library, department, name), done.said)


@studio.get("/translations/download.<ending>")
@needs(READ)
def texts_download(department: str, name: str, ending: str) -> Any:
    """The form's own texts as a table for a translator."""
    one = opened(department, name)
    if ending not in FILES:
        abort(404)
    write, media_type = FILES[ending]
    answer = make_response(write(table(_rows(one))))
    answer.headers["Content-Type"] = media_type
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}-texts.{ending}")
    return answer


@studio.post("/translations/upload")
@needs(DESIGN)
def texts_upload(department: str, name: str) -> Any:
    """Take a translator's table in, as one step, and say of each of its rows what became of it."""
    access.require(db(), user(), DESIGN, department=department)
    one, file = opened(department, name), request.files.get("file")
    back = url_for(".translations", department=department, name=name)
    if file is None or not file.filename:
        return refused(_("Choose the file that came back."), back, 422)
    try:
        wanted, report = weighed(lines_of(file.filename, file.stream.read(LARGEST + 1)), _rows(one))
        if wanted:
            _carried_out(one, wanted)
    except Refused as error:
        return refused(str(error), back, 422)
    fresh = Opened(db(), one.library, department, name)
    return render_template("builder/studio/translated.html", **frame(fresh), report=report)


def _carried_out(one: Opened, wanted: Sequence[Said]) -> Done:
    def step(document: Document) -> Document:
        return said(document, wanted)

    return step_kept(one, step)


def _wanted() -> list[Said]:
    """What was changed: as JSON from the grid's script, else all fields of the page that are not as they were."""
    if "changes" in request.form:
        return _changes(request.form["changes"])
    found: list[Said] = []
    for field, key in request.form.items():
        n = field.removeprefix("k.")
        if field == n or len(found) > MOST:
            continue
        for tag in LANGUAGES:
            text, was = request.form.get(f"t.{n}.{tag}"), request.form.get(f"was.{n}.{tag}")
            if text is not None and was is not None and _clean(text) != _clean(was):
                word = request.form.get(f"w.{n}", "")
                found.append(Said(key, word, tag, _clean(text), _clean(was)))
    return found


def _changes(text: str) -> list[Said]:
    try:
        found = loads(text)
    except NotJson:
        found = None
    names = ("key", "word", "language", "text", "was")
    plain = isinstance(found, list) and len(found) <= MOST and all(
        isinstance(one, dict) and all(isinstance(one.get(name), str) for name in names)
        for one in found
    )  # fmt: skip
    if not plain:
        raise Refused(_("The browser sent something that cannot be understood."))
    return [Said(one["key"], one["word"], one["language"], _clean(one["text"]), _clean(one["was"]))
            for one in found]  # fmt: skip


def _clean(text: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\x00", "")
    return plain.encode("utf-8", "replace").decode("utf-8").strip()


def _clash(one: Opened, error: Clash, back: str) -> Any:
    """Both texts: in place for the script, which keeps what was typed; else the page with what was typed in it."""
    if not request.headers.get("HX-Request"):
        wanted = {(s.key, s.word, s.language): s.text for s in _wanted()}
        return _page(one, wanted, str(error)), 409
    answer = refused(str(error), back, 409)
    cells = [{"key": s.key, "word": s.word, "language": s.language, "now": now,
              "said": _("“%(now)s” by now", now=now)} for s, now in error.cells[:200]]  # fmt: skip
    answer.headers["HX-Trigger"] = json.dumps({"wording:clash": {"cells": cells}})
    return answer


def _page(
    one: Opened, typed: dict[tuple[str, str, str], str] | None = None, alert: str = ""
) -> str:
    found, only = _rows(one), request.args.get("only", "") == "missing"
    shown = [row for row in found if row.missing] if only else found
    return render_template(
        "builder/studio/translations.html",
        **frame(one),
        rows=[(row, _key_of(one, row)) for row in shown],
        missing=missing(found),
        texts=sum(1 for row in found if row.is_own),
        only=only,
        typed=typed or {},
        alert=alert,
        words=keyword_words(),
        kinds=_kinds(),
    )


def _pieces(one: Opened, words: str) -> Any:
    found = _rows(one)
    return make_response(
        render_template(
            "builder/studio/translated_pieces.html",
            **frame(one),
            missing=missing(found),
            texts=sum(1 for row in found if row.is_own),
            said=words,
        )
    )


def _rows(one: Opened) -> list[Row]:
    return rows(one.document or {}, one.shapes)


def _key_of(one: Opened, row: Row) -> str:
    """The key of the part in the Build tab."""
    if row.place.item:
        return row.place.item
    if not row.place.steps:
        return ""
    place = "".join(f"/{str(s).replace('~', '~0').replace('/', '~1')}" for s in row.place.steps)
    return part_at(one.root, one.document or {}, place).key


def _kinds() -> dict[str, str]:
    return {
        "form": _("the form"),
        "section": _("section"),
        "columns": _("columns"),
        "note": _("note"),
        "crossTable": _("table"),
        "rows": _("list"),
        "part": _("group"),
        "cell": _("cell"),
        "header": _("heading"),
        "choice": _("choice"),
    }
