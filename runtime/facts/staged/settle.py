"""Moving what an import has staged, and what everybody sees already, to where it belongs. Not for the switch before.

For readers nothing happens: what stands in the staged tables is gone from them in the transaction in which it stands in
the others. Whoever changes a subject first moves what is staged of it, so nobody waits for the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, delete, exists, func, insert, select
from sqlalchemy import update as update_
from sqlalchemy.orm import Session

from runtime.facts.search import Entry, keep
from runtime.facts.tallies import page, pages
from runtime.rules.tallying import Membership
from runtime.storage import lock, overlay
from runtime.storage.engine import reading, writing
from runtime.storage.pace import Pace
from runtime.storage.staged_tables import (
    Settling,
    StagedChange,
    StagedMember,
    StagedPage,
    StagedSubject,
)
from runtime.storage.tables import Base, Change, Subject
from runtime.storage.tally_tables import TallyMember

FACTS = "facts"
"""The lock that whoever writes facts shares, and the switch takes: it happens before or after a write, never within."""


def table(mapped: type[Base]) -> Any:
    """The table itself: rows by the thousand need no objects."""
    return mapped.__table__


_subject, _change, _member = table(Subject), table(Change), table(TallyMember)
_subjects, _changes, _members = table(StagedSubject), table(StagedChange), table(StagedMember)
_KEPT = ("unit_id", "document", "timeline", "revision", "basis")
_LEDGER = [column.name for column in _change.c if column.name != "seq"]
_MEMBERSHIP = ("subject_id", *Membership._fields)
"""Columns of a membership."""
_OF_FIGURE = tuple(name for name in Membership._fields if name != "value")
Which = Callable[[Any], ColumnElement[bool]]


@contextmanager
def settled(session: Session, subject_ids: Iterable[str]) -> Iterator[None]:
    """Within this these subjects may be changed: nothing staged of them counts that is not in its place.

    The tables themselves are seen, so what is staged of other subjects is not.
    """
    if not overlay.is_laid(session) and session.get_bind().dialect.name == "sqlite":
        yield  # nobody else can have switched one on since this transaction began
        return
    lock.share(session, FACTS)
    with overlay.tables(session):
        found = settling(session)
        if found is not None:
            ids = _locked(session, found, _subjects.c.subject_id.in_(sorted(set(subject_ids))))
            move(session, found, ids, lambda column: column.in_(ids))
        yield


def hold(session: Session, subject_ids: Iterable[str]) -> None:
    """Lock these subjects until the transaction ends, in the order of their ids; nothing is staged of them then."""
    ids = sorted(set(subject_ids))
    with settled(session, ids):
        _hold(session, ids)


def _hold(session: Session, ids: Sequence[str]) -> None:
    held = select(_subject.c.id).where(_subject.c.id.in_(ids)).order_by(_subject.c.id)
    session.execute(held.with_for_update()).all()


def settling(session: Session) -> str | None:
    """The import that everybody sees and that is not in its place yet."""
    return session.scalar(select(Settling.import_id))


def settle(engine: Engine, pace: Pace | None = None) -> None:
    """Move all that is staged of the import that everybody sees, if there is one, in short transactions.

    Stopped at any point it is gone on with by calling it again; two may be at it at once.
    """
    pace = pace or Pace(engine)
    while True:
        with reading(engine) as session:
            found = settling(session)
        if found is None:
            return
        for part in (_some, _units):
            while pace.step(partial(part, found)):
                pass
        with writing(engine) as session:
            _end(session, found)


def _end(session: Session, import_id: str) -> None:
    """Let the import be one like others, unless somebody else has it or something of it is left."""
    lock.take(session, FACTS)
    left = select(_subjects.c.row).where(_subjects.c.import_id == import_id)
    pages_left = select(StagedPage.unit_id).where(StagedPage.import_id == import_id)
    with overlay.tables(session):
        if (
            not session.execute(left.limit(1)).all()
            and not session.execute(pages_left.limit(1)).all()
        ):
            session.execute(delete(Settling).where(Settling.import_id == import_id))


def _some(import_id: str, session: Session, most: int) -> int:
    """Move at most so many subjects; how many it were, 0 when none is left."""
    with overlay.tables(session):
        ids = _locked(session, import_id, most=most)
        # all that is staged between the first and the last: naming each takes as long as moving it
        move(session, import_id, ids, lambda column: column.between(ids[0], ids[-1]))
    return len(ids)


def _units(import_id: str, session: Session, most: int) -> int:
    """Move what is staged of the tallies of at most so many units; how many it were."""
    staged = table(StagedPage)
    query = select(staged.c.unit_id).where(staged.c.import_id == import_id).distinct()
    units = list(session.scalars(query.order_by(staged.c.unit_id).limit(most // 20 + 1)))
    if units:
        these = and_(staged.c.import_id == import_id, staged.c.unit_id.in_(units))
        pages.lock(session, units)
        columns = (staged.c.unit_id, staged.c.base, staged.c.events)
        rows = session.execute(select(*columns).where(these)).all()
        pages.apply(session, page.events_in(rows))
        session.execute(delete(staged).where(these))
    return len(units)


def move(session: Session, import_id: str, ids: Sequence[str], are: Which) -> None:
    """Move what is staged of these subjects; their staged rows are locked by the caller.

    `are` says of a column that it is one of them, where it is that of a subject that is staged.
    """
    if not ids:
        return
    these = and_(_subjects.c.import_id == import_id, are(_subjects.c.subject_id))
    if session.get_bind().dialect.name != "sqlite":  # which has locked them all
        _hold(session, ids)
    entries = _renamed(session, these)
    session.execute(
        update_(_subject)
        .where(_subject.c.id == _subjects.c.subject_id, these)
        .values({name: _subjects.c[name] for name in _KEPT})
    )
    _move_changes(session, import_id, are)
    _move_members(session, import_id, are)
    session.execute(delete(_subjects).where(these))
    for register, some in entries.items():
        keep(session, register, some)
    moved = set(ids)
    for loaded in session.identity_map.values():
        if isinstance(loaded, Subject) and loaded.id in moved:
            session.expire(loaded)


def _locked(session: Session, import_id: str, *which: Any, most: int | None = None) -> list[str]:
    """Of the staged subjects those that are still there, locked in the order of their ids."""
    query = select(_subjects.c.subject_id).where(_subjects.c.import_id == import_id, *which)
    query = query.order_by(_subjects.c.subject_id).limit(most).with_for_update()
    return list(session.scalars(query))


def _renamed(session: Session, these: ColumnElement[bool]) -> dict[str, list[Entry]]:
    """How those that are called otherwise are found from now on, by register."""
    query = select(
        _subject.c.register, _subjects.c.subject_id, _subjects.c.unit_id, _subjects.c.words
    )
    query = query.join(_subject, _subject.c.id == _subjects.c.subject_id)
    found: dict[str, list[Entry]] = {}
    for register, subject_id, unit_id, words in session.execute(
        query.where(these, _subjects.c.renamed)
    ):
        found.setdefault(register, []).append(Entry(subject_id, unit_id, words))
    return found


def _move_changes(session: Session, import_id: str, are: Which) -> None:
    # wrapped, so that they are found by their subjects: all of the import would be walked for each step
    of_import = func.coalesce(_changes.c.import_id, "") == import_id
    these = and_(of_import, are(_changes.c.subject_id))
    rows = select(*(_changes.c[name] for name in _LEDGER)).where(these).order_by(_changes.c.n)
    session.execute(insert(_change).from_select(_LEDGER, rows))
    session.execute(delete(_changes).where(these))


def _move_members(session: Session, import_id: str, are: Which) -> None:
    these = and_(_members.c.import_id == import_id, are(_members.c.subject_id))
    # What was remembered of their units is wrong from now on: `_units` tells when everything has been moved.
    pages.mark(
        session, import_id, session.scalars(select(_members.c.unit_id).where(these)).unique()
    )
    # Wrapped, so that it is found by its subject: a unit may have as many in one figure as the import has rows.
    same = (func.coalesce(_members.c[n], -1) == _member.c[n] for n in _OF_FIGURE)
    ended = exists().where(
        _members.c.subject_id == _member.c.subject_id,
        _members.c.value == _member.c.value,
        _members.c.import_id == import_id,
        _members.c.counts < 0,
        *same,
    )
    session.execute(delete(_member).where(are(_member.c.subject_id), ended))
    begun = select(*(_members.c[n] for n in _MEMBERSHIP)).where(these, _members.c.counts > 0)
    session.execute(insert(_member).from_select(_MEMBERSHIP, begun))
    session.execute(delete(_members).where(these))
