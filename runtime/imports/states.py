"""In which state an import is, and who is at it: of two only the later one goes on. Not for what either does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from runtime.errors import Conflict
from runtime.imports.batches import load
from runtime.jobs.store import ENDED
from runtime.language import gettext as _
from runtime.storage.engine import writing
from runtime.storage.import_tables import Import
from runtime.storage.job_tables import Job

OPEN = ("uploaded", "checking", "checked", "cancelled")
"""States in which nothing of the file is recorded."""


def anybody(_session: Session) -> None:
    """In place of `require_mine` where nobody else can be at it."""


def take(engine: Engine, import_id: str, state: str, *before: str, **more: Any) -> int:
    """Take the import in hand, to be checked or recorded; the number of this beginning, for `require_mine`.

    Raises `Conflict` where it is in none of the states `before`.
    """
    return to_state(engine, import_id, state, *before, done=Import.done + 1, **more)


def require_mine(session: Session, import_id: str, state: str, begun: int) -> None:
    """Of two that are at it only the later one goes on; raises `Conflict` for the other, within what it would write."""
    query = select(Import.id).where(
        Import.id == import_id, Import.state == state, Import.done == begun
    )
    if session.scalar(query.with_for_update(read=True)) is None:
        raise Conflict(_("The import has been taken further meanwhile; look at it again."))


def to_state(
    engine: Engine,
    import_id: str,
    state: str,
    *before: str,
    guard: Callable[[Session], None] = anybody,
    **more: Any,
) -> int:
    """Take the import from one of the states `before` to another; its number (`done`).

    Raises `Conflict` where it is in none of them; `guard` as in `keep_rows`.
    """
    with writing(engine) as session:
        guard(session)
        moved = session.execute(
            update(Import)
            .where(Import.id == import_id, Import.state.in_(before))
            .values(state=state, **more)
            .returning(Import.done)
        ).scalar()
        if moved is None:
            load(session, import_id)
            raise Conflict(_("The import has been taken further meanwhile; look at it again."))
        return moved


def at_work(session: Session, found: Import) -> bool:
    """Whether the import's job has not ended; also while it waits, or was killed and is to be taken again."""
    job = session.get(Job, found.job_id) if found.job_id else None
    return job is not None and job.state not in ENDED
