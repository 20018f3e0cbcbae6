"""Several reports that are fully filled, submitted at once: looked over together, checked again, each told apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from runtime.accounts.inbox import Owed, Wanted, read_inbox
from runtime.entry import life
from runtime.entry import submit as submission
from runtime.entry.differences import differences
from runtime.entry.write_back import foreseen
from runtime.errors import Conflict, EntryError, OperatorError
from runtime.language import ngettext
from runtime.storage.tables import Entry
from runtime.web.account import department_title
from runtime.web.asking import db, needs, site, user, whole_number, writes
from runtime.web.counts import Counts, bare_counts, counts_of_entry
from runtime.web.filling import Filling, open_filling
from runtime.web.looked import look
from runtime.web.review import require_reasons

several = Blueprint("several", __name__, url_prefix="/ready")
MOST = 100
"""So many reports are looked over at once."""


@dataclass(frozen=True, slots=True)
class Line:
    """One report that waits for nothing but to be submitted."""

    owed: Owed
    counts: Counts
    department: str
    differ: int
    """How many of its filled values are others by now: such a report is reviewed alone."""
    wrong: int
    """How many of its cells are not valid."""
    check: int
    """How many of them somebody should look at: they rest on what is old, disputed or not whole."""
    known: int
    """How many facts will be known, or proposed to stewards, from its submission on."""

    @property
    def goes(self) -> bool:
        """Whether it may go out together with others."""
        return not (self.differ or self.wrong or self.check)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one report."""

    filling: Filling
    problem: str = ""
    """Why it was not submitted; empty where it was."""


@several.get("/")
@needs("entry.submit")
def show() -> str:
    """All reports of mine that are fully filled, each checked anew: what goes out, and what must be looked at alone."""
    found = read_inbox(db(), user(), Wanted(), most=MOST)
    look_at_filled(found.open)
    lines = [line for one in found.open if (line := _line(one))]
    return render_template("ready.html", lines=lines, several_units=len(found.units) > 1)


def is_ready(owed: Owed, counts: Counts) -> bool:
    """Whether a report only waits to be submitted."""
    return owed.state == "draft" and not counts.ask and not counts.check


def look_at_filled(owed: Iterable[Owed]) -> None:
    """Look how sound the cells of those reports are that seem to be done, where something has changed since."""
    look([one.entry for one in owed if one.entry and _seems_ready(one, one.entry)], again=False)


def _seems_ready(owed: Owed, entry: Entry) -> bool:
    return owed.state == "draft" and is_ready(owed, bare_counts(entry, owed.plan))


def _line(owed: Owed) -> Line | None:
    entry = owed.entry
    if entry is None or not _seems_ready(owed, entry):
        return None
    counts = counts_of_entry(entry, owed.plan)
    problems = submission.review(owed.plan, entry.data, entry.choices, site().entry_problems)
    return Line(
        owed,
        counts,
        department_title(owed.version.department),
        differ=len(differences(db(), entry).items),
        check=counts.ask + counts.check,
        wrong=sum(one.severity == "error" for one in problems),
        known=len(foreseen(db(), entry, owed.plan, site().register, user().id)),
    )


@several.post("/")
@needs("entry.submit")
def submit() -> str:
    """Submit those that were ticked, each by itself; what became of each is told."""
    chosen = list(dict.fromkeys(request.form.getlist("entry")))[:MOST]
    for one in chosen:
        # All or none may be asked for; each then stands for itself.
        open_filling(one, "entry.submit")
    return render_template("submitted.html", outcomes=[_submitted(one) for one in chosen])


def _submitted(entry_id: str) -> Outcome:
    revision = whole_number(request.form.get(f"revision-{entry_id}", ""))
    try:
        filling = open_filling(entry_id, "entry.submit")
        _require_same(filling)
        _require_sound(filling)
        with writes() as session:
            _submit(session, entry_id, revision)
    except (EntryError, OperatorError) as error:  # what went out before is told all the same
        return Outcome(open_filling(entry_id), str(error))
    return Outcome(open_filling(entry_id))


def _require_same(filling: Filling) -> None:
    """Raises `Conflict` where the registers say something else by now: that is for a person to look at."""
    found = differences(db(), filling.entry, ask_sources=True).items
    if found:
        raise Conflict(
            ngettext(
                "%(n)s filled value has changed since. Look at it first.",
                "%(n)s filled values have changed since. Look at them first.",
                len(found),
            )
        )


def _require_sound(filling: Filling) -> None:
    """Raises `Conflict` where a cell is still to be typed, or to be looked at."""
    look([filling.entry])
    counts = counts_of_entry(filling.entry, filling.plan)
    if count := counts.ask + counts.check:
        raise Conflict(
            ngettext(
                "%(n)s cell is to be looked at first.",
                "%(n)s cells are to be looked at first.",
                count,
            )
        )


def _submit(session: Session, entry_id: str, revision: int | None) -> None:
    entry = life.load(session, entry_id)
    require_reasons(entry)
    submission.submit(
        session,
        entry,
        user().id,
        revision=-1 if revision is None else revision,
        checks=site().entry_problems,
        registers=site().register,
    )
