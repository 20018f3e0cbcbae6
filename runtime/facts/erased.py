"""What an erasure does to what was recorded of a subject: values and reasons go, markers stay. Not when it is due.

The ledger keeps its rows (id, kind, days, who, and which fields were spoken of), each value overwritten by null and
each reason by nothing. The timeline keeps nothing of what is erased. Where the subject belonged stays in `belonging`,
which names no person any more, so that it can be told how many of a day's subjects were erased since.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from runtime.errors import EntryError
from runtime.facts.timeline import Timeline
from runtime.facts.units import below_query
from runtime.fields.dates import in_words
from runtime.language import gettext as _
from runtime.storage.tables import Belonging, Change, Subject

ERASE = "erase"
"""The kind of change that opens the ledger for overwriting; its values name the fields, none: all of them."""


def require_not_erased(erased_on: date | None) -> None:
    """Raise an `EntryError` for a subject of which nothing may be recorded any more."""
    if erased_on is not None:
        raise EntryError(
            _(
                "All that was known of this subject was erased on %(day)s; nothing more is recorded of it.",
                day=in_words(erased_on),
            )
        )


def without(timeline: Timeline, fields: Collection[str]) -> Timeline:
    """The timeline without what was said of these fields; of none named: an empty one."""
    if not fields:
        return []
    kept = [[day, {f: v for f, v in patch.items() if f not in fields}] for day, patch in timeline]
    return [item for item in kept if item[1]]


def overwrite(session: Session, subject_id: str, fields: frozenset[str], effective: date) -> None:
    """Overwrite the values of these fields (none named: of all) in the ledger, and the reasons beside them.

    The change of kind `erase` must be there already: it is what opens the ledger.
    """
    told = session.execute(
        select(Change.seq, Change.values).where(
            Change.subject_id == subject_id, Change.kind != ERASE
        )
    )
    for seq, values in told.all():
        if gone := set(values) & fields if fields else set(values):
            blank: dict[str, Any] = {**values, **dict.fromkeys(gone)}
            session.execute(update(Change).where(Change.seq == seq).values(values=blank, reason=""))
    if not fields:
        session.execute(
            update(Belonging)
            .where(Belonging.subject_id == subject_id, Belonging.to_day > effective)
            .values(to_day=effective)
        )


def erased_since(session: Session, register: str, unit_id: int, day: date) -> int:
    """How many that belonged on `day` to the unit, or to one below it, have been erased since.

    By so many a figure of that day, worked out anew, may be lower than the one reported then.
    """
    there = select(Belonging.subject_id).where(
        Belonging.unit_id.in_(below_query(unit_id, day)),
        Belonging.from_day <= day,
        Belonging.to_day >= day,
    )
    gone = select(func.count()).where(
        Subject.register == register, Subject.erased_on.is_not(None), Subject.id.in_(there)
    )
    return session.scalar(gone) or 0
