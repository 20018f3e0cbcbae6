"""Why a cell holds what it holds, as plain data that is kept with the entry. Not for the values.

Each is an object with its `kind`: `register` (a figure counted from a register, or the rows of a list), `subject`
(a fact of one subject), `carried` (what was reported for the `period` before, in `entry`), `unit` (a `field` of the
unit; of a title `texts`, the same in each language, since it is filled in that of whoever began),
`below` (from the reports of the units below, of which `reported` of `units` have come), `formula` (worked out
from others), `typed`, `overridden`; `department` and `source` are kept for values that come from
elsewhere. A filled one has `asOf`, the day whose state it tells, and `lastChange`
where something changed: `{"day", "actor"}`, the actor by full name (`""`: the command line or an import).
A cell that a rule leaves empty has `empty`, the reason: `nobody` (an average of nobody), `missing` (a part of it is
not known) or `zero` (a division by zero); what is typed there overrides nothing.
A subject's fact has `since`, the day on which it was last said or confirmed, and `stale` when it had grown old by
`asOf`; of several fields that a value is derived from, the oldest counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from runtime.facts.freshness import stale_from
from runtime.facts.timeline import since
from runtime.storage.tables import Change, Subject, User

Provenance = dict[str, Any]

KINDS = (
    "register",
    "subject",
    "carried",
    "unit",
    "below",
    "formula",
    "department",
    "source",
    "typed",
    "overridden",
)
FILLED = frozenset(KINDS) - {"typed", "overridden"}
"""What nobody typed."""


@dataclass(slots=True)
class Note:
    """A provenance in the making: what is told already, and whose last change is still to be looked up."""

    told: Provenance
    subject_id: str = ""
    fields: tuple[str, ...] = ()
    """The subject's fields that the value comes from; empty: any change of the subject on `changed`."""
    changed: date | None = None
    max_age: str = ""
    """How long what was said of the fields counts as fresh; empty: for ever."""


@dataclass(slots=True)
class _Known:
    """What is known of one subject's changes: each `(day, field)` and each day, with the last actor."""

    days: dict[str, date] = field(default_factory=dict)
    by_field: dict[tuple[date, str], str] = field(default_factory=dict)
    by_day: dict[date, str] = field(default_factory=dict)


def told(session: Session, notes: Mapping[str, Note], day: date) -> dict[str, Provenance]:
    """The notes as provenance, with their last changes up to `day`, looked up for all of them at once."""
    ids = {note.subject_id for note in notes.values() if note.subject_id}
    known = _lookup(session, ids, day)
    return {
        pointer: _with_change(note, known.get(note.subject_id), day)
        for pointer, note in notes.items()
    }


def _with_change(note: Note, known: _Known | None, until: date) -> Provenance:
    if known is None:
        return note.told
    day, actor = note.changed, None
    if note.fields:
        days = [(known.days[name], name) for name in note.fields if name in known.days]
        day, name = max(days, default=(None, ""))
        actor = known.by_field.get((day, name)) if day else None
    elif day:
        actor = known.by_day.get(day)
    if day is None:
        return note.told
    change = {"day": day.isoformat(), "actor": actor or ""}
    return {**note.told, "lastChange": change, **_freshness(note, known, until)}


def _freshness(note: Note, known: _Known, until: date) -> Provenance:
    """Since when a subject's fact stands, and whether it has grown old by the day `until`."""
    said = min((known.days[name] for name in note.fields if name in known.days), default=None)
    if said is None:
        return {}
    stale = bool(note.max_age) and until >= stale_from(said, note.max_age)
    return {"since": said.isoformat(), **({"stale": True} if stale else {})}


def _lookup(session: Session, ids: Iterable[str], day: date) -> dict[str, _Known]:
    found: dict[str, _Known] = {}
    rest = iter(sorted(ids))
    while some := list(islice(rest, 500)):
        timelines = select(Subject.id, Subject.timeline).where(Subject.id.in_(some))
        for subject_id, timeline in session.execute(timelines):
            found[subject_id] = _Known(since(timeline, day))
        _add_actors(session, some, day, found)
    return found


def _add_actors(session: Session, ids: list[str], day: date, found: dict[str, _Known]) -> None:
    changes = (
        select(Change.subject_id, Change.effective, Change.values, User.full_name)
        .join(User, User.id == Change.actor_id, isouter=True)
        .where(Change.subject_id.in_(ids), Change.effective <= day)
        .order_by(Change.seq)
    )
    for subject_id, effective, values, name in session.execute(changes):
        known = found[subject_id]
        known.by_day[effective] = name or ""
        for one in values:
            known.by_field[effective, one] = name or ""
