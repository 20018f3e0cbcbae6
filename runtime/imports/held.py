"""What is held of the subjects that rows speak of, and who said it. Not for what is made of it: `decide`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from runtime.facts.timeline import Timeline
from runtime.imports.decide import Sender
from runtime.imports.fields import FieldsOf
from runtime.storage.import_tables import Import
from runtime.storage.tables import Change, Subject


class Held(NamedTuple):
    """A subject as it is."""

    timeline: Timeline
    revision: int
    unit_id: int | None


def sender_of(found: Import, fields: FieldsOf) -> Sender:
    """Who sends an import, as of when, and who answers for which field."""
    stewards = {name: field.steward for name, field in fields.fields.items()}
    return Sender(department=found.department, as_of=found.as_of, steward_of=stewards)


def held_subjects(session: Session, ids: set[str]) -> dict[str, Held]:
    """The subjects as they are now."""
    rows = session.execute(
        select(Subject.id, Subject.timeline, Subject.revision, Subject.unit_id).where(
            Subject.id.in_(ids)
        )
    )
    return {row.id: Held(row.timeline, row.revision, row.unit_id) for row in rows}


class SaidBy:
    """Asks the ledger which department said the newest fact of a subject's field.

    With `among`, the subjects of a chunk of rows, a day is read once for all of them.
    """

    def __init__(self, session: Session, among: Collection[str] = ()) -> None:
        self._session, self._among = session, frozenset(among)
        self._days: dict[date, dict[tuple[str, str], str]] = {}

    def of(self, subject_id: str) -> Callable[[str, date], str]:
        """The question for one subject."""

        def said(name: str, day: date) -> str:
            if subject_id not in self._among:
                return self._read({subject_id}, day).get((subject_id, name), "")
            if day not in self._days:
                self._days[day] = self._read(self._among, day)
            return self._days[day].get((subject_id, name), "")

        return said

    def _read(self, ids: Collection[str], day: date) -> dict[tuple[str, str], str]:
        """Subject and field -> the department that said it last of that day."""
        changes = self._session.execute(
            select(Change.subject_id, Change.values, Change.provenance)
            .where(Change.subject_id.in_(ids), Change.effective == day)
            .order_by(Change.seq)
        )
        return {
            (subject_id, name): str(provenance.get("department") or "")
            for subject_id, values, provenance in changes
            for name in values
        }
