"""The inbox: what I owe, soonest first, and how much of it is done. Not for deciding what is owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from runtime import clock
from runtime.accounts import access
from runtime.accounts.inbox import Inbox, Owed, Wanted, read_inbox, subject_forms
from runtime.entry import audit
from runtime.language import gettext as _
from runtime.language import say
from runtime.publishing.retiring import NoLonger, no_longer_asked
from runtime.storage.tables import Subject
from runtime.web.account import department_title
from runtime.web.asking import db, needs_user, roles, site, user, writes
from runtime.web.counts import Counts, counts_of_entry, expected
from runtime.web.described import label_of
from runtime.web.frame import places
from runtime.web.several import is_ready, look_at_filled

inbox = Blueprint("inbox", __name__)
MOST = 100
"""So many lines are shown at once; the filters lead to the rest."""


@dataclass(slots=True)
class Line:
    """One report in the list."""

    owed: Owed
    counts: Counts
    department: str

    @property
    def ready(self) -> bool:
        """Whether it only waits to be submitted."""
        return is_ready(self.owed, self.counts)


@inbox.get("/")
@needs_user
def home() -> str | Response:
    """My inbox; those who fill nothing are shown where their work is."""
    if "staff" not in roles() and "reviewer" not in roles():
        return _elsewhere()
    chosen = {name: request.args.get(name, "") for name in ("department", "period", "unit")}
    found = read_inbox(db(), user(), Wanted(**chosen), most=MOST)
    look_at_filled(found.open)
    open_ones = [_line(one) for one in found.open]
    return render_template(
        "inbox.html",
        greeting=greeting(),
        needing=[line for line in open_ones if not line.ready],
        ready=[line for line in open_ones if line.ready],
        finished=[_line(one) for one in found.finished],
        left_off=found.left_off,
        chosen=chosen,
        choices=_choices(found),
        forms=subject_forms(db(), user()),
        no_longer=_no_longer(),
        several_units=len(found.units) > 1,
        subjects=_subjects([*found.open, *found.finished]),
        day_words=day_words,
        department_title=department_title,
    )


def _no_longer() -> list[NoLonger]:
    """The forms that I need not fill any more, for a while after they ended."""
    allowed = access.departments(db(), user(), "entry.fill")
    found = no_longer_asked(db())
    return [one for one in found if allowed is None or one.version.department in allowed]


def _subjects(listed: Sequence[Owed]) -> dict[str, str]:
    """What the subjects of entries are called, by id, where they are mine today; that their names are read is noted."""
    ids = {one.entry.subject_id for one in listed if one.entry} - {None}
    if not ids:
        return {}
    mine = set(access.visible_units(db(), user(), "staff"))
    rows = db().scalars(select(Subject).where(Subject.id.in_(ids)))
    found = {s.id: label_of(s.register, s.document) for s in rows if s.unit_id in mine}
    me = user().id
    with writes() as session:
        audit.read(session, "inbox", "list", actor=me, details={"subjects": sorted(found)})
    return found


def _elsewhere() -> Response:
    if "administrator" in roles():
        return redirect(url_for("people.index"))
    there = places()
    mine = [say(p.title) for p in site().navigation if roles() & set(p.roles)]
    there.sort(
        key=lambda place: place[0] not in mine[:1]
    )  # what is made for these very roles is their work
    return redirect(there[0][1] if there else url_for("account.show"))


def _line(one: Owed) -> Line:
    counts = counts_of_entry(one.entry, one.plan) if one.entry else expected(one.plan)
    return Line(one, counts, department_title(one.version.department))


def _choices(found: Inbox) -> dict[str, list[tuple[str, str]]]:
    departments = [(code, department_title(code)) for code in found.departments]
    by_day = sorted(found.periods, key=lambda p: (p.last, p.first), reverse=True)
    return {
        "department": sorted(departments, key=lambda pair: pair[1]),
        "period": [(str(p), p.title()) for p in by_day],
        "unit": [(unit.code, say(unit.title)) for unit in found.units],
    }


def greeting() -> str:
    """A greeting that fits the hour."""
    hour = clock.now().astimezone().hour
    name = user().full_name
    if hour < 12:
        return _("Good morning, %(name)s", name=name)
    if hour < 18:
        return _("Good afternoon, %(name)s", name=name)
    return _("Good evening, %(name)s", name=name)


def day_words(one: Owed) -> str:
    """`yesterday`, `today`, `tomorrow`; empty for other days."""
    days = (one.due - clock.today()).days if one.due else None
    return {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}.get(days, "") if days is not None else ""  # fmt: skip
