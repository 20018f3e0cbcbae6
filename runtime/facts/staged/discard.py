"""Taking back all that an import has staged, as if it had never begun. Not for what everybody sees already."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from runtime.facts.staged.settle import table
from runtime.facts.staged.stage import forget
from runtime.storage.pace import Pace
from runtime.storage.staged_tables import StagedPage, StagedSubject

_Part = Callable[[Session, str, int], int]


def discard(engine: Engine, import_id: str, guard: Callable[[Session], None]) -> None:
    """Delete all that is staged of the import, in short transactions; stopped, it is called again.

    `guard` is asked within each of them, and raises where that must not be (any more).
    """
    pace = Pace(engine)
    for part in (_subjects, _pages):
        while pace.step(partial(_guarded, guard, part, import_id)):
            pass


def _guarded(
    guard: Callable[[Session], None], part: _Part, import_id: str, session: Session, most: int
) -> int:
    guard(session)
    return part(session, import_id, most)


def _subjects(session: Session, import_id: str, most: int) -> int:
    staged = table(StagedSubject)
    query = select(staged.c.subject_id).where(staged.c.import_id == import_id)
    ids = list(session.scalars(query.order_by(staged.c.subject_id).limit(most)))
    if ids:
        forget(session, import_id, ids)
    return len(ids)


def _pages(session: Session, import_id: str, most: int) -> int:
    staged = table(StagedPage)
    query = select(staged.c.unit_id).where(staged.c.import_id == import_id).distinct()
    units = list(session.scalars(query.limit(most)))
    session.execute(
        delete(staged).where(staged.c.import_id == import_id, staged.c.unit_id.in_(units))
    )
    return len(units)
