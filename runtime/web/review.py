"""An entry read once more and submitted."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for

from runtime.entry import life
from runtime.entry import submit as submission
from runtime.entry.differences import Differences, differences
from runtime.entry.keep import keep
from runtime.entry.progress import wants_reason
from runtime.entry.screen import Screen
from runtime.entry.write_back import emptied, foreseen
from runtime.errors import Conflict, EntryError
from runtime.language import gettext as _
from runtime.storage.tables import Entry
from runtime.web.account import department_title
from runtime.web.asking import db, needs, site, user, writes
from runtime.web.filling import Filling, open_filling, overridden, read_filling
from runtime.web.looked import look
from runtime.web.noticed import notice
from runtime.web.now import lines, with_now
from runtime.web.saving import shown_revision

entries = with_review = with_now
"""The entries' pages, these and those of `saving` among them."""


@entries.get("/<entry_id>/review")
@needs("entry.fill")
def review(entry_id: str) -> Any:
    """Everything once more, to read, with what is still wrong; and the button that submits it."""
    filling = read_filling(entry_id, "entry.fill")
    if not filling.editable:
        return redirect(url_for(".receipt", entry_id=entry_id))
    return _review(filling)


def _review(filling: Filling, said: str = "") -> str:
    entry, checks = filling.entry, site().entry_problems
    found = differences(db(), entry, ask_sources=True)
    notice(entry.id, found)
    look([entry])
    problems = submission.review(filling.plan, entry.data, entry.choices, checks)
    screen = filling.screen(problems=problems, reading=True)
    waiting = [c for c, t in overridden(screen.cells, entry.provenance) if wants_reason(t)]
    return render_template(
        "review.html",
        f=filling,
        screen=screen,
        counts=screen.counts(),
        problems=screen.problem_lines(),
        waiting=waiting,
        emptied=_emptied(filling, screen),
        known_then=_known_then(filling, screen),
        said=said,
        found=found,
        lines=lines(filling, screen, found),
        reasons=_kept(),
    )


def _emptied(filling: Filling, screen: Screen) -> list[tuple[str, str]]:
    """Name and label of each cell whose known value was taken away: is it to be cleared from the register too?"""
    named = {one.pointer for one in emptied(filling.plan, filling.entry)}
    return [(cell.name, cell.label) for cell in screen.cells if cell.name in named]


def _known_then(filling: Filling, screen: Screen) -> list[tuple[str, str, str]]:
    """Of each cell that will be known of its subject from submission on: label, value, department to ask first."""
    cells = {cell.name: cell for cell in screen.cells}
    found = foreseen(db(), filling.entry, filling.plan, site().register, user().id)
    return [
        (cell.label, cell.face.display(cell.data), department_title(one.asked) if one.asked else "")
        for one in found
        if (cell := cells.get(one.pointer))
    ]


@entries.post("/<entry_id>/submit")
@needs("entry.submit")
def submit(entry_id: str) -> Any:
    """Submit what the review page showed, once it has shown what differs from the registers by now."""
    filling = open_filling(entry_id, "entry.submit")
    shown, me = shown_revision(filling), user().id
    try:
        found = _seen(filling, shown)
        with writes() as session:
            entry = life.load(session, entry_id)
            require_reasons(entry)
            if found.items:
                entry = keep(session, entry, found, _kept(), me)
                shown = entry.revision
            submission.submit(
                session,
                entry,
                me,
                revision=shown,
                checks=site().entry_problems,
                registers=site().register,
                cleared=request.form.getlist("_clear"),
            )
    except EntryError as error:
        filling = open_filling(entry_id, "entry.submit")
        return _review(filling, str(error)), 409 if isinstance(error, Conflict) else 422
    return redirect(url_for(".receipt", entry_id=entry_id), 303)


def _seen(filling: Filling, shown: int) -> Differences:
    """What differs from the registers at this moment; raises `Conflict` unless just that was seen."""
    if shown != filling.entry.revision:
        return Differences(shown)  # reviewed at another revision: submitting says so
    found = differences(db(), filling.entry, ask_sources=True)
    if found.token and found.token != request.form.get("_seen", ""):
        raise Conflict(
            _("Filled values have changed since you reviewed the report. Look at them first.")
        )
    return found


def _kept() -> dict[str, str]:
    """Why filled values are kept though others are known now, by pointer."""
    start = "_keep"
    return {n.removeprefix(start): v for n, v in request.form.items() if n.startswith(f"{start}/")}


def require_reasons(entry: Entry) -> None:
    """Raises `EntryError` where a filled value was changed and nobody has said why."""
    if any(wants_reason(told) for told in entry.provenance.values()):
        raise EntryError(_("Say first why filled values were changed."))
