"""What staff say of a subject on its own page: still correct, or what is right instead. Not for reading it.

Staff of the subject's unit are the first who see: what they say is known at once, unless the field asks for its
steward (`writeBack: propose`). Whoever was shown something else than is known now is asked to look again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Flask, flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from runtime import clock
from runtime.accounts import access
from runtime.definitions.json import canonical
from runtime.entry import audit
from runtime.errors import EntryError, NotFound
from runtime.facts.changes import Step, record_all
from runtime.facts.freshness import is_last_time
from runtime.facts.groups import together
from runtime.facts.staged.settle import hold
from runtime.facts.subjects import current
from runtime.language import gettext as _
from runtime.language import ngettext
from runtime.storage.tables import Subject
from runtime.web import corrections
from runtime.web.asking import db, let_go, needs, site, user, writes
from runtime.web.corrections import fact_name, groups
from runtime.web.registers import readable

correcting = Blueprint("correcting", __name__, url_prefix="/registers")
MOST_FACTS = 400
"""So many facts are confirmed at once: a large household."""
VISIT: Mapping[str, Any] = {"source": "visit"}


def init_app(app: Flask) -> None:
    """Let the subject's page ask for what can be said there."""
    corrections.init_app(app)
    app.jinja_env.globals.update(seen_of=seen_of, fact_name=fact_name)


def seen_of(facts: Iterable[str], subjects: Iterable[Subject]) -> str:
    """A short text that is another one when something else is known of these facts."""
    held = {subject.id: subject.document for subject in subjects}
    told = [
        (fact, held.get(i, {}).get(name)) for fact in facts for i, _s, name in [fact.partition("/")]
    ]
    return hashlib.sha256(canonical(sorted(told, key=lambda pair: pair[0]))).hexdigest()[:16]


@correcting.post("/<name>/<subject_id>/confirm")
@needs("subject.write")
def confirm(name: str, subject_id: str) -> Response:
    """These facts, of the subject and of those who are visited with it, are still correct today."""
    facts, me = list(dict.fromkeys(request.form.getlist("fact"))), user()
    if not facts or len(facts) > MOST_FACTS:
        raise EntryError(_("Choose what is still correct."))
    subject = writable(name, subject_id)
    allowed = {one.id for one in together(db(), groups(), subject)} | {subject.id}
    wanted = _by_subject(facts)
    for other in wanted:
        if other not in allowed:
            raise NotFound(_("There is no such subject."))
        access.require(db(), me, "subject.write", current(db(), other).unit_id)
    let_go()
    with writes() as session:
        count = _confirm(session, wanted, request.form.get("_seen", ""), me.id)
    if count is None:
        flash(_("Something has changed since this page was shown. Look at it again."), "check")
    else:
        flash(ngettext("%(n)s fact is confirmed.", "%(n)s facts are confirmed.", count))
    return redirect(url_for("registers.subject", name=name, subject_id=subject_id), 303)


def _by_subject(facts: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for fact in facts:
        subject_id, _slash, name = fact.partition("/")
        found.setdefault(subject_id, []).append(name)
    return found


def _confirm(
    session: Session, wanted: Mapping[str, Sequence[str]], seen: str, actor: int
) -> int | None:
    """How many facts were confirmed; None where something else is known of one than was shown."""
    subjects = [locked(session, subject_id) for subject_id in sorted(wanted)]
    if seen != seen_of([f"{i}/{name}" for i, names in wanted.items() for name in names], subjects):
        return None
    count = 0
    for subject in subjects:
        values = _still(subject, wanted[subject.id])
        confirm_facts(session, subject, values, clock.today(), actor)
        count += len(values)
    return count


def _still(subject: Subject, names: Iterable[str]) -> dict[str, Any]:
    """What is known of these fields, those left out that are said anew each time: when something was last done."""
    fields = site().library.register(subject.register)["properties"]
    known = [name for name in names if name in subject.document]
    return {n: subject.document[n] for n in known if not is_last_time(fields.get(n, {}))}


def confirm_facts(
    session: Session,
    subject: Subject,
    values: Mapping[str, Any],
    day: date,
    actor: int,
    provenance: Mapping[str, Any] = VISIT,
) -> None:
    """Note that these values still held on `day`, and who says so."""
    if not values:
        return
    step = Step(
        subject_id=subject.id,
        values=values,
        effective=day,
        kind="confirm",
        actor=actor,
        provenance=provenance,
    )
    record_all(session, site().register(subject.register), [step])
    note(session, subject, "subject.confirm", actor, sorted(values))


def note(session: Session, subject: Subject, action: str, actor: int, names: list[str]) -> None:
    """Leave a trace of what was said of the subject: which fields, not what."""
    audit.log(
        session,
        action,
        "subject",
        subject.id,
        actor=actor,
        unit_id=subject.unit_id,
        details={"fields": names},
    )


def locked(session: Session, subject_id: str) -> Subject:
    """The subject as it stands now, nobody else's to change until the transaction ends."""
    hold(session, [subject_id])
    found = session.get(Subject, subject_id, populate_existing=True)
    if found is None:
        raise NotFound(_("There is no such subject."))
    return found


def writable(name: str, subject_id: str) -> Subject:
    """The subject, if whoever is signed in may change it; raises `NotFound` or `NotAllowed`."""
    found = readable(name, subject_id)
    access.require(db(), user(), "subject.write", found.unit_id)
    return found
