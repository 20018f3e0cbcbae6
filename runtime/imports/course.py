"""From a row as it was weighed to the steps that record it, as things are now. Not for recording them."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from runtime.facts.registers import Register, no_problems, register_of
from runtime.facts.staged.prepared import RowStep
from runtime.facts.steps import Step
from runtime.facts.timeline import UNIT
from runtime.imports import batches
from runtime.imports.awaited import Awaited
from runtime.imports.decide import Sender, decide
from runtime.imports.desk import Desk
from runtime.imports.fields import FieldsOf, fields_of
from runtime.imports.held import Held, SaidBy, held_subjects, sender_of
from runtime.imports.identity import Known
from runtime.imports.ids import change_id
from runtime.imports.somebody_else import somebody_else
from runtime.storage.engine import reading
from runtime.storage.import_tables import Import, ImportRow
from runtime.storage.tables import Change, Subject

WANTED = ("add", "change", "confirm", "conflict")
"""Kinds of rows of which something may be recorded."""
_COLUMNS = ("n", "kind", "subject_id", "revision", "unit_id", "told")


@dataclass(slots=True)
class Course:
    """What recording one import needs."""

    found: Import
    register: Register
    fields: FieldsOf
    sender: Sender
    actor: int | None
    taken: Known
    """Those who came into the register after the dry run."""
    awaited: Awaited
    allowed: frozenset[int] | None
    """The units in which whoever records it may import now; None: all."""
    facts: array[int] = field(default_factory=lambda: array("H"))
    """Of each row of the sheet how many facts it records, by its number: two bytes each."""
    meanwhile: set[int] = field(default_factory=set)
    """Rows of which not everything was taken, since their subjects or rights changed after the dry run."""

    def steps(self, session: Session, rows: Iterable[Row[Any]]) -> Iterator[RowStep]:
        """What these rows record, as things are now."""
        some = list(rows)
        held = held_subjects(session, {row.subject_id for row in some})
        said_by = SaidBy(session, held)
        for row in some:
            self.meanwhile.discard(row.n)
            self._count_anew(row.n)
            for step in self._steps(row, held, said_by):
                self.facts[row.n] += len(step.values) - (UNIT in step.values)
                yield RowStep(row.n, step, fresh=row.kind == "add")

    def rest(self, session: Session, after: int, most: int) -> Sequence[Row[Any]]:
        """The next rows after that number."""
        query = _rows(self.found.id).where(ImportRow.n > after).order_by(ImportRow.n).limit(most)
        return session.execute(query).all()

    def again(self, session: Session, rows: Sequence[int]) -> list[RowStep]:
        """The steps of these rows, as things are now."""
        query = _rows(self.found.id).where(ImportRow.n.in_(rows)).order_by(ImportRow.n)
        return list(self.steps(session, session.execute(query).all()))

    def may_bring(self, came: Iterable[Mapping[str, Any]]) -> bool:
        """Whether somebody of these may be one whom the import would bring."""
        return any(document in self.awaited for document in came)

    def brings(self, session: Session, came: Mapping[str, Mapping[str, Any]]) -> list[int]:
        """The rows about somebody new who is one of those that came."""
        for subject_id, document in came.items():
            self.taken.add(subject_id, document)
        query = _rows(self.found.id).where(ImportRow.kind == "add")
        rows = session.execute(query.execution_options(yield_per=1000))
        return [row.n for row in rows if self.taken.find(row.told) is not None]

    def _steps(self, row: Row[Any], held: Mapping[str, Held], said_by: SaidBy) -> Iterator[Step]:
        if row.kind == "add":
            known = row.subject_id in held or self.taken.find(row.told) is not None
            if known or not self._may(row.unit_id):
                self.meanwhile.add(row.n)
                return
            self.awaited.add(row.told)
            yield self._step(row, "set", {**row.told, UNIT: row.unit_id}, self.sender.as_of)
            return
        now = held[row.subject_id]
        if now.unit_id is None or not self._may(now.unit_id):
            self.meanwhile.add(row.n)
            return
        if somebody_else(self.fields, self.sender, row.told, now.timeline):
            if row.kind != "conflict":
                self.meanwhile.add(row.n)
            return
        changed = now.revision != row.revision
        asked = said_by.of(row.subject_id)
        made = decide(row.told, now.timeline, self.sender, asked, changed_since=changed)
        if changed and made.conflicts and row.kind != "conflict":
            self.meanwhile.add(row.n)
        for day, values in made.sets.items():
            yield self._step(row, "set", values, day)
        if made.confirms:
            yield self._step(row, "confirm", made.confirms, self.sender.as_of)

    def _count_anew(self, row: int) -> None:
        """Count the facts of a row from the beginning: it may be weighed again."""
        self.facts.extend([0] * (row + 1 - len(self.facts)))
        self.facts[row] = 0

    def _may(self, unit_id: int) -> bool:
        return self.allowed is None or unit_id in self.allowed

    def _step(self, row: Row[Any], kind: str, values: Mapping[str, Any], day: date) -> Step:
        source = {"source": "import", "import": self.found.id, "row": row.n}
        return Step(
            subject_id=row.subject_id,
            values=values,
            effective=day,
            kind=kind,
            change_id=change_id(self.found.id, row.n, kind, day),
            actor=self.actor,
            provenance={**source, "department": self.found.department},
        )


def course_of(
    desk: Desk, import_id: str, actor: int | None, allowed: frozenset[int] | None
) -> Course:
    """What recording this import needs; begin to stage it first, so that whoever comes in later is noticed."""
    with reading(desk.engine) as session:
        found = batches.load(session, import_id)
        fields = fields_of(desk.library, desk.field_types, found.register)
        taken = _came_since(session, found, fields)
    sender = sender_of(found, fields)
    by = actor if actor is not None else found.applied_by
    register = trusted(desk, found.register)
    return Course(found, register, fields, sender, by, taken, Awaited(fields.identity), allowed)


def trusted(desk: Desk, name: str) -> Register:
    """The register, as for values that were checked: the dry run did, and definitions stay under a running site."""
    register = register_of(desk.library, name)
    return Register(register.name, register.schema, no_problems)


def _came_since(session: Session, found: Import, fields: FieldsOf) -> Known:
    """Who came into the register after the dry run: a row may be about one of them."""
    known = Known(fields.identity)
    since = select(Change.subject_id).where(Change.seq > found.seen_seq)
    rows = session.execute(
        select(Subject.id, Subject.document)
        .where(Subject.register == found.register, Subject.id.in_(since))
        .execution_options(yield_per=1000)
    )
    for subject_id, document in rows:
        known.add(subject_id, document)
    return known


def _rows(import_id: str) -> Any:
    columns = (getattr(ImportRow, name) for name in _COLUMNS)
    return select(*columns).where(
        ImportRow.import_id == import_id,
        # wrapped, so that the rows are walked in their order and not collected by kind and sorted
        func.coalesce(ImportRow.kind, "").in_(WANTED),
    )
