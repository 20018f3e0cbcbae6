"""Subjects while changes are applied to them: read and locked, changed in memory. Not for writing them back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from runtime.errors import EntryError, NotFound
from runtime.facts.erased import ERASE, require_not_erased, without
from runtime.facts.registers import Register
from runtime.facts.search import Searched
from runtime.facts.staged.settle import FACTS
from runtime.facts.steps import Step
from runtime.facts.timeline import UNIT, Timeline
from runtime.facts.timeline import insert as insert_into
from runtime.language import gettext as _
from runtime.storage import overlay
from runtime.storage.lock import share
from runtime.storage.staged_tables import Settling
from runtime.storage.tables import Subject


@dataclass(slots=True)
class OpenSubject:
    """A subject while its changes are applied."""

    register: str
    timeline: Timeline
    revision: int
    before: Timeline
    basis: int
    erased_on: date | None = None
    new: bool = False
    moved: bool = False
    renamed: bool = False
    changed: bool = False


def lock(session: Session, register: Register, ids: set[str]) -> dict[str, OpenSubject]:
    """The subjects, locked until the transaction ends; those that are new are made, still empty."""
    found = locked(session, ids)
    if missing := sorted(ids - found.keys()):
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        empty = {
            "register": register.name,
            "document": {},
            "timeline": [],
            "revision": 0,
            "basis": 0,
        }
        session.execute(
            dialect.insert(Subject).on_conflict_do_nothing(),
            [{"id": subject_id, **empty} for subject_id in missing],
        )
        found |= locked(session, set(missing))
    return found


def locked_at_once(session: Session, ids: set[str]) -> dict[str, OpenSubject] | None:
    """The subjects, locked, where all of them are there and nothing that is staged can be seen of any.

    None where that is not so, or has to be looked up first: then `lock` them within `settled`.
    """
    if overlay.is_laid(session) or session.get_bind().dialect.name != "postgresql":
        return None
    share(session, FACTS)  # whatever settles from now on waits for us
    found = _opened(session, _LOCKED_UNSTAGED, ids)
    return found if len(found) == len(ids) else None


def locked(session: Session, ids: set[str]) -> dict[str, OpenSubject]:
    """Those of the subjects that there are, locked until the transaction ends, in the order of their ids."""
    return _opened(session, _LOCKED, ids)


def seen(session: Session, ids: set[str]) -> dict[str, OpenSubject]:
    """Those of the subjects that there are, not locked: others may change them meanwhile."""
    return _opened(session, _THESE, ids)


def new_subject(register: str, basis: int) -> OpenSubject:
    """A subject of which nothing is known yet."""
    return OpenSubject(register, [], 0, [], basis, new=True)


# Made once: putting such statements together takes as long as the database does to answer them.
_subject: Any = Subject.__table__
_COLUMNS = ("id", "register", "timeline", "revision", "basis", "erased_on")
_THESE = select(*(_subject.c[name] for name in _COLUMNS))
_THESE = _THESE.where(_subject.c.id.in_(bindparam("ids", expanding=True)))
_LOCKED = _THESE.order_by(_subject.c.id).with_for_update()
_LOCKED_UNSTAGED = _LOCKED.where(~select(Settling.import_id).exists())


def _opened(session: Session, statement: Select[Any], ids: set[str]) -> dict[str, OpenSubject]:
    rows = session.execute(statement, {"ids": sorted(ids)})
    return {
        row.id: OpenSubject(
            row.register,
            row.timeline,
            row.revision,
            row.timeline,
            row.basis,
            row.erased_on,
            not row.revision,
        )
        for row in rows
    }


def apply(
    subject: OpenSubject, register: Register, step: Step, told: dict[str, Any], fields: Searched
) -> None:
    """Apply what a step says (`told`, checked) to a subject in memory; `fields` are those that are searched.

    Raises `EntryError` for a subject of another register or one that was erased, and `NotFound` for a new one of
    which the step does not say where it belongs.
    """
    if subject.register != register.name:
        raise EntryError(
            _(
                "The subject belongs to the register “%(its)s”, not to “%(register)s”.",
                its=subject.register,
                register=register.name,
            )
        )
    require_not_erased(subject.erased_on)
    if not subject.timeline and told.get(UNIT) is None:
        raise NotFound(
            _("There is no such subject yet; its first change must say to which unit it belongs.")
        )
    if step.kind == ERASE:
        subject.timeline = without(subject.timeline, told)
        subject.erased_on = None if told else step.effective
    else:
        subject.timeline = insert_into(subject.timeline, step.effective, told)
        subject.moved |= UNIT in told
    subject.renamed = subject.renamed or step.kind == ERASE or fields.touches(told)
    subject.revision += 1
    subject.changed = True
