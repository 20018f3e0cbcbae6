"""A subject moves to another unit, or leaves, from a day on; those of its household with it. Not for lines of a log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from runtime import clock
from runtime.accounts import access
from runtime.entry import audit
from runtime.errors import Conflict, EntryError
from runtime.facts import units
from runtime.facts.changes import Step, record_all
from runtime.facts.groups import together
from runtime.facts.proposals import until_now
from runtime.facts.staged.settle import hold
from runtime.facts.timeline import UNIT
from runtime.language import gettext as _
from runtime.language import say
from runtime.storage.tables import Change, Subject, Unit, new_id
from runtime.web.asking import db, let_go, needs, site, user, whole_number, writes
from runtime.web.correcting import VISIT, note, writable
from runtime.web.corrections import groups
from runtime.web.described import days_of_a_line, label_of
from runtime.web.reason import reason
from runtime.web.registers import own_units

moving = Blueprint("moving", __name__, url_prefix="/registers")
ELSEWHERE, GONE = "elsewhere", "gone"
MOST = 60
"""So many move at once: a large household."""


def init_app(app: Flask) -> None:
    """Let the subject's page ask whether it may move."""
    app.jinja_env.globals.update(may_move=may_move)


@moving.get("/<name>/<subject_id>/move")
@needs("subject.write")
def show(name: str, subject_id: str) -> str:
    """Where to, since when, and who else."""
    return _page(_movable(name, subject_id))


@moving.post("/<name>/<subject_id>/move")
@needs("subject.write")
def move(name: str, subject_id: str) -> Any:
    """Record it for all who move; wrong input comes back as it was typed."""
    if (done := _moved_before()) is not None:
        return _after(name, subject_id, done)
    subject, me = _movable(name, subject_id), user().id
    label, all_of_them = label_of(name, subject.document), [subject.id, *_chosen(subject)]
    try:
        day = _day(request.form.get("_day", ""))
        target = _target(day)
        why = reason()
        if target == subject.unit_id:
            raise EntryError(_("It belongs there already."))
        let_go()
        _write(all_of_them, target, day, me, why)
    except EntryError as error:
        status = 409 if isinstance(error, Conflict) else 422
        return _page(_movable(name, subject_id), str(error)), status
    where = say(db().get_one(Unit, target).title) if target else ""
    if target:
        flash(_("%(who)s: moved to %(unit)s.", who=label, unit=where))
    else:
        flash(_("%(who)s: has left. Reports no longer count it.", who=label))
    return _after(name, subject_id, target)


def _moved_before() -> int | None:
    """Where this very page has sent it already (0: nowhere); None where it is sent for the first time."""
    found = db().scalar(select(Change).where(Change.id == request.form.get("_id", "")))
    return None if found is None else int(found.values.get(UNIT) or 0)


def _after(name: str, subject_id: str, target: int | None) -> Response:
    if target and access.may(db(), user(), "subject.read", target):
        return redirect(url_for("registers.subject", name=name, subject_id=subject_id), 303)
    return redirect(url_for("registers.show", name=name), 303)


def may_move(subject: Subject) -> bool:
    """Whether whoever is signed in may say that it has moved or left: what happened on a day does neither."""
    if subject.unit_id is None or days_of_a_line(subject.register):
        return False
    return access.may(db(), user(), "subject.write", subject.unit_id)


def _movable(name: str, subject_id: str) -> Subject:
    found = writable(name, subject_id)
    if not may_move(found):
        abort(404)
    return found


def _household(subject: Subject) -> list[Subject]:
    """The others who belong together with it and to the same unit."""
    others = together(db(), groups(), subject)
    return [one for one in others if one.id != subject.id and one.unit_id == subject.unit_id][:MOST]


def _chosen(subject: Subject) -> list[str]:
    asked = set(request.form.getlist("with"))
    return [one.id for one in _household(subject) if one.id in asked]


def _target(day: date) -> int | None:
    """The unit, None for nowhere; raises `EntryError` where none is said or there is no such."""
    asked = request.form.get("to", "")
    if asked == GONE:
        return None
    if asked == ELSEWHERE:
        return _named(request.form.get("unit", "").strip(), day)
    found = next((one.id for one in own_units() if one.id == whole_number(asked)), None)
    if found is None:
        raise EntryError(_("Say where it has moved."))
    return found


def _named(text: str, day: date) -> int:
    """A unit by its code or its name in any language; raises `EntryError` for none, and for several.

    Of units of one name only those that exist from the day of the move on are meant, where there are such.
    """
    if not text:
        raise EntryError(_("Give the code or the name of the unit."))
    found = [
        one.id
        for one in db().scalars(select(Unit))
        if text == one.code or text in one.title.values()
    ]
    found = units.existing(found, units.spans(db(), found), day)
    if len(found) > 1:
        raise EntryError(_("Several units are called “%(name)s”: give the code.", name=text))
    if not found:
        raise EntryError(_("There is no unit “%(name)s”.", name=text))
    return found[0]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise EntryError(_("Say from which day on it is so.")) from error


def _change_id() -> str:
    """The id that the page was given, so that sending it again changes nothing."""
    try:
        return str(UUID(request.form.get("_id", "")))
    except ValueError:
        return new_id()


def _write(ids: Sequence[str], target: int | None, day: date, me: int, why: str) -> None:
    with writes() as session:
        if target is not None:
            units.require_existing(session, target, day)
        hold(session, sorted(ids))
        for one in ids:
            held = session.get_one(Subject, one, populate_existing=True)
            if held.unit_id != whole_number(request.form.get("_unit", "")):
                raise Conflict(
                    _("It has changed since this page was shown. Below stands what is known now.")
                )
            step = Step(
                subject_id=one,
                change_id=_change_id() if one == ids[0] else new_id(),
                values={UNIT: target},
                effective=day,
                actor=me,
                provenance=VISIT,
                reason=why,
            )
            record_all(session, site().register(held.register), until_now(session, step))
            note(session, held, "subject.move", me, [UNIT])


def _page(subject: Subject, wrong: str = "") -> str:
    others = _household(subject)
    household = [(one, label_of(one.register, one.document)) for one in others]
    with writes() as session:
        audit.read_together(session, subject, others, actor=user().id)
    return render_template(
        "move.html",
        name=subject.register,
        subject=subject,
        label=label_of(subject.register, subject.document),
        unit=db().get_one(Unit, subject.unit_id),
        units=[one for one in own_units() if one.id != subject.unit_id],
        household=household,
        change_id=new_id(),
        today=clock.today(),
        sent=request.form,
        wrong=wrong,
    )
