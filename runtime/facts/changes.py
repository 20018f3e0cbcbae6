"""Recording what becomes known of a subject, as dated changes. Not for reading it back.

All writing goes through `record_all`: it locks the subjects, in the order of their ids, appends the changes in
the order given, and brings current document, timeline and belonging of each subject up to date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import BindParameter, Engine, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from runtime import clock
from runtime.errors import Conflict, EntryError, NotFound
from runtime.facts.erased import ERASE, overwrite
from runtime.facts.open_subjects import OpenSubject, apply, lock
from runtime.facts.overlap import since_bases
from runtime.facts.registers import Register
from runtime.facts.search import Entry, Searched, keep, searched, words
from runtime.facts.staged.settle import settled
from runtime.facts.steps import KINDS, Step, ledger_row, told_of
from runtime.facts.tallies.upkeep import Recount, recount
from runtime.facts.timeline import UNIT, Timeline, as_of, belongings, unit_on
from runtime.facts.units import require_within
from runtime.language import gettext as _
from runtime.storage.engine import writing
from runtime.storage.tables import Belonging, Change, Subject, Unit, new_id

__all__ = ["BATCH", "KINDS", "Step", "record", "record_all", "record_many"]

BATCH = 200
"""Changes per transaction in `record_many`: far below 100 ms of holding the write lock."""


def record(
    session: Session,
    register: Register,
    subject_id: str,
    values: Mapping[str, Any],
    kind: str,
    effective: date,
    *,
    change_id: str | None = None,
    actor: int | None = None,
    provenance: Mapping[str, Any] | None = None,
    based_on: str | None = None,
    reason: str = "",
) -> Change:
    """Record one change of a subject and return it; the same `change_id` again changes nothing.

    `kind` is `set` (this is so from the day `effective` on), `confirm` (still so on that day) or `clear` (no
    longer known or true from that day on; the values are not read). `values` may hold `_unit`, the unit where
    the subject belongs from that day on; the first change of a new subject must, and None means that it has
    left. Raises `EntryError` that names the field for an unknown field or an invalid value, and for a day that
    lies before `FIRST_DAY` or in the future; `NotFound` for a unit or subject that does not exist.
    `based_on` is the change that whoever asks saw last: `Overlap` where others have said something else of
    the same fields since (see `overlap`).
    """
    if kind not in KINDS:
        raise EntryError(_("“%(kind)s” is not a kind of change.", kind=kind))
    step = Step(
        subject_id=subject_id,
        values=values,
        effective=effective,
        kind=kind,
        change_id=change_id or new_id(),
        actor=actor,
        provenance=provenance or {},
        based_on=based_on,
        reason=reason,
    )
    record_all(session, register, [step])
    return session.scalars(select(Change).where(Change.id == step.change_id)).one()


def record_many(
    engine: Engine, register: Register, steps: Iterable[Step], batch: int = BATCH
) -> int:
    """Record any number of changes in short transactions; the same rows as one by one. Says how many."""
    rest, count = iter(steps), 0
    while part := list(islice(rest, batch)):
        with writing(engine) as session:
            record_all(session, register, part)
        count += len(part)
    return count


def record_all(session: Session, register: Register, steps: Sequence[Step]) -> None:
    """Record `steps` in their order within the session's transaction; as `record`, for many at once."""
    told = {step.change_id: told_of(register, step) for step in steps}
    _require_units(session, told.values())
    with settled(session, {step.subject_id for step in steps}):
        _record(session, register, steps, told)


def _record(
    session: Session, register: Register, steps: Sequence[Step], told: Mapping[str, dict[str, Any]]
) -> None:
    subjects = lock(session, register, {step.subject_id for step in steps})
    recorded = _recorded(session, steps)
    since, fields = since_bases(session, steps), searched(register.schema)
    rows = []
    for step in steps:
        if step.change_id in recorded:
            _require_same(step, recorded[step.change_id])
            continue
        recorded[step.change_id] = step.subject_id
        since.require_no_clash(step, told[step.change_id])
        apply(subjects[step.subject_id], register, step, told[step.change_id], fields)
        rows.append(ledger_row(step, told[step.change_id]))
        since.add(step, step.change_id, told[step.change_id], rows[-1]["recorded_at"])
    if moved := [it.timeline for it in subjects.values() if it.moved]:
        require_within(session, (stretch for one in moved for stretch in belongings(one)))
    if rows:
        session.execute(insert(Change), rows)
        for row in rows:
            if row["kind"] == ERASE:
                overwrite(session, row["subject_id"], frozenset(row["values"]), row["effective"])
        changed = {key: it for key, it in subjects.items() if it.changed}
        _store(session, register.name, changed)
        keep(session, register.name, _entries(fields, changed))


def _require_units(session: Session, told: Iterable[Mapping[str, Any]]) -> None:
    wanted = {values[UNIT] for values in told if values.get(UNIT) is not None}
    if not wanted:
        return
    if missing := wanted - set(session.scalars(select(Unit.id).where(Unit.id.in_(wanted)))):
        raise NotFound(_("There is no unit with the number %(id)s.", id=min(missing)))


# Made once: putting such statements together takes as long as the database does to answer them.
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_RECORDED = select(Change.id, Change.subject_id).where(Change.id.in_(_IDS))
_subject: Any = Subject.__table__
_KEPT = update(_subject).where(_subject.c.id == bindparam("of"))


def _recorded(session: Session, steps: Sequence[Step]) -> dict[str, str]:
    """Of these changes, those that are recorded already: id -> subject."""
    rows = session.execute(_RECORDED, {"ids": [step.change_id for step in steps]})
    return {row.id: row.subject_id for row in rows}


def _require_same(step: Step, subject_id: str) -> None:
    if step.subject_id != subject_id:
        raise Conflict(_("Another subject has a change with the same id already."))


def _store(session: Session, register: str, subjects: Mapping[str, OpenSubject]) -> None:
    today = clock.today()
    basis = recount(
        session,
        register,
        {key: Recount(it.before, it.basis, it.timeline) for key, it in subjects.items()},
    )
    session.execute(
        _KEPT,
        [
            {
                "of": subject_id,
                "unit_id": unit_on(it.timeline, today),
                "document": as_of(it.timeline, today),
                "timeline": it.timeline,
                "revision": it.revision,
                "basis": basis,
                "erased_on": it.erased_on,
            }
            for subject_id, it in subjects.items()
        ],
    )
    _store_belongings(session, {key: it.timeline for key, it in subjects.items() if it.moved})
    for loaded in session.identity_map.values():
        if isinstance(loaded, Subject) and loaded.id in subjects:
            session.expire(loaded)


def _entries(fields: Searched, subjects: Mapping[str, OpenSubject]) -> Iterator[Entry]:
    """How those that moved or are called otherwise are found from now on."""
    today = clock.today()
    for subject_id, it in subjects.items():
        if it.moved or it.renamed:
            own = words(fields, as_of(it.timeline, today)) if fields else None
            yield Entry(subject_id, unit_on(it.timeline, today), own, new=it.new)


def _store_belongings(session: Session, timelines: Mapping[str, Timeline]) -> None:
    if not timelines:
        return
    session.execute(delete(Belonging).where(Belonging.subject_id.in_(timelines)))
    rows = [
        {"subject_id": subject_id, "from_day": first, "to_day": last, "unit_id": unit}
        for subject_id, timeline in timelines.items()
        for first, last, unit in belongings(timeline)
    ]
    if rows:
        session.execute(insert(Belonging), rows)
