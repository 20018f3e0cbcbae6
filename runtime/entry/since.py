"""What was recorded of a unit's subjects after an entry had been submitted, for its period. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from runtime.definitions.plan import Plan
from runtime.facts.units import below_query
from runtime.storage.tables import Belonging, Change, Entry, Subject, User

MOST = 20
"""So many changes are told, the latest first."""


@dataclass(frozen=True, slots=True)
class Late:
    """A change that came late: of whom, for which day, when it was recorded, by whom and why.

    By whom and why is for those who may read the subject where it is now, in `unit_id` (None: it has left).
    """

    register: str
    subject_id: str
    effective: date
    recorded_at: datetime
    actor: str
    reason: str
    unit_id: int | None


def late_changes(
    session: Session, plan: Plan, entry: Entry, after: datetime, day: date
) -> list[Late]:
    """Of the registers that fill the form, the changes recorded from `after` on that count on `day`.

    Of subjects that belonged there on that day. One that was put elsewhere by a late change is not among them: what
    the registers say of it is that unit's.
    """
    there = select(Belonging.subject_id).where(
        Belonging.unit_id.in_(below_query(entry.unit_id, day)),
        Belonging.from_day <= day,
        Belonging.to_day >= day,
    )
    query = (
        select(Change, Subject.register, Subject.unit_id, User.full_name)
        .join(Subject, Subject.id == Change.subject_id)
        .join(User, User.id == Change.actor_id, isouter=True)
        .where(
            Change.subject_id.in_(there),
            Change.recorded_at >= after,
            Change.effective <= day,
            Subject.register.in_(list(_registers(plan))),
        )
        .order_by(Change.seq.desc())
        .limit(MOST)
    )
    return [
        Late(
            register=register,
            subject_id=one.subject_id,
            effective=one.effective,
            recorded_at=one.recorded_at,
            actor=name or "",
            reason=one.reason or "",
            unit_id=unit_id,
        )
        for one, register, unit_id, name in session.execute(query)
    ]


def _registers(plan: Plan) -> Iterable[str]:
    found = {rule.register for rule in plan.rules.values()} | {plan.form.subject}
    return sorted(found - {""})
