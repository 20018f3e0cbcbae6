"""What changes of many subjects will make of them, and of the tallies, worked out before it is written unseen.

It is worked out by the same steps as when it is recorded; tallies and memberships are staged as what is to be added to
those that there are. Somebody whom the import brings gets an empty row in `subject` at once, so that others may refer
to it from the switch on, and the rows that find nobody whose document is not seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from runtime import clock
from runtime.errors import Conflict
from runtime.facts import search
from runtime.facts.open_subjects import OpenSubject, apply, new_subject, seen
from runtime.facts.registers import Register
from runtime.facts.staged.settle import table
from runtime.facts.steps import Step, ledger_row, told_of
from runtime.facts.tallies.basis import Basis
from runtime.facts.tallies.upkeep import counted
from runtime.facts.timeline import as_of, belongings, unit_on
from runtime.facts.units import require_within
from runtime.language import gettext as _
from runtime.rules.tallying import Contributions, Event, Membership, contributions
from runtime.storage.bulk import Bulk, Row
from runtime.storage.staged_tables import StagedChange, StagedMember, StagedSubject
from runtime.storage.tables import Belonging, Subject
from runtime.storage.unit_tables import SearchWord

_subject, _belonging, _word = table(Subject), table(Belonging), table(SearchWord)
_subjects, _changes, _members = table(StagedSubject), table(StagedChange), table(StagedMember)
_EMPTY = ("id", "register", "document", "timeline", "revision", "basis")
_STRETCH = ("subject_id", "from_day", "to_day", "unit_id")
_WORD = ("register", "unit_id", "word", "subject_id")
_UNIT, _by_word = _WORD.index("unit_id"), itemgetter(_WORD.index("word"))
_SUBJECT = (
    "import_id", "subject_id", "row", "fresh", "unit_id", "document", "timeline", "before",
    "counted", "revision", "basis", "renamed", "words",
)  # fmt: skip
_SAID = (
    "id", "subject_id", "kind", "values", "effective", "recorded_at", "actor_id", "provenance",
    "based_on", "reason",
)  # fmt: skip
_CHANGE = ("import_id", "n", *("field_values" if name == "values" else name for name in _SAID))
_MEMBER = ("import_id", "subject_id", *Membership._fields, "counts")
_said = itemgetter(*_SAID)


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
    words: list[Row] = field(default_factory=list)
    """Words of those whom the import brings, not written yet."""


@dataclass(slots=True)
class Prepared:
    """What is to be staged of some subjects; rows have the columns of their tables in the order above."""

    empty: list[Row] = field(default_factory=list)
    stretches: list[Row] = field(default_factory=list)
    words: list[Row] = field(default_factory=list)
    subjects: list[Row] = field(default_factory=list)
    changes: list[Row] = field(default_factory=list)
    members: list[Row] = field(default_factory=list)
    total: Contributions = field(default_factory=Contributions)
    ready: list[Bulk] = field(default_factory=list)
    """The rows that say who is staged, ready for the driver, who is to come before what refers to them."""
    of_them: list[Bulk] = field(default_factory=list)
    """All that is staged of those, but their words and tallies."""


def prepared(session: Session, staging: Staging, steps: Sequence[RowStep]) -> Prepared:
    """Work out what these steps make of their subjects as they are. Writes nothing.

    Raises as `record_all` does, and `Conflict` where two rows are about one subject.
    """
    _require_one_row_each(steps)
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
            place = (staging.import_id, staging.changes)
            made.changes.append(place + _said(ledger_row(one.step, told)))
        _stage(staging, subject_id, own[0].row, subject, made)
        _count(session, staging, subject_id, subject, made)
    require_within(session, {stretch[1:] for stretch in made.stretches})
    engine = staging.engine
    made.ready = [Bulk(engine, _subject, _EMPTY, made.empty)]
    made.ready += [Bulk(engine, _subjects, _SUBJECT, made.subjects)]
    made.of_them = [Bulk(engine, _belonging, _STRETCH, made.stretches)]
    made.of_them += [Bulk(engine, _changes, _CHANGE, made.changes)]
    made.of_them += [Bulk(engine, _members, _MEMBER, made.members)]
    return made


def _require_one_row_each(steps: Sequence[RowStep]) -> None:
    """What is done again is found by one row for each subject: what another one said would be lost."""
    rows: dict[str, int] = {}
    for one in steps:
        first = rows.setdefault(one.step.subject_id, one.row)
        if first != one.row:
            raise Conflict(
                _(
                    "Rows %(first)s and %(row)s are about the same; check the file again.",
                    first=first,
                    row=one.row,
                )
            )


def ready_words(staging: Staging, rows: list[Row]) -> Bulk:
    """These words, ready for the driver in the order of their index: that is several times faster."""
    by_unit = defaultdict(list)
    for row in rows:
        by_unit[row[_UNIT]].append(row)
    ordered = (row for unit in sorted(by_unit) for row in sorted(by_unit[unit], key=_by_word))
    return Bulk(staging.engine, _word, _WORD, list(ordered))


def basis_id(basis: Basis | None) -> int:
    """The basis' number; 0 where the register has no tallies."""
    return basis.id if basis else 0


def _stage(
    staging: Staging, subject_id: str, row: int, subject: OpenSubject, made: Prepared
) -> None:
    today = clock.today()
    document, unit = as_of(subject.timeline, today), unit_on(subject.timeline, today)
    words = sorted(search.words(staging.fields, document)) if subject.renamed else []
    name, basis = staging.register.name, basis_id(staging.basis)
    if subject.new:
        made.empty.append((subject_id, name, {}, [], 0, basis))
        made.stretches += [(subject_id, *stretch) for stretch in belongings(subject.timeline)]
        made.words += [(name, unit, word, subject_id) for word in words]
    renamed = subject.renamed and not subject.new
    made.subjects.append(
        (
            staging.import_id, subject_id, row, subject.new, unit, document, subject.timeline,
            subject.before, subject.basis, subject.revision, basis, renamed,
            words if renamed else [],
        )
    )  # fmt: skip


def _count(
    session: Session, staging: Staging, subject_id: str, subject: OpenSubject, made: Prepared
) -> None:
    if staging.basis is None:
        return
    before = counted(session, subject.before, subject.basis)
    after = contributions(subject.timeline, staging.basis.tallied)
    for event, amount in after.events.items():
        made.total.add(event, amount)
    for event, amount in before.events.items():
        made.total.add(event, -amount)
    place = (staging.import_id, subject_id)
    made.members += [(*place, *one, 1) for one in after.members - before.members]
    made.members += [(*place, *one, -1) for one in before.members - after.members]
