"""By what one can tell that nothing was recorded or proposed of a unit's subjects since. Not for what it was."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from runtime.facts.proposals import OPEN
from runtime.facts.units import below
from runtime.storage.proposal_tables import Proposal
from runtime.storage.tables import Belonging, Change, Subject

MOST = 20_000
"""Of more subjects it is quicker to look whether anything was recorded at all."""

Mark = tuple[object, ...]
"""Another one where something was recorded or proposed meanwhile."""


def mark_of_unit(session: Session, unit_id: int, day: date) -> Mark:
    """The mark of all who belong to the unit, or below it, on the day; of more than `MOST` that of the whole site.

    That a field becomes known of somebody elsewhere, where it was known of nobody, moves no unit's mark.
    """
    there = select(Belonging.subject_id).where(
        Belonging.unit_id.in_(below(session, unit_id, day)),
        Belonging.from_day <= day,
        Belonging.to_day >= day,
    )
    some = there.limit(MOST + 1).subquery()
    members = _REVISIONS.join(some, some.c.subject_id == Subject.id)
    count, revisions = session.execute(members).one()
    if count > MOST:
        return tuple(session.execute(_NEWEST).one())
    return count, revisions, *session.execute(_OPEN.where(Proposal.subject_id.in_(there))).one()


def mark_of_subjects(session: Session, ids: Collection[str]) -> Mark:
    """The mark of these, wherever they belong."""
    if not ids:
        return ()
    found = session.execute(_REVISIONS.where(Subject.id.in_(ids))).one()
    return *found, *session.execute(_OPEN.where(Proposal.subject_id.in_(ids))).one()


# Each change raises its subject's revision, and who comes or goes changes how many there are.
_REVISIONS = select(func.count(Subject.id), func.sum(Subject.revision))
_OPEN = select(func.count(Proposal.id), func.sum(Proposal.id)).where(Proposal.state == OPEN)
_NEWEST = select(
    select(func.max(Change.seq)).scalar_subquery(),
    select(func.max(Proposal.id)).scalar_subquery(),
    select(func.max(Proposal.decided_at)).scalar_subquery(),
)
