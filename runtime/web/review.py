"""An entry read once more and submitted."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for

from runtime.entry import life
from runtime.entry import submit as submission
from runtime.entry.progress import wants_reason
from runtime.errors import Conflict, EntryError
from runtime.language import gettext as _
from runtime.storage.tables import Entry
from runtime.web.asking import needs, site, user, writes
from runtime.web.now import with_now
from runtime.web.filling import Filling, open_filling, overridden, read_filling
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
        said=said,
    )


@entries.post("/<entry_id>/submit")
@needs("entry.submit")
def submit(entry_id: str) -> Any:
    """Submit what the review page showed."""
    filling = open_filling(entry_id, "entry.submit")
    try:
        with writes() as session:
            entry = life.load(session, entry_id)
            _require_reasons(entry)
            submission.submit(
                session,
                entry,
                user().id,
                revision=shown_revision(filling),
                checks=site().entry_problems,
            )
    except EntryError as error:
        filling = open_filling(entry_id, "entry.submit")
        return _review(filling, str(error)), 409 if isinstance(error, Conflict) else 422
    return redirect(url_for(".receipt", entry_id=entry_id), 303)


def _require_reasons(entry: Entry) -> None:
    if any(wants_reason(told) for told in entry.provenance.values()):
        raise EntryError(_("Say first why filled values were changed."))
