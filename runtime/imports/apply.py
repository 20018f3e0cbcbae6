"""Recording what a dry run prepared: at once where it is small enough, else in short steps that are resumed.

What was killed half-way is called again and goes on where it was: each step is one transaction with the note of how
far the import has come, and each change has an id made from the import and the row.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from runtime import clock
from runtime.entry import audit
from runtime.errors import Conflict, EntryError
from runtime.facts.changes import Step, record_all
from runtime.facts.registers import Register, no_problems, register_of
from runtime.facts.timeline import UNIT
from runtime.imports import batches
from runtime.imports.decide import Sender, decide
from runtime.imports.fields import FieldsOf, fields_of
from runtime.imports.identity import Known
from runtime.imports.prepare import (
    Desk,
    Held,
    OnProgress,
    SaidBy,
    held_subjects,
    no_progress,
    sender_of,
)
from runtime.language import gettext as _
from runtime.storage.engine import reading, writing
from runtime.storage.import_tables import Import, ImportRow
from runtime.storage.tables import Change, Subject

AT_ONCE = 500
"""Rows up to which an import is one transaction: all of it or nothing, for every reader, whatever is killed."""
LEAST, MOST = 100, 500
"""Rows per step of a larger one; how many is adapted to `HELD`."""
HELD = 0.05
"""Seconds for which a step should hold the write lock."""
PAUSE_AFTER, PAUSE = 0.15, 0.1
"""Seconds of writing after which a larger import on SQLite pauses: whoever waits for the lock looks every 0.1 s."""
_WANTED = ("add", "change", "confirm", "conflict")


@dataclass(slots=True)
class Course:
    """What applying one import needs, and what came of it."""

    found: Import
    register: Register
    fields: FieldsOf
    sender: Sender
    actor: int | None
    taken: Known
    """Those who came into the register after the dry run."""
    counts: Counter[str]


def apply(
    desk: Desk, import_id: str, *, actor: int | None, on_progress: OnProgress = no_progress
) -> dict[str, int]:
    """Record what the dry run prepared; the counts of what was recorded. Called again, it goes on or does nothing.

    Up to `AT_ONCE` rows it is one transaction. Beyond, what `on_progress` raises stops it before the first step only:
    from then on it goes through. Raises `Conflict` for an import that is not checked, or whose file was imported
    meanwhile.
    """
    course = _course(desk, import_id, actor)
    if course.found.state == "applied":
        return dict(course.found.counts)
    all_rows = sum(int(course.found.counts.get(kind, 0)) for kind in _WANTED)
    if not all_rows:
        raise EntryError(_("Nothing of this file can be recorded."))
    on_progress(0, all_rows)
    if course.found.state == "checked" and all_rows <= AT_ONCE:
        _in_one(desk.engine, course)
    else:
        _in_steps(desk.engine, course, all_rows, on_progress)
    batches.drop_rows(desk.engine, import_id, "add", "change", "confirm", "same")
    if not course.counts["error"] and not course.counts["conflict"]:
        batches.drop_rows(desk.engine, import_id)
        batches.drop_file(desk.engine, import_id)
    return dict(course.counts)


def _course(desk: Desk, import_id: str, actor: int | None) -> Course:
    with reading(desk.engine) as session:
        found = batches.load(session, import_id)
        if found.state not in ("checked", "applying", "applied"):
            raise Conflict(_("The import must be checked before it is applied."))
        if found.state == "checked":
            batches.require_new(session, found.register, found.department, found.digest)
        fields = fields_of(desk.library, desk.field_types, found.register)
        taken = _came_since(session, found, fields)
    register = register_of(desk.library, found.register)
    # the values were checked in the dry run, and definitions do not change under a running site
    trusted = Register(register.name, register.schema, no_problems)
    counts = Counter({k: int(v) for k, v in found.counts.items()})
    sender = sender_of(found, fields)
    by = actor if actor is not None else found.applied_by
    return Course(found, trusted, fields, sender, by, taken, counts)


def _came_since(session: Session, found: Import, fields: FieldsOf) -> Known:
    """Who came into the register after the dry run, and not by this import: a row may be about one of them."""
    known = Known(fields.identity)
    rows = session.execute(
        select(Subject.id, Subject.document, Change.provenance)
        .join(Change, Change.subject_id == Subject.id)
        .where(Change.seq > found.seen_seq, Subject.register == found.register)
        .execution_options(yield_per=1000)
    )
    for subject_id, document, provenance in rows:
        if provenance.get("import") != found.id:
            known.add(subject_id, document)
    return known


def _in_one(engine: Engine, course: Course) -> None:
    with reading(engine) as session:
        rows = list(session.scalars(_rest(course.found.id, 0, AT_ONCE)))
    with writing(engine) as session:
        _claim(session, course)
        session.flush()
        _record(session, course, rows)
        _finish(session, course)


def _in_steps(engine: Engine, course: Course, all_rows: int, on_progress: OnProgress) -> None:
    if course.found.state == "checked":
        with writing(engine) as session:
            _claim(session, course)
    size, done, last, wrote = 100, 0, course.found.done, 0.0
    while True:
        with reading(engine) as session:
            rows = list(session.scalars(_rest(course.found.id, last, size)))
        if not rows:
            break
        start = time.perf_counter()
        with writing(engine) as session:
            _advance(session, course.found.id, last, rows[-1].n)
            _record(session, course, rows)
        took = time.perf_counter() - start
        size = _size(len(rows), took)
        wrote = _let_others(engine, wrote + took)
        last, done = rows[-1].n, done + len(rows)
        _beat(on_progress, done, all_rows)
    with writing(engine) as session:
        _finish(session, course)


def _let_others(engine: Engine, wrote: float) -> float:
    """Pause where others may have waited for the one write lock long enough; seconds written since the last pause."""
    if engine.dialect.name != "sqlite" or wrote < PAUSE_AFTER:
        return wrote
    time.sleep(PAUSE)
    return 0.0


def _beat(on_progress: OnProgress, done: int, all_rows: int) -> None:
    """Tell how far it is; who wants to stop comes too late, since a part is recorded already."""
    try:
        on_progress(done, all_rows)
    except Exception as stopped:
        if type(stopped).__name__ != "Cancelled":
            raise


def _size(rows: int, seconds: float) -> int:
    """How many rows the next step may have, so that others never wait long for the write lock."""
    return max(LEAST, min(MOST, int(rows * HELD / max(seconds, 0.001)), rows * 2))


def _rest(import_id: str, after: int, most: int) -> Any:
    return (
        select(ImportRow)
        .where(
            ImportRow.import_id == import_id,
            ImportRow.n > after,
            # wrapped, so that the rows are walked in their order and not collected by kind and sorted
            func.coalesce(ImportRow.kind, "").in_(_WANTED),
        )
        .order_by(ImportRow.n)
        .limit(most)
    )


def _claim(session: Session, course: Course) -> None:
    """Take the import in hand, unless somebody else has."""
    moved = session.execute(
        update(Import)
        .where(Import.id == course.found.id, Import.state == "checked")
        .values(state="applying", applied_by=course.actor, applied_at=clock.now(), done=0)
        .returning(Import.id)
    ).scalar()
    if moved is None:
        raise Conflict(_("The import has been taken further meanwhile; look at it again."))


def _advance(session: Session, import_id: str, before: int, to: int) -> None:
    """Note how far it is, in the step's own transaction; of two that are at it only one goes on."""
    moved = session.execute(
        update(Import)
        .where(Import.id == import_id, Import.state == "applying", Import.done == before)
        .values(done=to)
        .returning(Import.id)
    ).scalar()
    if moved is None:
        raise Conflict(_("The import has been taken further meanwhile; look at it again."))


def _finish(session: Session, course: Course) -> None:
    found = course.found
    session.execute(
        update(Import)
        .where(Import.id == found.id)
        .values(state="applied", applied_at=clock.now(), counts=dict(course.counts))
    )
    kinds = {kind: course.counts[kind] for kind in batches.KINDS}
    details = {"register": found.register, "department": found.department, **kinds}
    audit.log(
        session,
        "register.import",
        "import",
        found.id,
        actor=course.actor,
        unit_id=found.unit_id,
        details=details,
    )


def _record(session: Session, course: Course, rows: Sequence[ImportRow]) -> None:
    ids = {row.subject_id for row in rows if row.kind != "add"}
    held = held_subjects(session, ids)
    said_by = SaidBy(session)
    steps = [step for row in rows for step in _steps(course, row, held, said_by)]
    if steps:
        record_all(session, course.register, steps)


def _steps(
    course: Course, row: ImportRow, held: Mapping[str, Held], said_by: SaidBy
) -> Iterator[Step]:
    if row.kind == "add":
        if course.taken.subjects and course.taken.find(row.told) is not None:
            course.counts["meanwhile"] += 1
            return
        yield _step(course, row, "set", {**row.told, UNIT: row.unit_id}, course.sender.as_of)
        return
    now = held[row.subject_id]
    if now.unit_id is None:
        course.counts["meanwhile"] += 1
        return
    changed = now.revision != row.revision
    asked = said_by.of(row.subject_id)
    made = decide(row.told, now.timeline, course.sender, asked, changed_since=changed)
    if changed and made.conflicts and row.kind != "conflict":
        course.counts["meanwhile"] += 1
    for day, values in made.sets.items():
        yield _step(course, row, "set", values, day)
    if made.confirms:
        yield _step(course, row, "confirm", made.confirms, course.sender.as_of)


def _step(course: Course, row: ImportRow, kind: str, values: Mapping[str, Any], day: Any) -> Step:
    found = course.found
    return Step(
        subject_id=row.subject_id,
        values=values,
        effective=day,
        kind=kind,
        change_id=str(uuid5(UUID(found.id), f"{row.n} {kind} {day}")),
        actor=course.actor,
        provenance={
            "source": "import",
            "import": found.id,
            "department": found.department,
            "row": row.n,
        },
    )
