"""One field of a subject corrected on a page of its own: the value, since when, how it is known. Not for confirming."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from runtime import clock
from runtime.entry import audit
from runtime.errors import Conflict, EntryError
from runtime.facts import proposals
from runtime.facts.changes import Step, record_all
from runtime.facts.timeline import said_otherwise, since
from runtime.fields.base import MISSING
from runtime.fields.choices import same
from runtime.language import gettext as _
from runtime.storage.tables import Subject
from runtime.web import one_field
from runtime.web.asking import let_go, needs, site, user, writes
from runtime.web.correcting import VISIT, correcting, locked, note, seen_of, writable
from runtime.web.corrections import fact_name
from runtime.web.described import label_of, shown_value
from runtime.web.reason import reason

with_correction = correcting
"""What is said on a subject's page, these pages among it."""


@correcting.get("/<name>/<subject_id>/correct/<field_name>")
@needs("subject.write")
def show(name: str, subject_id: str, field_name: str) -> str:
    """One field, to be corrected."""
    subject = writable(name, subject_id)
    screen = one_field.screen_of(name, field_name, subject.document)
    with writes() as session:
        audit.read(
            session, "subject", subject_id, actor=user().id, unit_id=subject.unit_id,
            details={"field": field_name},
        )  # fmt: skip
    return _page(writable(name, subject_id), field_name, screen)


@correcting.post("/<name>/<subject_id>/correct/<field_name>")
@needs("subject.write")
def correct(name: str, subject_id: str, field_name: str) -> Any:
    """Record what is right; wrong input comes back as it was typed."""
    subject = writable(name, subject_id)
    form, me = request.form, user()
    decoded = one_field.read(name, field_name, subject.document, form)
    if decoded.problems:
        screen = one_field.screen_of(name, field_name, decoded.data, decoded.problems, decoded.raw)
        return _page(subject, field_name, screen), 422
    screen = one_field.screen_of(name, field_name, decoded.data)
    try:
        step = _step(subject, field_name, one_field.value_of(decoded, field_name), me.id)
        let_go()
        with writes() as session:
            proposed = _write(session, name, step, form.get("_seen", ""))
    except EntryError as error:
        status = 409 if isinstance(error, Conflict) else 422
        later = error.days if isinstance(error, _SaidLater) else ()
        return _page(writable(name, subject_id), field_name, screen, str(error), later), status
    title = one_field.title_of_field(name, field_name)
    if proposed:
        flash(_("%(field)s: proposed to its steward.", field=title))
    else:
        flash(_("%(field)s: corrected. Reports are filled from it from now on.", field=title))
    return redirect(url_for("registers.subject", name=name, subject_id=subject_id), 303)


def _step(subject: Subject, one: str, value: Any, actor: int) -> Step:
    cleared = request.form.get("_clear") == "1"
    if value is MISSING and not cleared:
        raise EntryError(_("Say what is right, or tick that it is to be taken away."))
    before = subject.document.get(one)
    day = _day(request.form.get("_day"))
    again = not cleared and same(value, before) and day == clock.today()
    return Step(
        subject_id=subject.id,
        values={one: None if cleared else value},
        effective=day,
        kind="clear" if cleared else "confirm" if again else "set",
        actor=actor,
        provenance=VISIT,
        reason=reason(),
    )


def _day(text: str | None) -> date:
    """The day posted; today for who was not asked for one."""
    try:
        return clock.today() if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise EntryError(_("Say from which day on it is so.")) from error


def _write(session: Session, name: str, step: Step, seen: str) -> bool:
    """Record the step, or propose it; says whether it was proposed."""
    subject, (one, *_more) = locked(session, step.subject_id), step.values
    if seen != seen_of([fact_name(subject, one)], [subject]):
        raise Conflict(
            _("It has changed since this page was shown. Below stands what is known now.")
        )
    _require_later_known(subject, step)
    register = site().register(name)
    asked = proposals.steward_to_ask(register.schema["properties"][one], None)
    if asked and step.kind != "confirm":
        proposals.propose(
            session,
            register,
            step,
            department=asked,
            known=subject.document,
            unit_id=subject.unit_id or 0,
            origin=proposals.Origin(),
        )
    else:
        again = step.kind == "confirm"
        steps = [step] if again else proposals.until_now(session, step)
        record_all(session, register, steps)
    note(session, subject, "subject.correct", step.actor or 0, [one])
    return bool(asked) and step.kind != "confirm"


class _SaidLater(Conflict):
    """Something else was said of the field on these later days, and nobody was told that it goes."""

    def __init__(self, days: Sequence[date]) -> None:
        self.days = days
        super().__init__(
            _("Something else was said later. Save again to replace it, or give a later day.")
        )


def _require_later_known(subject: Subject, step: Step) -> None:
    """Raise `_SaidLater` unless the page has told all that a correction from an earlier day replaces."""
    ((one, value),) = step.values.items()
    days = said_otherwise(subject.timeline, one, step.effective, value)
    if not {day.isoformat() for day in days} <= set(request.form.getlist("_later")):
        raise _SaidLater(days)


def _said_on(subject: Subject, one: str, days: Iterable[date]) -> list[tuple[date, str]]:
    """What was said of the field on each of these days, as a reader sees it."""
    told = dict(subject.timeline)
    return [
        (day, shown_value(subject.register, {}, one, told[day.isoformat()].get(one)))
        for day in days
    ]


def _page(
    subject: Subject, one: str, screen: Any, wrong: str = "", later: Sequence[date] = ()
) -> str:
    name = subject.register
    said = since(subject.timeline, clock.today()).get(one)
    return render_template(
        "correct.html",
        name=name,
        subject=subject,
        label=label_of(name, subject.document),
        field=one_field.shown(name, one, subject.document),
        screen=screen,
        said=said,
        today=clock.today(),
        seen=seen_of([fact_name(subject, one)], [subject]),
        asked=proposals.steward_to_ask(site().library.register(name)["properties"][one], None),
        sent=request.form,
        later=_said_on(subject, one, later),
        wrong=wrong,
    )
