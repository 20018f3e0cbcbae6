"""The lists behind a figure: whom it was counted from, and who stands in no row of it. Not for the figure itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import render_template, request

from runtime.accounts import records
from runtime.definitions.plan import Rule
from runtime.entry.drawn import Drawn
from runtime.entry.looked_at import Marked, marked
from runtime.fields.base import MISSING
from runtime.fill.filling import days
from runtime.fill.ground import uncoded
from runtime.fill.scan import Behind
from runtime.language import gettext as _
from runtime.language import ngettext
from runtime.web import described, registers
from runtime.web.asking import db, let_go, needs, site, user
from runtime.web.doubts import titles
from runtime.web.entries import entries
from runtime.web.filling import Filling, open_filling
from runtime.web.frame import day
from runtime.web.looked import schemas
from runtime.web.papers import with_papers
from runtime.web.proposing import readable

with_behind = with_papers
"""The entries' pages, these among them."""

MOST = 500
"""So many subjects are listed at once."""
MOST_MARKED = 5_000
"""Of so many it is found out what makes the figure unsound; of more only of those that are listed."""


@entries.get("/<entry_id>/behind")
@needs("subject.read")
def list_behind(entry_id: str) -> str:
    """The subjects that a figure was counted from, or that stand in no row of it, for those who may read them there."""
    filling = open_filling(entry_id)
    pointer, me = request.args.get("cell", ""), user()
    bare, outside = registers.asks_bare(), request.args.get("outside") == "1"
    let_go()
    found = records.read_behind(site().engine, me, entry_id, pointer, bare=bare, outside=outside)
    cell = next(c for c in filling.screen().cells if c.name == pointer)
    rule = filling.plan.rules[cell.face.fill.rule]
    told = _lacking(rule, found) if outside else _marks(filling, rule, found)
    shown = sorted(found, key=lambda one: one.subject_id not in told)[:MOST]
    return render_template(
        "behind.html",
        f=filling,
        cell=cell,
        register=rule.register,
        title=described.title_of(rule.register),
        columns=[t for _f, t in described.columns_of(rule.register)],
        lines=[
            (
                one.subject_id,
                described.row_of(rule.register, one.document, bare=bare),
                told.get(one.subject_id, ""),
            )
            for one in shown
        ],
        marks=len(told),
        count=len(found),
        otherwise="" if outside else _otherwise(filling, cell, rule, len(found)),
        hidden=_titles_of_hidden(rule.register),
        bare=bare,
        outside=outside,
    )


def _lacking(rule: Rule, found: list[Behind]) -> dict[str, str]:
    """What is not known of each, or is no code of the list."""
    return {
        one.subject_id: titles(rule.register, set(uncoded(rule, one.document))) for one in found
    }


def _marks(filling: Filling, rule: Rule, found: list[Behind]) -> dict[str, str]:
    """What makes the figure unsound, of those of whom something does."""
    ids = [one.subject_id for one in found[:MOST_MARKED]]
    if len(found) > MOST_MARKED:
        ids = ids[:MOST]
    _first, last = days(filling.period)
    each = marked(db(), rule, ids, last, schemas(site().library), readable(ids))
    return {subject_id: _words(rule.register, one) for subject_id, one in each.items()}


def _words(register: str, one: Marked) -> str:
    said = [
        _("%(field)s: said on %(day)s", field=titles(register, [name]), day=day(on))
        for name, on in one.old.items()
    ]
    disputed = [_("%(field)s: sources disagree", field=titles(register, [n])) for n in one.disputed]
    return _("; ").join([*disputed, *said])


def _otherwise(filling: Filling, cell: Drawn, rule: Rule, now: int) -> str:
    """Why the list is not as long as the report says; empty where it is."""
    told: Mapping[str, Any] = filling.entry.provenance.get(cell.name) or {}
    on = _reported_on(filling, told)
    if rule.op == "count":
        if cell.data == now:
            return ""
        held = cell.face.display(cell.data) if cell.data is not MISSING else "–"
        return _(
            "The report holds %(held)s, of %(day)s; the registers now say %(now)s.",
            held=held, day=day(on), now=now,
        )  # fmt: skip
    count = (told.get("was") or told).get("count")
    if count is None or count == now:
        return ""
    return ngettext(
        "The report tells of %(held)s, of %(day)s; the registers now list %(n)s.",
        "The report tells of %(held)s, of %(day)s; the registers now list %(n)s.",
        now,
        held=count,
        day=day(on),
    )


def _reported_on(filling: Filling, told: Mapping[str, Any]) -> date:
    """The day on which the report came to hold the value: submitted, typed, or saved last."""
    entry = filling.entry
    if entry.submitted_at is not None:
        return entry.submitted_at.astimezone().date()
    if told.get("at"):
        return date.fromisoformat(str(told["at"])[:10])
    return entry.updated_at.astimezone().date()


def _titles_of_hidden(register: str) -> list[str]:
    hidden = described.sensitive_columns(register)
    return [title for field, title in described.columns_of(register) if field in hidden]
