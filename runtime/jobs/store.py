"""The rows of jobs: made, taken, kept alive, ended. Not for what happens in between: that is `run`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Engine, and_, delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from runtime import clock, language
from runtime.errors import NotFound
from runtime.language import gettext as _
from runtime.storage.engine import writing
from runtime.storage.job_tables import Job
from runtime.storage.tables import new_id

DEAD_AFTER = timedelta(seconds=30)
"""A running job whose heart has been silent for so long has nobody who runs it."""

OFFERED_FOR = timedelta(minutes=5)
"""An offer that nobody took for so long may have been lost, and is made again."""

ENDED = ("done", "failed", "cancelled")


def start(
    session: Session,
    kind: str,
    arguments: Mapping[str, Any],
    *,
    actor: int | None,
    title: Mapping[str, str],
    unit_id: int | None = None,
    key: str | None = None,
) -> str:
    """Write down a job that waits, in the caller's transaction; its id, to be offered after the commit.

    Where there has been a job of this `key`, that one's id, and nothing new.
    """
    if key is not None and (held := _of_key(session, key)):
        return held
    job = Job(
        id=new_id(),
        kind=kind,
        key=key,
        title=dict(title),
        language=language.current(),
        arguments=dict(arguments),
        state="waiting",
        result={},
        unit_id=unit_id,
        created_at=clock.now(),
        created_by=actor,
    )
    try:
        with session.begin_nested():
            session.add(job)
    except IntegrityError:  # somebody else was quicker with this key
        if key is None or not (held := _of_key(session, key)):
            raise
        return held
    return job.id


def load(session: Session, job_id: str) -> Job:
    """The job with this id; raises `NotFound`."""
    job = session.get(Job, job_id)
    if job is None:
        raise NotFound(_("There is no such job."))
    return job


def mine(session: Session, actor: int, limit: int = 50) -> Sequence[Job]:
    """The jobs that this user started, the newest first."""
    query = select(Job).where(Job.created_by == actor).order_by(Job.created_at.desc(), Job.id)
    return session.scalars(query.limit(limit)).all()


def cancel(session: Session, job_id: str) -> Job:
    """Stop a job: at once where nobody runs it, else at its next progress; an ended one stays as it is."""
    job = load(session, job_id)
    session.refresh(job, with_for_update=True)
    if job.state == "running" and not is_dead(job):
        job.cancel = True
    elif job.state not in ENDED:
        job.state, job.finished_at = "cancelled", clock.now()
    return job


def is_dead(job: Job) -> bool:
    """Whether it is said to run, but nobody runs it any more."""
    last = job.heartbeat or job.created_at
    return job.state == "running" and last < clock.now() - DEAD_AFTER


def again(session: Session, job_id: str) -> str:
    """Start the same work once more, in the caller's transaction; the id to offer.

    A job that failed or was cancelled gets one successor, however often this is asked; one that has not ended
    is only to be offered again. Raises `NotFound`.
    """
    job = load(session, job_id)
    if job.state not in ("failed", "cancelled"):
        return job.id
    return start(
        session,
        job.kind,
        job.arguments,
        actor=job.created_by,
        title=job.title,
        unit_id=job.unit_id,
        key=f"again:{job.id}",
    )


def forgotten(session: Session, *, all_open: bool = False) -> Sequence[str]:
    """The ids of jobs that nobody runs and nobody seems to know of, the oldest first; or all that nobody runs."""
    now = clock.now()
    lost = or_(
        and_(Job.offered_at.is_(None), Job.created_at < now - DEAD_AFTER),
        Job.offered_at < Job.heartbeat,
        Job.offered_at < now - OFFERED_FOR,
    )
    query = select(Job.id).where(takeable()).order_by(Job.created_at, Job.id)
    return session.scalars(query if all_open else query.where(lost)).all()


def forget(engine: Engine, before: datetime) -> int:
    """Delete the jobs that ended before this moment; how many. Successors of theirs stay."""
    gone = delete(Job).where(Job.state.in_(ENDED), Job.finished_at < before)
    with writing(engine) as session:
        found: CursorResult[Any] = session.execute(gone)  # type: ignore[assignment]
        return found.rowcount


def claim(engine: Engine, job_id: str) -> Job | None:
    """Take the job, which counts as an attempt; None where another runs it, it has ended or is gone."""
    now = clock.now()
    taken = (
        update(Job)
        .where(Job.id == job_id, takeable())
        .values(state="running", attempt=Job.attempt + 1, heartbeat=now, started_at=now)
        .returning(Job)
    )
    with writing(engine) as session:
        return session.scalar(taken)


def takeable() -> ColumnElement[bool]:
    """The jobs that nobody runs and that have not ended."""
    silent = Job.heartbeat < clock.now() - DEAD_AFTER
    return or_(Job.state == "waiting", and_(Job.state == "running", silent))


def beat(engine: Engine, job: Job, **told: Any) -> bool | None:
    """Say that the job lives, and what else is `told`; whether it is to be cancelled.

    None where it is no longer this attempt's to run.
    """
    alive = _held(job).values(heartbeat=clock.now(), **told).returning(Job.cancel)
    with writing(engine) as session:
        wanted: bool | None = session.scalar(alive)
    return wanted


def end(engine: Engine, job: Job, state: str, **told: Any) -> None:
    """Write down how the job ended, unless it is no longer this attempt's."""
    with writing(engine) as session:
        session.execute(_held(job).values(state=state, finished_at=clock.now(), **told))


def give_back(engine: Engine, job: Job) -> None:
    """Let the job wait again, as if this attempt had never been: its worker was asked to leave."""
    told = {"state": "waiting", "attempt": job.attempt - 1, "offered_at": None}
    with writing(engine) as session:
        session.execute(_held(job).values(told))


def _held(job: Job) -> Any:
    """An update of the job that finds it only as long as this attempt is the latest and runs."""
    return update(Job).where(Job.id == job.id, Job.attempt == job.attempt, Job.state == "running")


def _of_key(session: Session, key: str) -> str | None:
    return session.scalar(select(Job.id).where(Job.key == key))
