"""Counting what a period's reports cost on this site, in the background or at once. Not for how cells are counted."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from runtime import clock, language
from runtime.jobs import store
from runtime.jobs.registry import handler
from runtime.jobs.run import Run
from runtime.jobs.run import Site as Counted
from runtime.language import gettext as _
from runtime.periods import Period
from runtime.replay import keep
from runtime.replay.burden import burden
from runtime.replay.rates import shipped
from runtime.storage.job_tables import Job
from runtime.storage.lock import take

KIND = "burden"


def count(site: Counted, period: Period) -> dict[str, Any]:
    """Count the period, and keep what was counted for the page; cells and minutes as `burden.burden` tells them."""
    schemas = {name: site.library.register(name) for name in site.library.registers()}
    told = burden(site.engine, schemas, period, shipped())
    told["countedAt"] = clock.now().isoformat(timespec="seconds")
    keep.keep(site.settings.home, keep.BURDEN, told)
    return told


def started(session: Session, period: Period, actor: int) -> str:
    """Write the job down, in the session's transaction, unless one for the period has not ended; its id."""
    arguments = {"period": str(period)}
    take(session, f"{KIND} {period}")
    going = select(Job).where(Job.kind == KIND, Job.state.not_in(store.ENDED), ~Job.cancel)
    for job in session.scalars(going):
        if job.arguments == arguments:
            return job.id
    title = language.in_all(lambda: _("What the reports of %(period)s cost", period=period.title()))
    return store.start(session, KIND, arguments, actor=actor, title=title)


@handler(KIND)
def count_job(run: Run) -> dict[str, Any]:
    """Count the period that the job names; a repetition counts it again."""
    count(run.site, Period.parse(str(run.arguments["period"])))
    return {"url": "/worth"}
