"""Tallies kept in the background: new rules counted while everybody works, the horizon rolled on, a sample proved."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from runtime import clock, language
from runtime.definitions.plan import Rule
from runtime.facts.tallies.basis import adopt, in_force
from runtime.facts.tallies.proof import rebuild, units, verify
from runtime.facts.tallies.upkeep import catch_up
from runtime.jobs import store
from runtime.jobs.daily import daily
from runtime.jobs.registry import handler
from runtime.jobs.run import Run
from runtime.language import gettext as _
from runtime.storage.engine import reading, writing

KIND = "tallies"
SAMPLE = 50
"""Units that are proved each day: a city of 2,609 grids once in two months."""

log = logging.getLogger(__name__)


def follow(session: Session, rules: Iterable[Rule], actor: int | None) -> str | None:
    """Adopt further rules, and have everybody counted by them in the background; the job's id if there is one."""
    if not adopt(session, rules, beside=True):
        return None
    title = language.in_all(lambda: _("Counting by changed rules"))
    return store.start(session, KIND, {}, actor=actor, title=title)


@handler(KIND)
def count(run: Run) -> dict[str, Any]:
    """Count everybody by the newest rules."""
    return {"subjects": catch_up(run.site.engine, run.progress)}


@daily(KIND, lambda: _("Keeping the figures right"))
def every_day(run: Run) -> dict[str, Any]:
    """Roll the horizon on, catch up, prove some units and mend what is wrong."""
    engine = run.site.engine
    with writing(engine) as session:
        adopt(session, in_force(session))
    counted = catch_up(engine, run.progress)
    with reading(engine) as session:
        every = units(session)
    sample = Random(clock.today().toordinal()).sample(every, min(SAMPLE, len(every)))  # noqa: S311 - no secret
    damaged = list(verify(engine, sample))
    for one in damaged:
        log.error("tallies were wrong: %s", one)
        rebuild(engine, one.unit_id)
    return {"subjects": counted, "units": len(sample), "mended": len(damaged)}
