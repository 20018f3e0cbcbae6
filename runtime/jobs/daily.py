"""What the site does once a day, by whatever part of it: registered here, run by one job. Not for the clock.

    @daily("retention", lambda: _("Erasing what has been kept long enough"))
    def work(run: Run) -> dict[str, Any] | None: ...

It must be safe to repeat; `run.progress` may be called, `run.actor` is None.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from runtime import clock, language
from runtime.errors import YibiaoError
from runtime.jobs import store
from runtime.jobs.registry import Work, handler
from runtime.jobs.run import Cancelled, Run, Site
from runtime.language import gettext as _
from runtime.storage.engine import reading, writing
from runtime.storage.job_tables import Job

KIND = "daily"
KEPT_FOR = timedelta(days=90)
"""How long the list of ended jobs goes back."""

log = logging.getLogger(__name__)
_works: dict[str, tuple[Callable[[], str], Work]] = {}


def daily(name: str, title: Callable[[], str]) -> Callable[[Work], Work]:
    """Mark a function that is to run once a day; of one name the last one counts.

    `title` says, in the language in force, what people are told that it is.
    """

    def mark(work: Work) -> Work:
        _works[name] = title, work
        return work

    return mark


def start_of_today(site: Site) -> str | None:
    """Write today's job down, unless that has been done; its id when it was now."""
    key = f"{KIND}:{clock.today()}"
    with reading(site.engine) as session:
        if session.scalar(select(Job.id).where(Job.key == key)):
            return None
    title = language.in_all(lambda: _("What is due every day"))
    with writing(site.engine) as session:
        return store.start(session, KIND, {}, actor=None, title=title, key=key)


@handler(KIND)
def run_all(run: Run) -> dict[str, Any]:
    """Run all that is registered, one after the other; what fails is named at the end and stops no other."""
    told: dict[str, Any] = {}
    failed: list[str] = []
    for n, name in enumerate(sorted(_works)):
        title, work = _works[name]
        run.progress(n, len(_works), title())
        try:
            told[name] = work(run) or {}
        except Cancelled:
            raise
        except YibiaoError as error:
            failed.append(f"{title()}: {error}")
        except Exception as error:
            log.exception("daily work %s failed", name)
            failed.append(f"{title()}: {type(error).__name__}")
    if failed:
        raise YibiaoError("; ".join(failed))
    return told


@daily("old-jobs", lambda: _("Forgetting old jobs"))
def forget_old_jobs(run: Run) -> dict[str, Any]:
    """Delete the rows of jobs that ended long ago."""
    return {"deleted": store.forget(run.site.engine, clock.now() - KEPT_FOR)}
