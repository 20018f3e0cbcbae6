"""Writing what is prepared where nobody sees it, and taking it back. Not for making it seen: `switch`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import and_, delete, select
from sqlalchemy.orm import Session

from runtime.facts.staged.prepared import Prepared, Staging, ready_words
from runtime.facts.staged.settle import table
from runtime.facts.tallies import pages
from runtime.facts.tallies.upkeep import counted
from runtime.rules.tallying import Contributions, Event, difference
from runtime.storage import overlay
from runtime.storage.pace import Pace
from runtime.storage.staged_tables import StagedChange, StagedMember, StagedSubject
from runtime.storage.tables import Belonging, Subject
from runtime.storage.unit_tables import SearchWord

EVENTS = 100_000
"""Changes of tallies that are held in memory before they are written."""
AT_ONCE = 2_000
"""Changes of tallies that one transaction writes."""
WORDS = 100_000
"""Words that are held in memory before they are written, in the order of their index."""
PORTION = 200
"""Rows that are written between two looks at the clock."""

_subject, _belonging, _word = table(Subject), table(Belonging), table(SearchWord)
_subjects, _changes, _members = table(StagedSubject), table(StagedChange), table(StagedMember)


def write(session: Session, staging: Staging, made: Prepared) -> None:
    """Write what was prepared, all but its tallies: those are the caller's (`made.total`)."""
    _write_who(staging, made, session, 0)
    with _writing(staging, session):
        for rows in (*made.of_them, ready_words(staging, made.words)):
            rows.write(session)


@contextmanager
def _writing(staging: Staging, session: Session) -> Iterator[None]:
    """Within this what is staged may be written, in the tables themselves: another import may settle meanwhile."""
    staging.guard(session)
    with overlay.tables(session):
        yield


def write_in_steps(staging: Staging, pace: Pace, made: Prepared) -> None:
    """Write what was prepared, in short transactions; tallies and words when there are enough, and `write_rest`."""
    within = partial(_writing, staging)
    pace.step(partial(_write_who, staging, made))
    pace.each((one for rows in made.of_them for one in rows.portions(PORTION)), within)
    staging.words += made.words
    held = Contributions(staging.events)
    for event, amount in made.total.events.items():
        held.add(event, amount)
    if len(staging.words) > WORDS:
        _write_words(staging, pace)
    if len(staging.events) > EVENTS:
        _write_tallies(staging, pace)


def write_rest(staging: Staging, pace: Pace) -> None:
    """Write the words and tallies that are not written yet."""
    _write_words(staging, pace)
    _write_tallies(staging, pace)


def _write_who(staging: Staging, made: Prepared, session: Session, _most: int) -> int:
    """Write who is staged, at once: whatever else is staged is found by them when it is taken back."""
    with _writing(staging, session):
        for rows in made.ready:
            rows.write(session)
    return len(made.subjects)


def _write_words(staging: Staging, pace: Pace) -> None:
    rows = ready_words(staging, staging.words)
    pace.each(rows.portions(PORTION * 4), partial(_writing, staging))
    staging.words = []


def _write_tallies(staging: Staging, pace: Pace) -> None:
    ordered = sorted(staging.events, key=attrgetter("unit_id"))
    by_unit = [list(found) for _u, found in groupby(ordered, key=attrgetter("unit_id"))]
    while by_unit:
        part = by_unit.pop()
        while by_unit and len(part) + len(by_unit[-1]) <= AT_ONCE:
            part += by_unit.pop()
        some = {one: staging.events[one] for one in part}
        pace.step(partial(_stage_pages, staging, some))
    staging.events = {}


def _stage_pages(
    staging: Staging, events: Mapping[Event, Any], session: Session, _most: int
) -> int:
    staging.guard(session)
    pages.stage(session, staging.import_id, events)
    return len(events)


def unstage(session: Session, staging: Staging, subject_ids: Iterable[str]) -> dict[Event, Any]:
    """Take back what is staged of these subjects; what that adds to the staged tallies."""
    staging.guard(session)
    ids = sorted(set(subject_ids))
    these = and_(_subjects.c.import_id == staging.import_id, _subjects.c.subject_id.in_(ids))
    total = Contributions()
    for one in session.execute(select(_subjects).where(these)).all():
        before = counted(session, one.before, one.counted)
        after = counted(session, one.timeline, one.basis)
        for event, amount in difference(before, after).events.items():
            total.add(event, amount)
    forget(session, staging.import_id, ids)
    return total.events


def forget(session: Session, import_id: str, ids: Sequence[str]) -> None:
    """Delete what is staged of these subjects, but its part of the tallies; who was to come is gone again."""
    with overlay.tables(session):
        _forget(session, import_id, ids)


def _forget(session: Session, import_id: str, ids: Sequence[str]) -> None:
    these = and_(_subjects.c.import_id == import_id, _subjects.c.subject_id.in_(ids))
    brought = and_(
        _subject.c.id.in_(select(_subjects.c.subject_id).where(these, _subjects.c.fresh))
    )
    unseen = list(session.scalars(select(_subject.c.id).where(brought, _subject.c.revision == 0)))
    for kept in (_changes, _members, _subjects):
        session.execute(
            delete(kept).where(kept.c.import_id == import_id, kept.c.subject_id.in_(ids))
        )
    if unseen:
        session.execute(delete(_word).where(_word.c.subject_id.in_(unseen)))
        session.execute(delete(_belonging).where(_belonging.c.subject_id.in_(unseen)))
        session.execute(delete(_subject).where(_subject.c.id.in_(unseen)))
