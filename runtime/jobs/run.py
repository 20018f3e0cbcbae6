"""Running one job from claim to end. Not for how a worker hears of it: that is `worker`."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from runtime import language
from runtime.definitions.load import Library
from runtime.errors import OperatorError, YibiaoError
from runtime.jobs import store
from runtime.jobs.registry import work_of
from runtime.language import gettext as _
from runtime.settings import Settings
from runtime.storage.engine import reading
from runtime.storage.job_tables import Job

MOST_ATTEMPTS = 5
BEAT_SECONDS = 5.0
"""How often a job says that it lives while it has no progress to tell."""

log = logging.getLogger(__name__)
leaving = threading.Event()
"""Set when this process was asked to end: its job is given back at the next progress."""


class Cancelled(Exception):
    """Somebody asked for this job to be cancelled: let it pass, after putting back what must be."""


class GivenBack(Cancelled):
    """The worker leaves, or has lost the job to another: end here, and another goes on."""


class Site(Protocol):
    """What a job may use of the site."""

    @property
    def engine(self) -> Engine:
        """The database."""

    @property
    def library(self) -> Library:
        """All definitions."""

    @property
    def settings(self) -> Settings:
        """What the operator set."""

    def notice(self, session: Session) -> None:
        """Take in what was changed in the dictionary since."""


@dataclass(frozen=True, slots=True)
class Run:
    """One attempt at a job, as its handler sees it."""

    site: Any
    """The open site (`runtime.site.Site`; typed as such by handlers above it)."""
    job: Job

    @property
    def arguments(self) -> Mapping[str, Any]:
        """What the job was started with."""
        return self.job.arguments

    @property
    def actor(self) -> int | None:
        """The id of the user who started it; None for the site itself."""
        return self.job.created_by

    def progress(self, done: int, total: int = 0, message: str = "") -> None:
        """Tell how far the job is (`total` 0: nobody knows), between transactions, at each batch.

        Raises `Cancelled` once somebody asked for that, or another worker has the job; let it pass.
        """
        told = {"done": done, "total": total, "message": message}
        wanted = store.beat(self.site.engine, self.job, **told)
        if wanted is None or (leaving.is_set() and not wanted):
            raise GivenBack
        if wanted:
            raise Cancelled


def perform(site: Site, job_id: str) -> Job:
    """Run the job here and now, if nobody else does and it has not ended; the job as it is afterwards.

    Whatever goes wrong in it is written into its row and not raised. Raises `NotFound` for an unknown id.
    """
    if (job := store.claim(site.engine, job_id)) is not None:
        with language.using(job.language), _beating(site.engine, job):
            _attempt(site, job)
    with reading(site.engine) as session:
        return store.load(session, job_id)


def _attempt(site: Site, job: Job) -> None:
    try:
        if job.cancel:
            raise Cancelled
        _refuse_more_attempts(job)
        with reading(site.engine) as session:
            site.notice(session)
        result = work_of(job.kind)(Run(site, job))
        store.end(site.engine, job, "done", result=result or {})
    except GivenBack:
        store.give_back(site.engine, job)
    except Cancelled:
        store.end(site.engine, job, "cancelled")
    except KeyboardInterrupt:  # a person at a terminal, who waits for this very job
        store.end(site.engine, job, "cancelled")
        raise
    except YibiaoError as error:
        store.end(site.engine, job, "failed", problem=str(error))
    except Exception as error:
        log.exception("job %s (%s) failed", job.id, job.kind)
        store.end(site.engine, job, "failed", problem=_fault(error))


def _refuse_more_attempts(job: Job) -> None:
    if job.attempt > MOST_ATTEMPTS:
        raise OperatorError(
            _("It was begun %(n)s times and never came to an end.", n=MOST_ATTEMPTS)
        )


def _fault(error: Exception) -> str:
    return _("This is a fault in Yibiao itself: %(what)s", what=type(error).__name__)


@contextmanager
def _beating(engine: Engine, job: Job) -> Iterator[None]:
    """Keep the heart beating in a thread: a step between two progresses may take long."""
    over = threading.Event()
    thread = threading.Thread(
        target=copy_context().run, args=(_beat, engine, job, over), daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(engine: Engine, job: Job, over: threading.Event) -> None:
    while not over.wait(BEAT_SECONDS):
        try:
            store.beat(engine, job)
        except Exception as error:  # the next beat may succeed; if none does, another takes the job
            log.warning("job %s: no heartbeat: %s", job.id, error)
