"""What staff say of a subject on its own page: still correct, or what is right instead. Not for reading it.

Staff of the subject's unit are the first who see: what they say is known at once, unless the field asks for its
steward (`writeBack: propose`). Whoever was shown something else than is known now is asked to look again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from flask import Blueprint, Flask, flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from runtime import clock
from runtime.accounts import access
from runtime.definitions.json import canonical
from runtime.definitions.load import Library
from runtime.entry import audit
from runtime.errors import EntryError, NotFound
from runtime.facts.changes import Step, record_all
from runtime.facts.freshness import stale_fields
from runtime.facts.groups import Group, groups_of, together
from runtime.facts.staged.settle import hold
from runtime.facts.subjects import current
from runtime.facts.timeline import since
from runtime.language import gettext as _
from runtime.language import ngettext
from runtime.storage.tables import Subject
from runtime.web import one_field
from runtime.web.asking import db, let_go, needs, site, user, writes
from runtime.web.described import label_of
from runtime.web.one_field import Shown
from runtime.web.proposing import waiting_for
from runtime.web.registers import readable

correcting = Blueprint("correcting", __name__, url_prefix="/registers")
MOST_FACTS = 400
"""So many facts are confirmed at once: a large household."""
VISIT: Mapping[str, Any] = {"source": "visit"}


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a subject, and how long ago it was last said."""

    shown: Shown
    since: date | None = None
    stale: bool = False
    proposed: str = ""
    """What waits for the steward; empty: nothing."""


@dataclass(slots=True)
class Corrections:
    """What can be said of one subject."""

    subject: Subject
    label: str
    stale: list[Line] = field(default_factory=list)
    known: list[Line] = field(default_factory=list)
    missing: list[Line] = field(default_factory=list)

    def facts(self) -> list[str]:
        """The stale facts, as the confirming form names them."""
        return [fact_name(self.subject, line.shown.name) for line in self.stale]


def init_app(app: Flask) -> None:
    """Let the subject's page ask for what can be said there."""
    app.jinja_env.globals.update(
        corrections=corrections, around=around, seen_of=seen_of, fact_name=fact_name
    )


def corrections(subject: Subject) -> Corrections | None:
    """What whoever is signed in may say of the subject; None where nothing."""
    if not access.may(db(), user(), "subject.write", subject.unit_id):
        return None
    name, today = subject.register, clock.today()
    old = stale_fields(site().library.register(name)["properties"], subject.timeline, today)
    said = since(subject.timeline, today)
    waiting = waiting_for([subject.id])
    made = Corrections(subject, label_of(name, subject.document))
    for one in one_field.fields_of(name):
        shown = one_field.shown(name, one, subject.document)
        line = Line(shown, said.get(one), one in old, waiting.get((subject.id, one), ""))
        where = made.stale if line.stale else made.known if shown.value else made.missing
        where.append(line)
    return made


def around(subject: Subject) -> list[Corrections]:
    """The others who are visited with it, where something of theirs has grown old."""
    others = [one for one in together(db(), groups(), subject) if one.id != subject.id]
    found = [made for one in others if (made := corrections(one)) is not None]
    return [made for made in found if made.stale]


def groups() -> tuple[Group, ...]:
    """The groups of this site's registers."""
    return _groups(site().library)


@lru_cache(maxsize=8)
def _groups(library: Library) -> tuple[Group, ...]:
    return groups_of(library)


def fact_name(subject: Subject, name: str) -> str:
    """How a form names a fact."""
    return f"{subject.id}/{name}"


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
        values = {n: subject.document[n] for n in wanted[subject.id] if n in subject.document}
        confirm_facts(session, subject, values, clock.today(), actor)
        count += len(values)
    return count


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
