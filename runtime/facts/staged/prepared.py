"""What changes of many subjects will make of them, and of the tallies, worked out before it is written unseen.

It is worked out by the same steps as when it is recorded; tallies and memberships are staged as what is to be added to
those that there are. Somebody whom the import brings gets an empty row in `subject` at once, so that others may refer
to it from the switch on, and the rows that find nobody whose document is not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from runtime import clock
from runtime.facts import search
from runtime.facts.open_subjects import OpenSubject, apply, new_subject, seen
from runtime.facts.registers import Register
from runtime.facts.staged.settle import table
from runtime.facts.steps import Step, ledger_row, told_of
from runtime.facts.tallies.basis import Basis
from runtime.facts.tallies.upkeep import counted
from runtime.facts.timeline import as_of, belongings, unit_on
from runtime.facts.units import require_within
from runtime.rules.tallying import Contributions, Event, contributions, difference
from runtime.storage.bulk import Bulk
from runtime.storage.staged_tables import StagedChange, StagedMember, StagedSubject
from runtime.storage.tables import Belonging, Subject
from runtime.storage.unit_tables import SearchWord

_subject, _belonging, _word = table(Subject), table(Belonging), table(SearchWord)
_subjects, _changes, _members = table(StagedSubject), table(StagedChange), table(StagedMember)


@dataclass(frozen=True, slots=True)
class RowStep:
    """A step, and the row of the sheet that it comes from; `fresh`: it is about somebody new."""

    row: int
    step: Step
    fresh: bool = False


@dataclass(slots=True)
class Staging:
    """One import while it is staged: by which rules it is counted, and how far it is."""

    engine: Engine
    import_id: str
    register: Register
    basis: Basis | None
    fields: search.Searched
    since: int
    """The newest change that is taken into account."""
    guard: Callable[[Session], None]
    """Asked within each transaction that writes; raises where somebody else has taken over."""
    changes: int = 0
    events: dict[Event, Any] = field(default_factory=dict)
    """What is to be added to the staged tallies, not written yet."""


@dataclass(slots=True)
class Prepared:
    """What is to be staged of some subjects."""

    subjects: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    members: list[dict[str, Any]] = field(default_factory=list)
    fresh: dict[str, OpenSubject] = field(default_factory=dict)
    total: Contributions = field(default_factory=Contributions)
    ready: list[Bulk] = field(default_factory=list)
    """All rows, ready for the driver."""


def prepared(session: Session, staging: Staging, steps: Sequence[RowStep]) -> Prepared:
    """Work out what these steps make of their subjects as they are; raises as `record_all` does. Writes nothing."""
    made = Prepared()
    known = seen(session, {one.step.subject_id for one in steps if not one.fresh})
    for subject_id, some in groupby(steps, key=lambda one: one.step.subject_id):
        own = list(some)
        subject = known.get(subject_id) or new_subject(
            staging.register.name, basis_id(staging.basis)
        )
        for one in own:
            told = told_of(staging.register, one.step)
            apply(subject, staging.register, one.step, told, staging.fields)
            staging.changes += 1
            made.changes.append(_ledger_row(staging, one.step, told))
        if subject.new:
            made.fresh[subject_id] = subject
        made.subjects.append(_staged(staging, subject_id, own[0].row, subject))
        _count(session, staging, subject_id, subject, made)
    moved = (subject.timeline for subject in made.fresh.values())
    require_within(session, (stretch for timeline in moved for stretch in belongings(timeline)))
    made.ready = _ready(staging, made)
    return made


def basis_id(basis: Basis | None) -> int:
    """The basis' number; 0 where the register has no tallies."""
    return basis.id if basis else 0


def _ledger_row(staging: Staging, step: Step, told: Mapping[str, Any]) -> dict[str, Any]:
    row = ledger_row(step, dict(told))
    place = {"import_id": staging.import_id, "n": staging.changes}
    return {**place, "field_values": row.pop("values"), **row}


def _staged(staging: Staging, subject_id: str, row: int, subject: OpenSubject) -> dict[str, Any]:
    today = clock.today()
    document = as_of(subject.timeline, today)
    renamed = subject.renamed and not subject.new
    return {
        "import_id": staging.import_id,
        "subject_id": subject_id,
        "row": row,
        "fresh": subject.new,
        "unit_id": unit_on(subject.timeline, today),
        "document": document,
        "timeline": subject.timeline,
        "before": subject.before,
        "counted": subject.basis,
        "revision": subject.revision,
        "basis": basis_id(staging.basis),
        "renamed": renamed,
        "words": sorted(search.words(staging.fields, document)) if renamed else [],
    }


def _count(
    session: Session, staging: Staging, subject_id: str, subject: OpenSubject, made: Prepared
) -> None:
    if staging.basis is None:
        return
    before = counted(session, subject.before, subject.basis)
    after = contributions(subject.timeline, staging.basis.tallied)
    for event, amount in difference(after, before).events.items():
        made.total.add(event, amount)
    place = {"import_id": staging.import_id, "subject_id": subject_id}
    for members, counts in (
        (after.members - before.members, 1),
        (before.members - after.members, -1),
    ):
        made.members += [{**place, **one._asdict(), "counts": counts} for one in members]


def _ready(staging: Staging, made: Prepared) -> list[Bulk]:
    """The rows in the order in which they are to be written: who is to come before what refers to them."""
    empty = {"register": staging.register.name, "document": {}, "timeline": [], "revision": 0}
    names = ("from_day", "to_day", "unit_id")
    subjects = [
        {"id": one, **empty, "basis": basis_id(staging.basis)} for one in sorted(made.fresh)
    ]
    stretches, words = [], []
    for subject_id, subject in made.fresh.items():
        stretches += [
            {"subject_id": subject_id, **dict(zip(names, stretch, strict=True))}
            for stretch in belongings(subject.timeline)
        ]
        words += _words(staging, subject_id, subject)
    # in the order of the index
    words.sort(key=itemgetter("unit_id", "word"))
    tables = (_subject, _belonging, _word, _subjects, _changes, _members)
    rows = (subjects, stretches, words, made.subjects, made.changes, made.members)
    return [Bulk(staging.engine, one, some) for one, some in zip(tables, rows, strict=True)]


def _words(staging: Staging, subject_id: str, subject: OpenSubject) -> list[dict[str, Any]]:
    today = clock.today()
    found = search.words(staging.fields, as_of(subject.timeline, today))
    place = {"register": staging.register.name, "unit_id": unit_on(subject.timeline, today)}
    return [{**place, "word": word, "subject_id": subject_id} for word in sorted(found)]
