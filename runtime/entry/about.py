"""What is known of the subjects that an entry speaks of, and what the entry has said of them before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from runtime.entry import audit
from runtime.facts.timeline import Timeline, as_of
from runtime.storage.tables import Change, Entry, Subject


@dataclass(slots=True)
class About:
    """What is known of one subject, and what this entry has said of it before."""

    subject_id: str
    timeline: Timeline
    unit_id: int | None
    document: Mapping[str, Any]
    based_on: str | None = None
    told: dict[str, Any] = field(default_factory=dict)
    """Field -> what this entry said last; None: cleared."""
    later: dict[str, tuple[Any, int | None]] = field(default_factory=dict)
    """Field -> what others have said since the filling, and who."""


def known(session: Session, entry: Entry, ids: set[str], day: date) -> dict[str, About]:
    """The subjects named by `ids` as known on `day`, and what the entry has told of each so far."""
    rows = session.execute(
        select(Subject.id, Subject.timeline, Subject.unit_id).where(Subject.id.in_(ids))
    )
    found = {i: About(i, timeline, unit, as_of(timeline, day)) for i, timeline, unit in rows}
    filled = filled_at(session, entry)
    changes = select(Change).where(Change.subject_id.in_(found)).order_by(Change.seq)
    for change in session.scalars(changes):
        about = found[change.subject_id]
        own = change.provenance.get("entry") == entry.id
        if own:
            about.told |= change.values
        if own or change.recorded_at <= filled:
            about.based_on = change.id
        for name, value in change.values.items():
            about.later.pop(name, None)
            if not own and change.recorded_at > filled:
                about.later[name] = (value, change.actor_id)
    return found


def filled_at(session: Session, entry: Entry) -> datetime:
    """When the registers were last read to fill the whole entry: what came later it could not know."""
    events = audit.events(session, "entry", entry.id)
    told = [e for e in events if e.action in _WHOLE and "cells" not in e.details]
    moments = [
        datetime.fromisoformat(e.details["read"]) if "read" in e.details else e.at for e in told
    ]
    return max(moments, default=entry.created_at)


_WHOLE = ("entry.start", "entry.refill")
