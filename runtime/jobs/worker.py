"""Handing the ids of jobs to workers. Not for what is done with them: that is `run`."""

from __future__ import annotations

import logging

from sqlalchemy import update

from runtime import clock
from runtime.jobs.run import Site
from runtime.storage.engine import writing
from runtime.storage.job_tables import Job

log = logging.getLogger(__name__)


def offer(site: Site, job_id: str) -> None:
    """Let a worker know of the job, after the transaction that wrote it down.

    Never fails: what could not be handed over waits for the next look at all forgotten jobs.
    """
    from runtime.jobs.queue import TASK, application  # late: Celery takes long to read

    try:
        application(site.settings).send_task(TASK, (job_id,), retry=False)
        with writing(site.engine) as session:
            session.execute(update(Job).where(Job.id == job_id).values(offered_at=clock.now()))
    except Exception as error:
        log.warning("job %s could not be offered, the next look will: %s", job_id, error)
