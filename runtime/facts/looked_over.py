"""How well a register's fields are known: of how many subjects, how many facts are not stale, when last said.

Told from some of the subjects, for a look takes as long as it reads. Not for figures of reports.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from runtime.facts.freshness import fresh_from
from runtime.facts.timeline import UNIT, since
from runtime.storage.tables import Subject

MOST = 1_000
"""Subjects that are looked at; those who have left are not."""


@dataclass(frozen=True, slots=True)
class LookedOver:
    """Of one field: among `subjects` that were looked at so many have it, so many of these facts are not stale."""

    subjects: int
    known: int = 0
    fresh: int = 0
    last: date | None = None
    """The newest day on which it was said of somebody."""


def looked_over(
    session: Session, register: str, fields: Mapping[str, Any], day: date, most: int = MOST
) -> dict[str, LookedOver]:
    """Each of the register's fields (`properties`) as it stands on `day`, from `most` of its subjects."""
    query = select(Subject.timeline).where(
        Subject.register == register, Subject.unit_id.is_not(None)
    )
    timelines = session.scalars(query.order_by(Subject.id).limit(most)).all()
    said = [since(timeline, day) for timeline in timelines]
    return {
        name: _of_field([one[name] for one in said if name in one], len(said), schema, day)
        for name, schema in fields.items()
        if name != UNIT and isinstance(schema, Mapping)
    }


def how_many(session: Session, register: str, field: str, values: Iterable[str] = ()) -> int:
    """How many subjects of a register have a field now, or one of `values` in it. Goes through all of them."""
    text = Subject.document[field].as_string()
    query = select(func.count()).select_from(Subject).where(Subject.register == register)
    codes = list(values)
    query = query.where(text.in_(codes) if codes else text.is_not(None))
    return session.scalar(query) or 0


def _of_field(days: list[date], subjects: int, schema: Mapping[str, Any], day: date) -> LookedOver:
    age = schema.get("maxAge")
    fresh = [one for one in days if not isinstance(age, str) or one >= fresh_from(day, age)]
    return LookedOver(subjects, len(days), len(fresh), max(days, default=None))
