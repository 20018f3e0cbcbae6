"""Whose jobs a user sees: their own, and as an administrator those of their units. Not for running them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from runtime import clock
from runtime.accounts import access
from runtime.accounts.users import grants_of
from runtime.errors import NotFound
from runtime.facts.units import path
from runtime.jobs import store
from runtime.language import gettext as _
from runtime.storage.engine import once
from runtime.storage.job_tables import Job
from runtime.storage.tables import User

MOST_UNITS = 30_000
"""What a query may list at most, on SQLite."""


def require_job(session: Session, user: User, job_id: str) -> Job:
    """The job, if this user may see it; raises `NotFound` where not, as if it did not exist."""
    job = store.load(session, job_id)
    if job.created_by == user.id or _looks_after(session, user, job):
        return job
    raise NotFound(_("There is no such job."))


def others(session: Session, user: User, limit: int = 50) -> Sequence[Job]:
    """The jobs of others that an administrator looks after, the newest first; of the site itself too."""
    units = access.units_where(session, user, "user.manage")
    if not units:
        return []
    of_units = Job.unit_id.in_(sorted(units)[:MOST_UNITS])
    of_site = and_(Job.created_by.is_(None), Job.unit_id.is_(None))
    seen = or_(of_units, of_site) if _looks_after_all(session, user) else of_units
    foreign = or_(Job.created_by != user.id, Job.created_by.is_(None))
    query = select(Job).where(seen, foreign).order_by(Job.created_at.desc(), Job.id)
    return session.scalars(query.limit(limit)).all()


def at_work(session: Session, user: User) -> int:
    """How many of this user's jobs have not ended."""
    query = select(func.count()).where(Job.created_by == user.id, Job.state.not_in(store.ENDED))
    return once(session, ("at work", user.id), lambda: session.scalar(query) or 0)


def _looks_after(session: Session, user: User, job: Job) -> bool:
    if job.unit_id is not None:
        return access.may(session, user, "user.manage", job.unit_id)
    return job.created_by is None and _looks_after_all(session, user)


def _looks_after_all(session: Session, user: User) -> bool:
    """Whether the user is an administrator of a unit that hangs under no other."""
    today = clock.today()
    held = [g for g in grants_of(session, user.id) if g.role == "administrator"]
    return any(len(path(session, grant.unit_id, today)) == 1 for grant in held)
