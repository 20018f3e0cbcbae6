"""Making what is staged seen, all of it at once. Not for staging it before, nor for moving it afterwards.

What others have recorded since is caught up with first, in short steps, until so little is left that it can be done
within the switch itself: one transaction, before or after every other write, that writes one row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Engine, exists, func, insert, select
from sqlalchemy.orm import Session

from runtime.errors import Conflict
from runtime.facts.registers import Register
from runtime.facts.search import searched
from runtime.facts.staged.prepared import RowStep, Staging, basis_id, prepared
from runtime.facts.staged.settle import FACTS, settle, settling, table
from runtime.facts.staged.stage import unstage, write
from runtime.facts.tallies import pages
from runtime.facts.tallies.basis import newest
from runtime.facts.tallies.upkeep import catch_up
from runtime.language import gettext as _
from runtime.rules.tallying import Contributions
from runtime.storage import lock, overlay
from runtime.storage.engine import reading, writing
from runtime.storage.staged_tables import Settling, StagedSubject
from runtime.storage.tables import Change, Subject

WITHIN = 10
"""Subjects that may be done again within the switch."""
STEP = 25
"""Subjects that one transaction does again before."""
ROUNDS = 20
"""How often it is tried to come so near; then the switch takes what there is, unless another import settles or somebody
has come whom this one would bring."""


class RulesChanged(Exception):
    """The rules of the tallies were changed meanwhile: all must be staged anew."""


class Weigh(Protocol):
    """What an import says of rows that are to be looked at again. Each of its answers may count what it finds."""

    def again(self, session: Session, rows: Sequence[int]) -> Sequence[RowStep]:
        """The steps of these rows, as things are now."""
        ...

    def may_bring(self, came: Iterable[Mapping[str, Any]]) -> bool:
        """Whether one of these documents may be of somebody whom the import would bring; no only where it is not."""
        ...

    def brings(self, session: Session, came: Mapping[str, Mapping[str, Any]]) -> Sequence[int]:
        """The rows of those who are known now: by subject, the documents of those who came."""
        ...


def switch(staging: Staging, weigh: Weigh, note: Callable[[Session], None]) -> None:
    """Let everybody see what is staged, from one moment on; `note` writes what belongs to that moment.

    Raises `RulesChanged` where the tallies are kept by other rules by now, `Conflict` where others come in between
    each time.
    """
    for round_ in range(ROUNDS + 1):
        settle(staging.engine)
        _catch_up(staging, weigh)
        with writing(staging.engine) as session:
            if switched(session, staging, weigh, note, whatever=round_ == ROUNDS):
                return
    raise Conflict(
        _("Others record so much meanwhile that nothing of it is recorded; try again in a moment.")
    )


def newest_change(engine: Engine) -> int:
    """The newest change; whatever is recorded with a lower number is seen, whatever is not seen has a higher one."""
    with writing(engine) as session:
        lock.take(session, FACTS)
        with overlay.tables(session):
            return session.scalar(select(func.max(table(Change).c.seq))) or 0


def switched(
    session: Session,
    staging: Staging,
    weigh: Weigh,
    note: Callable[[Session], None],
    *,
    whatever: bool,
) -> bool:
    """Do what is left to be done again, and switch; False where it would take too long."""
    lock.take(session, FACTS)
    staging.guard(session)
    if settling(session) is not None:
        return False
    basis = newest(session, staging.register.name)
    if basis_id(basis) != basis_id(staging.basis):
        raise RulesChanged
    rows = _touched(session, staging)
    if len(rows) > WITHIN and not whatever:
        return False
    if weigh.may_bring(_came(session, staging).values()):
        return False
    _again(session, staging, weigh, rows)
    after = session.scalar(select(func.max(table(Change).c.seq))) or 0
    session.execute(
        insert(table(Settling)), {"id": 1, "import_id": staging.import_id, "after": after}
    )
    note(session)
    return True


def _catch_up(staging: Staging, weigh: Weigh) -> None:
    """Do again what others have changed meanwhile, until little of it is left."""
    for _round in range(ROUNDS):
        upto = newest_change(staging.engine)
        with reading(staging.engine) as session:
            rows = _touched(session, staging)
            came = _came(session, staging)
            known = weigh.brings(session, came) if weigh.may_bring(came.values()) else ()
        every = sorted({*rows, *known})
        for at in range(0, len(every), STEP):
            with writing(staging.engine) as session:
                lock.share(session, FACTS)
                _again(session, staging, weigh, every[at : at + STEP])
        staging.since = upto
        if len(every) <= WITHIN:
            return


def _again(session: Session, staging: Staging, weigh: Weigh, rows: Sequence[int]) -> None:
    """Stage these rows again, as things are now."""
    if not rows:
        return
    staged = table(StagedSubject)
    these = select(staged.c.subject_id).where(
        staged.c.import_id == staging.import_id, staged.c.row.in_(rows)
    )
    total = Contributions(unstage(session, staging, session.scalars(these).all()))
    made = prepared(session, staging, weigh.again(session, rows))
    write(session, staging, made)
    for event, amount in made.total.events.items():
        total.add(event, amount)
    if total.events:
        pages.stage(session, staging.import_id, total.events)


def _touched(session: Session, staging: Staging) -> list[int]:
    """The rows whose subjects others have changed since."""
    staged, change = table(StagedSubject), table(Change)
    query = select(staged.c.row).join(change, change.c.subject_id == staged.c.subject_id)
    # Wrapped, so that it begins at the few changes, and does not walk the whole import within the switch.
    of_import = func.coalesce(staged.c.import_id, "") == staging.import_id
    return list(session.scalars(query.where(of_import, change.c.seq > staging.since).distinct()))


def _came(session: Session, staging: Staging) -> dict[str, Mapping[str, Any]]:
    """Those of the register that others have recorded since, and of whom the import does not speak."""
    subject, change, staged = table(Subject), table(Change), table(StagedSubject)
    since = select(change.c.subject_id).where(change.c.seq > staging.since)
    spoken = exists().where(
        staged.c.import_id == staging.import_id, staged.c.subject_id == subject.c.id
    )
    query = select(subject.c.id, subject.c.document).where(
        func.coalesce(subject.c.register, "") == staging.register.name,
        subject.c.id.in_(since),
        ~spoken,
    )
    return {row.id: row.document for row in session.execute(query)}


def begin(
    engine: Engine, register: Register, import_id: str, guard: Callable[[Session], None]
) -> Staging:
    """Begin to stage an import; nothing of it may be staged yet."""
    catch_up(engine)
    since = newest_change(engine)
    with reading(engine) as session:
        basis = newest(session, register.name)
    return Staging(engine, import_id, register, basis, searched(register.schema), since, guard)
