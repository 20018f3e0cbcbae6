"""One more line of a register, written down by staff of its unit: what happened, or who came. Not its lists.

It holds from the day that it tells of, so that a report of a past period counts it. The page carries the id that the
new subject is to have: sent twice it is recorded once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from runtime import clock
from runtime.accounts import access
from runtime.definitions.place import place
from runtime.definitions.verdict import problems as verdict
from runtime.entry import audit
from runtime.entry.decode import Decoded, decode
from runtime.entry.drawn import Sheet
from runtime.entry.screen import Screen
from runtime.errors import Conflict, EntryError
from runtime.facts.changes import Step, record_all
from runtime.facts.from_number import from_number
from runtime.facts.proposals import until_now
from runtime.facts.timeline import UNIT
from runtime.imports.identity import SEVERAL, keys_of
from runtime.imports.one import find_one, hold_identity
from runtime.language import gettext as _
from runtime.storage.tables import Change, Subject
from runtime.web import one_field, registers
from runtime.web.asking import db, let_go, needs, site, user, whole_number, writes
from runtime.web.correcting import VISIT, locked, note, writable
from runtime.web.described import days_of_a_line, label_of, names, plan_of_register, title_of
from runtime.web.reason import reason
from runtime.web.registers import own_units

recording = Blueprint("recording", __name__, url_prefix="/registers")

Document = Mapping[str, Any]


@recording.get("/<name>/record")
@needs("subject.write")
def blank(name: str) -> str:
    """A line to fill in; days that it must have begin as today."""
    _known(name)
    today = clock.today().isoformat()
    return _page(name, dict.fromkeys(days_of_a_line(name), today), str(uuid4()))


@recording.post("/<name>/record")
@needs("subject.write")
def record_one(name: str) -> Any:
    """Record the line; wrong input comes back as it was typed."""
    _known(name)
    form, plan = request.form, plan_of_register(name)
    decoded = decode(plan, form, {}, {})
    decoded.problems.extend(verdict(plan, decoded.data, decoded.choices))
    new_id, unit = _id_of(form.get("_id", "")), whole_number(form.get("unit", "")) or 0
    if decoded.problems:
        return _page(name, decoded.data, new_id, decoded=decoded), 422
    access.require(db(), user(), "subject.write", unit)
    try:
        before = db().scalar(select(Change.subject_id).where(Change.id == new_id))
        known = before or _require_new(db(), name, new_id, decoded.data)
        document = decoded.data
        if known in (None, new_id):  # somebody new; sent again too
            document = {**from_number(site().library.register(name), document), **document}
        step = _step(name, new_id, unit, document, known or new_id)
        _write(name, step, unit, document)
    except EntryError as error:
        if isinstance(error, _Elsewhere):
            error.note(user().id)
        status = 409 if isinstance(error, Conflict) else 422
        return _page(name, decoded.data, str(uuid4()), wrong=str(error)), status
    flash(_("%(line)s: recorded. Reports count it from now on.", line=label_of(name, decoded.data)))
    if form.get("_do") == "another":
        return redirect(url_for("recording.blank", name=name, unit=unit), 303)
    return redirect(url_for("registers.subject", name=name, subject_id=step.subject_id), 303)


@recording.post("/<name>/<subject_id>/take-out")
@needs("subject.write")
def take_out(name: str, subject_id: str) -> Any:
    """Take out a line that should not be there: it was in no unit on any day, and no report counts it."""
    subject, me = writable(name, subject_id), user().id
    label = label_of(name, subject.document)
    try:
        why = reason()
    except EntryError as error:  # what was typed is to stand there again
        flash(str(error), "check")
        return registers.subject(name, subject_id), 422
    if not days_of_a_line(name) or not why:
        flash(_("Say why the line should not be there."), "check")
        return redirect(url_for("registers.subject", name=name, subject_id=subject_id), 303)
    first = date.fromisoformat(subject.timeline[0][0])
    step = Step(
        subject_id=subject_id,
        values={UNIT: None},
        effective=first,
        actor=me,
        provenance=VISIT,
        reason=why,
    )
    let_go()
    with writes() as session:
        held = locked(session, subject_id)
        record_all(session, site().register(name), until_now(session, step))
        note(session, held, "subject.take-out", me, [])
    flash(_("%(line)s: taken out. No report counts it.", line=label))
    return redirect(url_for("registers.show", name=name), 303)


def _known(name: str) -> None:
    if name not in names():
        abort(404)


def _id_of(text: str) -> str:
    """The id that the page was given; a new one where somebody made it up."""
    try:
        return str(UUID(text))
    except ValueError:
        return str(uuid4())


def _step(name: str, new_id: str, unit: int, document: Document, subject_id: str) -> Step:
    """All that is told, from the day on which it happened; raises `EntryError` for a day to come."""
    today = clock.today()
    happened = [
        date.fromisoformat(document[one]) for one in days_of_a_line(name) if one in document
    ]
    day = min(happened, default=today)
    if max(happened, default=today) > today:
        raise EntryError(_("This day is still to come; record it when it has happened."))
    return Step(
        subject_id=subject_id,
        change_id=new_id,
        values={UNIT: unit, **document},
        effective=day,
        actor=user().id,
        provenance=VISIT,
    )


def _write(name: str, step: Step, unit: int, document: Document) -> None:
    """Record it, unless somebody has been quicker with the same; raises `EntryError`."""
    actor, schema = step.actor, site().library.register(name)
    let_go()
    with writes() as session:
        hold_identity(session, schema, name, document)
        if not _is_recorded(session, step):
            if step.subject_id == step.change_id:
                _require_free(session, step.subject_id)
            known = _require_new(session, name, step.change_id, document)
            if known not in (None, step.subject_id):
                raise Conflict(_("This page cannot be sent; open it again."))
        record_all(session, site().register(name), [step])
        audit.log(session, "subject.record", "subject", step.subject_id, actor=actor, unit_id=unit)


def _require_free(session: Session, new_id: str) -> None:
    """Raise `Conflict` for the id of a subject that was not recorded from this very page."""
    if session.get(Subject, new_id) is not None and not session.scalar(
        select(Change.id).where(Change.id == new_id, Change.subject_id == new_id)
    ):
        raise Conflict(_("This page cannot be sent; open it again."))


def _is_recorded(session: Session, step: Step) -> bool:
    """Whether this very page was sent before."""
    return session.scalar(select(Change.id).where(Change.id == step.change_id)) is not None


def _require_new(session: Session, name: str, new_id: str, document: Document) -> str | None:
    """The subject that has left and is now back, None for somebody new.

    Raises `EntryError` where nothing tells the line from others, or what does is in the register already.
    """
    schema = site().library.register(name)
    identity = schema.get("identity", ())
    if not any(True for _key in keys_of(identity, document)):
        if schema.get("required"):  # what happened is told by its day, and may happen twice
            return None
        titles = [one_field.title_of_field(name, one) for one in identity[0]] if identity else []
        raise EntryError(
            _("Say by what it is recognised: %(fields)s.", fields=_(", ").join(titles))
        )
    found = find_one(session, schema, name, document)
    if found in (None, new_id):
        return None
    there = session.get(Subject, found) if found != SEVERAL else None
    if there is not None and there.unit_id is None:
        return there.id
    if there is not None and not access.may(session, user(), "subject.read", there.unit_id):
        raise _Elsewhere(there.id, there.unit_id)
    raise EntryError(_("The register has it already. Look for it there, and correct it."))


class _Elsewhere(EntryError):
    """Somebody else has it: it is not said who nor where, and noted, for it tells that such a number is known."""

    def __init__(self, subject_id: str, unit: int | None) -> None:
        self.subject_id, self.unit = subject_id, unit
        super().__init__(
            _(
                "Another unit has it already; that you came upon it is noted."
                " If it has moved here, the unit that it comes from can say so on its page."
            )
        )

    def note(self, actor: int) -> None:
        """Write it down, once whatever else was going on is over."""
        let_go()
        with writes() as session:
            audit.log(
                session, "subject.met", "subject", self.subject_id, actor=actor, unit_id=self.unit
            )


def _page(
    name: str,
    document: Document,
    new_id: str,
    *,
    decoded: Decoded | None = None,
    wrong: str = "",
) -> str:
    plan = plan_of_register(name)
    sheet = Sheet(decoded.problems, raw=decoded.raw) if decoded else Sheet()
    screen = Screen(plan, place(plan, document, decoded.choices if decoded else {}), sheet)
    screen.with_summary = bool(decoded)
    return render_template(
        "record.html",
        name=name,
        title=title_of(name),
        screen=screen,
        new_id=new_id,
        units=own_units(),
        unit=whole_number(request.values.get("unit", "")),
        wrong=wrong,
    )
