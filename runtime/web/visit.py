"""A visit to one subject: what to ask first, what is known already, and the tap that says it is still correct."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from flask import Blueprint, Flask, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from runtime.accounts import access
from runtime.entry import confirming, life
from runtime.entry.bound import Bound, as_of_day, bound_cells
from runtime.entry.drawn import Drawn, element_id
from runtime.entry.refill import is_elsewhere
from runtime.entry.screen import Screen
from runtime.errors import Conflict
from runtime.fields.base import MISSING
from runtime.language import gettext as _
from runtime.language import ngettext
from runtime.storage.tables import Subject
from runtime.web.asking import db, let_go, needs, site, user, whole_number, writes
from runtime.web.described import label_of
from runtime.web.filling import Filling, open_filling
from runtime.web.proposing import waiting_for

visit = Blueprint("visit", __name__, url_prefix="/entries")
MOST_CELLS = 2000
MOST_NAMED = 10
"""So many of the cells that were not confirmed are named: of more nobody reads all."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to ask, or one that is known."""

    cell: Drawn
    since: date | None = None
    proposed: str = ""
    still: bool = False
    """Whether it may be still correct."""


@dataclass(slots=True)
class Visit:
    """What an entry about one subject begins with."""

    ask: list[Ask] = field(default_factory=list)
    known: list[Ask] = field(default_factory=list)
    unknown: list[Ask] = field(default_factory=list)
    """What is not known, and may well be nothing: nobody must ask."""
    rest: list[str] = field(default_factory=list)
    """The cells that the tap for the rest confirms."""
    today: int = 0
    """How many facts that can grow old were said or confirmed on the visit's day."""

    @property
    def stale(self) -> list[str]:
        """Those to be asked that hold something."""
        return [one.cell.name for one in self.ask if one.since]


def init_app(app: Flask) -> None:
    """Let the filling page and the panel beside it ask for this."""
    app.jinja_env.globals.update(
        visit_of=visit_of,
        old_fact=old_fact,
        untouched=untouched,
        waiting_cells=waiting_cells,
        subject_named=subject_named,
        subject_elsewhere=lambda filling: is_elsewhere(db(), filling.entry),
    )


def subject_named(filling: Filling) -> str:
    """What the subject of an entry is called today, for those who may read it where it is now; else empty."""
    found = db().get(Subject, filling.entry.subject_id) if filling.entry.subject_id else None
    if found is None or found.unit_id is None:
        return ""
    mine = access.may(db(), user(), "subject.read", found.unit_id)
    return label_of(found.register, found.document) if mine else ""


def visit_of(filling: Filling, screen: Screen) -> Visit | None:
    """What to ask first of the entry's subject; None where it is about none, or can no longer be filled."""
    entry, plan = filling.entry, filling.plan
    if not plan.form.subject or not entry.subject_id or not filling.editable:
        return None
    facts = confirming.facts_of(db(), entry, plan, site().register)
    bound = {one.pointer: one for one in bound_cells(plan, entry)}
    day, aging = as_of_day(entry), {p: fact.since for p, fact in facts.items() if fact.ages}
    found = Visit(rest=[p for p, said in aging.items() if said < day])
    found.today = len(aging) - len(found.rest)
    for cell in screen.parts:
        _sort(found, cell, facts.get(cell.name), bound.get(cell.name))
    return found


def _sort(found: Visit, cell: Drawn, fact: confirming.Fact | None, bound: Bound | None) -> None:
    if cell.state in ("ask", "wrong"):
        found.ask.append(Ask(cell))
    elif fact is not None and fact.stale:
        found.ask.append(Ask(cell, fact.since, still=fact.ages))
    elif fact is not None:
        found.known.append(Ask(cell, fact.since))
    elif bound is not None and bound.value is MISSING and not bound.read_only and not bound.told:
        found.unknown.append(Ask(cell))


def old_fact(filling: Filling, cell: Drawn) -> date | None:
    """Since when the fact in a cell was not asked for, where that is too long; None where it is not."""
    if not filling.editable or not may_confirm(filling):
        return None
    found = confirming.facts_of(db(), filling.entry, filling.plan, site().register, [cell.name])
    fact = found.get(cell.name)
    return fact.since if fact and fact.stale and fact.ages else None


def untouched(filling: Filling, cell: Drawn) -> bool:
    """Whether a default stands in a cell as the form proposes it, and whoever is signed in may say that it is right."""
    free = not (cell.face.computed or cell.face.read_only or cell.locked)
    told = cell.name in filling.entry.provenance
    there = cell.data is not MISSING and cell.data != "" and not told
    return free and there and filling.editable and may_confirm(filling)


def may_confirm(filling: Filling) -> bool:
    """Whether whoever is signed in may say something of the subjects of the entry's unit."""
    return access.may(db(), user(), "subject.write", filling.entry.unit_id)


def waiting_cells(filling: Filling, cells: list[Drawn]) -> list[tuple[str, str, str]]:
    """Id, label and proposed value of each cell about whose fact a steward has still to decide."""
    bound = {one.pointer: one for one in bound_cells(filling.plan, filling.entry)}
    waiting = waiting_for({one.subject_id for one in bound.values()}) if bound else {}
    found: list[tuple[str, str, str]] = []
    for cell in cells if waiting else ():
        one = bound.get(cell.name)
        value = waiting.get((one.subject_id, one.fact.field)) if one else None
        if value is not None:
            found.append((element_id(cell.name), cell.label, value))
    return found


@visit.post("/<entry_id>/still-correct")
@needs("entry.fill")
def confirm(entry_id: str) -> Response:
    """The facts in these cells are still correct: known at once, not only when the entry is submitted."""
    filling = open_filling(entry_id, "entry.fill")
    access.require(db(), user(), "subject.write", filling.entry.unit_id)
    cells, me = request.form.getlist("cell")[:MOST_CELLS], user().id
    # without a revision nobody knows what was shown
    revision = whole_number(request.form.get("_revision", "")) or 0
    let_go()
    try:
        with writes() as session:
            entry = life.load(session, entry_id)
            done = confirming.confirm(session, entry, site().register, me, cells, revision)
    except Conflict:
        done = set()
    if done:
        flash(ngettext("%(n)s fact is confirmed.", "%(n)s facts are confirmed.", len(done)))
    if not done or set(cells) - done:
        _tell_changed(entry_id, set(cells) - done)
    anchor = element_id(cells[0]) if len(cells) == 1 else None
    return redirect(url_for("entry.fill", entry_id=entry_id, _anchor=anchor), 303)


def _tell_changed(entry_id: str, left_out: Collection[str]) -> None:
    """Say which cells were not confirmed, and that they are to be looked at again."""
    cells = open_filling(entry_id).screen().cells if left_out else []
    labels = [cell.label for cell in cells if cell.name in left_out][:MOST_NAMED]
    if not labels:
        flash(_("Something has changed since this page was shown. Look at it again."), "check")
        return
    flash(
        _(
            "Something has changed since this page was shown: %(fields)s. Look at it again.",
            fields=_(", ").join(labels),
        ),
        "check",
    )
