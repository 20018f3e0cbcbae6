"""Tallies follow the facts: each change of a subject, new rules, a horizon rolled on. Not for reading figures.

The write is always the same: what the subject adds by its timeline after, less what it added by the one before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import sleep
from typing import Any

from sqlalchemy import Engine, bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from runtime.definitions.plan import Rule
from runtime.facts.staged.settle import settle, settled
from runtime.facts.tallies import pages
from runtime.facts.tallies.basis import Basis, adopt, load, newest
from runtime.facts.timeline import Timeline
from runtime.rules.tallying import (
    Contributions,
    Membership,
    changed_fields,
    contributions,
    difference,
)
from runtime.storage.engine import reading, writing
from runtime.storage.tables import Subject
from runtime.storage.tally_tables import TallyBasis, TallyMember

BATCH = 50
"""Subjects in one step of catching up: below 100 ms of holding the write lock."""

PAUSE = 0.02
"""Seconds between two steps: SQLite lets whoever waits try again only now and then."""

OnProgress = Callable[[int, int], None]
"""Told how many subjects are counted by the newest rules, of how many; may raise to stop between two steps."""


@dataclass(frozen=True, slots=True)
class Recount:
    """A subject's timeline before and after, and the basis by which it was counted in (0: not at all)."""

    before: Timeline
    basis: int
    after: Timeline


def recount(session: Session, basis: Basis, subjects: Mapping[str, Recount]) -> None:
    """Bring the tallies from each subject's state before to that after, counted by `basis`, the newest one.

    The subjects are locked by the caller.
    """
    total, gone, begun = Contributions(), list[Row](), list[Row]()
    afresh: dict[str, set[Membership]] = {}
    touched: set[int] = set()
    for subject_id, one in subjects.items():
        before, after = _counted_twice(session, one, basis)
        for event, amount in difference(after, before).events.items():
            total.add(event, amount)
        touched |= {one.unit_id for one in after.members ^ before.members}
        if one.basis == basis.id:
            gone += (_row(subject_id, member) for member in before.members - after.members)
            begun += (_row(subject_id, member) for member in after.members - before.members)
        elif after.members != before.members:
            afresh[subject_id] = after.members
    pages.apply(session, total.events, touched)
    keep_members(session, afresh)
    _change_members(session, gone, begun)


def _counted_twice(
    session: Session, one: Recount, basis: Basis
) -> tuple[Contributions, Contributions]:
    """What a subject added before and adds after, as far as the two may differ."""
    if one.basis != basis.id:
        return counted(session, one.before, one.basis), contributions(one.after, basis.tallied)
    rules = basis.tallied.touched_by(changed_fields(one.before, one.after))
    if rules is None:
        return Contributions(), Contributions()
    return contributions(one.before, rules), contributions(one.after, rules)


Row = dict[str, Any]
_member: Any = TallyMember.__table__
_GONE = delete(_member).where(
    _member.c.subject_id == bindparam("of"),
    _member.c.unit_id == bindparam("in"),
    _member.c.slot == bindparam("at"),
    _member.c.from_day == bindparam("since"),
)
_BEGUN = insert(_member)


def _row(subject_id: str, one: Membership) -> Row:
    return {"subject_id": subject_id, **one._asdict()}


def _change_members(session: Session, gone: list[Row], begun: list[Row]) -> None:
    if gone:
        names = {"of": "subject_id", "in": "unit_id", "at": "slot", "since": "from_day"}
        session.execute(_GONE, [{name: row[n] for name, n in names.items()} for row in gone])
    if begun:
        session.execute(_BEGUN, begun)


def keep_members(session: Session, members: Mapping[str, Iterable[Membership]]) -> None:
    """Let these subjects have these memberships and no others."""
    if not members:
        return
    session.execute(
        delete(TallyMember)
        .where(TallyMember.subject_id.in_(members))
        .execution_options(synchronize_session=False)
    )
    rows = [_row(subject_id, one) for subject_id, found in members.items() for one in found]
    if rows:
        session.execute(_BEGUN, rows)


def take_over(
    engine: Engine, rules: Iterable[Rule], on_progress: OnProgress | None = None
) -> list[int]:
    """Adopt the rules and count everybody by them; see `adopt` and `catch_up`."""
    with writing(engine) as session:
        made = adopt(session, rules)
    catch_up(engine, on_progress)
    return made


def catch_up(engine: Engine, on_progress: OnProgress | None = None) -> int:
    """Count every subject by the newest rules of its register, in short transactions; how many it were.

    Safe to stop at any point and to start again, and while others write. A figure of a new rule is scanned
    until the last one is counted.
    """
    with reading(engine) as session:
        wanted = _newest(session)
        total = sum(_behind(session, register, basis) for register, basis in wanted.items())
    done = 0
    for register, basis in wanted.items():
        while counted := _step(engine, register, basis):
            done += counted
            sleep(PAUSE)
            if on_progress:
                on_progress(min(done, total), total)
    return done


def _step(engine: Engine, register: str, basis: int) -> int:
    # Who is staged is counted by the basis of before, and joins those who are behind.
    settle(engine)
    with writing(engine) as session:
        return count_some(session, register, basis)


def count_some(session: Session, register: str, basis: int) -> int:
    """Count some of the subjects that are behind `basis` by the newest one; how many, 0 when none is left."""
    behind = (
        select(Subject.id)
        .where(Subject.register == register, Subject.basis < basis)
        .order_by(Subject.basis, Subject.unit_id, Subject.id)
        .limit(BATCH)
    )
    ids = sorted(session.scalars(behind))
    if not ids:
        return 0
    with settled(session, ids):
        held = session.execute(
            select(Subject.id, Subject.timeline, Subject.basis)
            .where(Subject.id.in_(ids))
            .order_by(Subject.id)
            .with_for_update()
        ).all()
        late = {one.id: one for one in held if one.basis < basis}
        recounts = {i: Recount(one.timeline, one.basis, one.timeline) for i, one in late.items()}
        now = newest(session, register)
        if late and now is not None:
            recount(session, now, recounts)
            session.execute(update(Subject), [{"id": one, "basis": now.id} for one in late])
    return len(ids)


def _newest(session: Session) -> dict[str, int]:
    query = select(TallyBasis.register, func.max(TallyBasis.id)).group_by(TallyBasis.register)
    return {row[0]: row[1] for row in session.execute(query)}


def _behind(session: Session, register: str, basis: int) -> int:
    query = select(func.count()).where(Subject.register == register, Subject.basis < basis)
    return session.scalar(query) or 0


def counted(session: Session, timeline: Timeline, basis_id: int) -> Contributions:
    """What the timeline adds by the rules of a basis; nothing by none (0)."""
    if not basis_id or not timeline:
        return Contributions()
    basis: Basis = load(session, basis_id)
    return contributions(timeline, basis.tallied)
