"""What a subject's page tells: each fact with source and age, its timeline, where it is named, who read it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from runtime.accounts import access
from runtime.entry import audit
from runtime.entry.erasing import entries_naming
from runtime.facts.freshness import stale_fields
from runtime.facts.subjects import changes_of
from runtime.facts.timeline import UNIT, Timeline, since, state
from runtime.facts.timeline import insert as insert_into
from runtime.language import Texts, say
from runtime.language import gettext as _
from runtime.storage.tables import Change, Entry, FormVersion, Subject, Unit, User

MOST = 50
"""Steps of the timeline, entries and readers that a page shows."""
_READ = 500
"""So many times of reading are looked at: whoever looks again on the same day is named once."""


@dataclass(frozen=True, slots=True)
class Source:
    """Who or what said a fact last."""

    who: str
    form: str = ""
    entry_id: str = ""


@dataclass(frozen=True, slots=True)
class FactLine:
    """A field of the subject as known today."""

    field: str
    said: date | None
    stale: bool
    source: Source | None


@dataclass(frozen=True, slots=True)
class Said:
    """One field in a step of the timeline; `old` None where nothing was known, `new` where it ended."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Step:
    """One recorded change, as a sentence is made of it."""

    kind: str
    effective: date
    recorded: datetime
    source: Source
    reason: str
    said: tuple[Said, ...]
    late: bool
    """It speaks of a day before one of which these fields were known already: a correction of the past."""


@dataclass(frozen=True, slots=True)
class Named:
    """An entry in which the subject is named."""

    entry: Entry
    title: Texts
    unit: str


@dataclass(slots=True)
class Page:
    """All that the page tells beside the values themselves."""

    facts: dict[str, FactLine]
    steps: list[Step]
    more: int
    """Older steps that are not shown."""
    named: list[Named]
    readers: list[tuple[date, str]] | None
    """Who read it on which day ("": the command line), for those who may know; None for others."""
    newest: str = ""
    """The change that was recorded last: what is asked from here is based on."""
    units: dict[int, str] = field(default_factory=dict)


def page_of(
    session: Session, user: User, subject: Subject, fields: Mapping[str, Any], today: date
) -> Page:
    """The page of a subject that the user may read; `fields` are the register's properties."""
    changes = changes_of(session, subject.id)
    sources = _sources(session, changes)
    steps = _steps(changes, sources)
    return Page(
        facts=_facts(subject.timeline, changes, sources, fields, today),
        steps=steps[::-1][:MOST],
        more=max(0, len(steps) - MOST),
        named=_named(session, user, subject.id),
        readers=_readers(session, user, subject),
        newest=changes[-1].id if changes else "",
        units=_units(session, changes),
    )


def _facts(
    timeline: Timeline,
    changes: Sequence[Change],
    sources: Mapping[str, Source],
    fields: Mapping[str, Any],
    today: date,
) -> dict[str, FactLine]:
    said, stale = since(timeline, today), stale_fields(fields, timeline, today)
    last = {
        (name, change.effective): sources[change.id] for change in changes for name in change.values
    }
    return {
        name: FactLine(name, day, name in stale, last.get((name, day)))
        for name, day in said.items()
        if name != UNIT
    }


def _steps(changes: Sequence[Change], sources: Mapping[str, Source]) -> list[Step]:
    timeline: Timeline = []
    newest: dict[str, date] = {}
    found = []
    for change in changes:
        before = state(timeline, change.effective)
        late = any(newest.get(name, date.min) > change.effective for name in change.values)
        told = tuple(Said(f, before.get(f), value) for f, value in change.values.items())
        found.append(
            Step(
                change.kind,
                change.effective,
                change.recorded_at,
                sources[change.id],
                change.reason,
                told,
                late,
            )
        )
        timeline = insert_into(timeline, change.effective, change.values)
        for name in change.values:
            newest[name] = max(newest.get(name, date.min), change.effective)
    return found


def _sources(session: Session, changes: Sequence[Change]) -> dict[str, Source]:
    ids = {change.actor_id for change in changes if change.actor_id is not None}
    people = _people(session, ids)
    entries = {str(change.provenance.get("entry", "")) for change in changes} - {""}
    rows = session.execute(
        select(Entry.id, FormVersion.title)
        .join(FormVersion, FormVersion.id == Entry.form_version_id)
        .where(Entry.id.in_(entries))
    )
    forms: dict[str, Texts] = dict(rows.all())
    found = {}
    for change in changes:
        entry = str(change.provenance.get("entry", ""))
        who = people.get(change.actor_id or 0) or _origin(change.provenance)
        found[change.id] = Source(who, say(forms[entry]) if entry in forms else "", entry)
    return found


def _people(session: Session, ids: Collection[int]) -> dict[int, str]:
    rows = session.execute(select(User.id, User.full_name).where(User.id.in_(ids)))
    return dict(rows.all())


def _origin(provenance: Mapping[str, Any]) -> str:
    """Where a change came from that nobody signed."""
    if provenance.get("kind") == "unit":
        return _("change of units")
    return _("import")


def _named(session: Session, user: User, subject_id: str) -> list[Named]:
    naming = entries_naming(session, subject_id).with_only_columns(Entry.id)
    visible = access.entries_visible(session, user).where(Entry.id.in_(naming))
    rows = session.execute(
        visible.add_columns(FormVersion.title, Unit.title)
        .join(FormVersion, FormVersion.id == Entry.form_version_id)
        .join(Unit, Unit.id == Entry.unit_id)
        .order_by(Entry.updated_at.desc(), Entry.id)
        .limit(MOST)
    )
    return [Named(entry, title, say(unit)) for entry, title, unit in rows]


def _readers(session: Session, user: User, subject: Subject) -> list[tuple[date, str]] | None:
    if not access.may(session, user, "audit.read", subject.unit_id):
        return None
    events = audit.readers(session, "subject", subject.id, _READ)
    days = list(dict.fromkeys((event.at.date(), event.actor_id or 0) for event in events))[:MOST]
    people = _people(session, {actor for _day, actor in days})
    return [(day, people.get(actor, "")) for day, actor in days]


def _units(session: Session, changes: Sequence[Change]) -> dict[int, str]:
    ids = {change.values[UNIT] for change in changes if change.values.get(UNIT) is not None}
    rows = session.execute(select(Unit.id, Unit.title).where(Unit.id.in_(ids)))
    return {unit_id: say(title) for unit_id, title in rows}
