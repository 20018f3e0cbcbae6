"""Recording what becomes known of a subject, as dated changes. Not for reading it back.

All writing goes through `record_all`: it locks the subjects, in the order of their ids, appends the changes in
the order given, and brings current document, timeline and belonging of each subject up to date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import (
    BindParameter,
    Engine,
    bindparam,
    delete,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Session

from runtime import clock
from runtime.errors import Conflict, EntryError, NotFound
from runtime.facts.erased import ERASE, overwrite
from runtime.facts.open_subjects import OpenSubject, apply, lock, locked_at_once
from runtime.facts.overlap import since_bases
from runtime.facts.registers import Register
from runtime.facts.search import Entry, Searched, keep, searched, words
from runtime.facts.staged.settle import settled
from runtime.facts.steps import KINDS, Step, ledger_row, told_of
from runtime.facts.tallies.basis import Basis, loaded, newest_basis
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
    ids = {step.subject_id for step in steps}
    if (subjects := locked_at_once(session, ids)) is not None:
        _record(session, register, steps, told, subjects)
        return
    with settled(session, ids):
        _record(session, register, steps, told, lock(session, register, ids))


def _record(
    session: Session,
    register: Register,
    steps: Sequence[Step],
    told: Mapping[str, dict[str, Any]],
    subjects: dict[str, OpenSubject],
) -> None:
    recorded, basis = _recorded(session, register.name, steps)
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
        session.execute(_LEDGER, list(map(_columns, rows)))
        for row in rows:
            if row["kind"] == ERASE:
                overwrite(session, row["subject_id"], frozenset(row["values"]), row["effective"])
        changed = {key: it for key, it in subjects.items() if it.changed}
        _store(session, basis, changed)
        keep(session, register.name, _entries(fields, changed))


def _require_units(session: Session, told: Iterable[Mapping[str, Any]]) -> None:
    wanted = {values[UNIT] for values in told if values.get(UNIT) is not None}
    if not wanted:
        return
    if missing := wanted - set(session.scalars(select(Unit.id).where(Unit.id.in_(wanted)))):
        raise NotFound(_("There is no unit with the number %(id)s.", id=min(missing)))


# Made once: putting such statements together takes as long as the database does to answer them.
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_change: Any = Change.__table__
_subject: Any = Subject.__table__
_LEDGER = insert(_change).inline()
_KEPT = update(_subject).where(_subject.c.id == bindparam("of"))
_RECORDED = (
    select(_change.c.id, _change.c.subject_id, literal(0), literal(0))
    .where(_change.c.id.in_(_IDS))
    .union_all(
        select(literal(""), newest_basis.c.digest, newest_basis.c.id, newest_basis.c.next_slot)
    )
)
"""Those of some changes that are recorded already, and in a row without an id the newest basis: asked together."""


def _recorded(
    session: Session, register: str, steps: Sequence[Step]
) -> tuple[dict[str, str], Basis | None]:
    """Of these changes, those that are recorded already: id -> subject; and by what the register is counted now."""
    ids = [step.change_id for step in steps]
    rows = session.execute(_RECORDED, {"ids": ids, "register": register}).all()
    marks = [(basis, digest, register, slot) for id_, digest, basis, slot in rows if not id_]
    recorded = {id_: subject_id for id_, subject_id, *_rest in rows if id_}
    return recorded, loaded(session, marks[0]) if marks else None


def _columns(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the ledger by the names of its columns."""
    return {"field_values" if name == "values" else name: value for name, value in row.items()}


def _require_same(step: Step, subject_id: str) -> None:
    if step.subject_id != subject_id:
        raise Conflict(_("Another subject has a change with the same id already."))


def _store(session: Session, basis: Basis | None, subjects: Mapping[str, OpenSubject]) -> None:
    today = clock.today()
    counts = {key: Recount(it.before, it.basis, it.timeline) for key, it in subjects.items()}
    if basis is not None:
        recount(session, basis, counts)
    session.execute(
        _KEPT,
        [
            {
                "of": subject_id,
                "unit_id": unit_on(it.timeline, today),
                "document": as_of(it.timeline, today),
                "timeline": it.timeline,
                "revision": it.revision,
                "basis": basis.id if basis is not None else 0,
                "erased_on": it.erased_on,
            }
            for subject_id, it in subjects.items()
        ],
    )
    _store_belongings(session, {key: it.timeline for key, it in subjects.items() if it.moved})
    for held in session.identity_map.values():
        if isinstance(held, Subject) and held.id in subjects:
            session.expire(held)


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
