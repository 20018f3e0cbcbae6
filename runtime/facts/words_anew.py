"""Words of search made anew after an upgrade that makes others of the same facts. Not for what they are: see `search`.

Subjects are gone through once, in short transactions in which it is noted how far that is: it may be stopped and
started again, and while others write. Until then each is found by the words it had.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Engine, Row, func, select
from sqlalchemy.orm import Session

from runtime.definitions.load import Library
from runtime.facts.search import WORDS, Entry, Searched, keep, searched, words
from runtime.facts.staged.settle import settled
from runtime.jobs.daily import daily
from runtime.jobs.run import Run
from runtime.language import gettext as _
from runtime.storage.engine import reading
from runtime.storage.pace import Pace
from runtime.storage.tables import Subject
from runtime.storage.unit_tables import SearchRenewal

OnProgress = Callable[[int, int], None]


def renew(engine: Engine, library: Library, on_progress: OnProgress | None = None) -> int:
    """Make the words of every subject anew, unless they are those of this code; how many subjects it were.

    Subjects of a register that is no longer in the library keep the words they have.
    """
    with reading(engine) as session:
        held = session.get(SearchRenewal, 1)
        if held is not None and held.words == WORDS and held.after is None:
            return 0
        total = session.scalar(select(func.count()).select_from(Subject)) or 0
    fields = {name: searched(library.register(name)) for name in library.registers()}
    pace, done = Pace(engine), 0
    while count := pace.step(lambda session, most: _some(session, fields, most)):
        done += count
        if on_progress:
            on_progress(min(done, total), total)
    return done


@daily("search-words", lambda: _("Making the words of search anew"))
def every_day(run: Run) -> dict[str, Any]:
    """Go on where an upgrade was stopped."""
    return {"subjects": renew(run.site.engine, run.site.library, run.progress)}


def _some(session: Session, fields: Mapping[str, Searched], most: int) -> int:
    """Those of the next `most` subjects; how many there were, 0 at the end."""
    held = _renewal(session)
    if held.after is None:
        return 0
    following = select(Subject.id).where(Subject.id > held.after).order_by(Subject.id).limit(most)
    ids = session.scalars(following).all()
    with settled(session, ids):
        rows = session.execute(
            select(Subject.register, Subject.id, Subject.unit_id, Subject.document)
            .where(Subject.id.in_(ids), Subject.unit_id.is_not(None))
            .order_by(Subject.id)
            .with_for_update()
        ).all()
        for register, own in fields.items():
            if own:
                keep(
                    session,
                    register,
                    [_entry(own, row) for row in rows if row.register == register],
                )
    held.after = ids[-1] if ids else None
    return len(ids)


def _entry(fields: Searched, row: Row[Any]) -> Entry:
    return Entry(row.id, row.unit_id, words(fields, row.document))


def _renewal(session: Session) -> SearchRenewal:
    """How far it is, held until the transaction ends; begun where it was for other words."""
    held = session.get(SearchRenewal, 1, with_for_update=True)
    if held is None:
        held = SearchRenewal(id=1, words=WORDS, after="")
        session.add(held)
        session.flush()
    if held.words != WORDS:
        held.words, held.after = WORDS, ""
    return held
