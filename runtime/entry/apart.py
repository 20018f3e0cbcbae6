"""Steps whose filling may take long, with the database locked only for the moment of writing. For web and commands."""

from __future__ import annotations

from sqlalchemy import Engine

from runtime import clock
from runtime.entry import life, versions
from runtime.entry import refill as refilling
from runtime.errors import Conflict
from runtime.periods import Period
from runtime.storage.engine import reading, writing

_TRIES = 3
"""How often a refill starts over when somebody saves while it reads the registers."""


def start(
    engine: Engine,
    address: str,
    unit_id: int,
    period: Period | None = None,
    subject_id: str | None = None,
    actor: int | None = None,
) -> str:
    """The id of the entry for the newest version of the form, filled and begun if there was none.

    Raises what `life.start` raises, and `NotFound` for a form that is not published.
    """
    read_at = clock.now()
    with reading(engine) as session:
        held = life.find(session, address, unit_id, period, subject_id)
        if held is not None:
            return held.id
        version_id = versions.require_latest(session, address).id
        plan = versions.plan_of(versions.get(session, version_id))
        life.require_period(plan, period)
        filled = life.prefilled(session, plan, unit_id, period, subject_id)
    with writing(engine) as session:
        version = versions.get(session, version_id)
        entry = life.start(
            session, version, unit_id, period, subject_id, actor, filled=filled, read_at=read_at
        )
        return entry.id


def refill(engine: Engine, entry_id: str, actor: int | None, *, at: str = "") -> None:
    """`refill.refill`, the registers read before the writing begins; starts over when others save meanwhile."""
    for left in reversed(range(_TRIES)):
        read_at = clock.now()
        with reading(engine) as session:
            prepared = refilling.prepare(session, life.load(session, entry_id), at=at)
        try:
            with writing(engine) as session:
                entry = life.load(session, entry_id)
                refilling.refill(session, entry, actor, at=at, prepared=prepared, read_at=read_at)
            return
        except Conflict:
            if not left:
                raise
