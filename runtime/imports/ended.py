"""Imports whose work ended before they did: put back to where they may go on, or brought to their end.

A check is begun anew from the upload. What is staged and not seen is taken back, so that neither its rows nor that the
file "was imported already" stay; what everybody sees is settled.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from functools import partial

from sqlalchemy import and_, or_, select

from runtime.errors import Conflict
from runtime.facts.staged.discard import discard
from runtime.imports import kept, states
from runtime.imports.apply import finish
from runtime.imports.desk import Desk
from runtime.jobs.store import ENDED
from runtime.storage.engine import reading
from runtime.storage.import_tables import Import
from runtime.storage.job_tables import Job

AT_WORK = ("checking", "applying", "settling")
"""States in which somebody should be at it."""


def put_right(desk: Desk, before: datetime) -> int:
    """Put right the imports that nobody is at; how many.

    Nobody is at those whose job has ended, and at those without any job (the command line's) begun before `before`.
    One that somebody takes in hand meanwhile is left to them.
    """
    with reading(desk.engine) as session:
        ended = Job.finished_at.is_not(None) & Job.state.in_(ENDED)
        query = select(Import.id, Import.state, Import.done).outerjoin(Job, Job.id == Import.job_id)
        alone = and_(Job.id.is_(None), Import.created_at < before)
        found = session.execute(query.where(Import.state.in_(AT_WORK), or_(ended, alone))).all()
    put = 0
    for one in found:
        with suppress(Conflict):
            _put_right(desk, one.id, one.state, one.done)
            put += 1
    return put


def _put_right(desk: Desk, import_id: str, state: str, begun: int) -> None:
    mine = partial(states.require_mine, import_id=import_id, state=state, begun=begun)
    if state == "settling":
        finish(desk, import_id)
    elif state == "applying":
        discard(desk.engine, import_id, mine)
        states.to_state(desk.engine, import_id, "checked", state, guard=mine)
    else:
        kept.drop_rows(desk.engine, import_id, guard=mine)
        states.to_state(desk.engine, import_id, "uploaded", state, guard=mine)
