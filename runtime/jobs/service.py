"""The worker process: takes ids from the queue and performs the jobs, one at a time, until it is asked to leave."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

from celery import Celery
from celery.exceptions import WorkerShutdown
from celery.worker import WorkController, state

from runtime.jobs.queue import TASK, application
from runtime.jobs.run import Site, leaving, perform
from runtime.jobs.watch import watching

ENDINGS = (signal.SIGTERM, signal.SIGINT)


def work(site: Site) -> None:
    """Work in this process, which must be its main thread, until SIGTERM or SIGINT.

    A job that runs then is given back at its next progress. Raises `OperatorError` where the queue cannot be used.
    """
    app, busy = application(site.settings), Event()
    _teach(app, site, busy)
    leaving.clear()
    with _heeding(busy), watching(site):
        worker = WorkController(app=app, pool="solo", without_gossip=True, without_mingle=True)
        worker.start()


def _teach(app: Celery, site: Site, busy: Event) -> None:
    def take(job_id: str) -> None:
        if leaving.is_set():
            return  # it waits in its table for the next worker
        busy.set()
        try:
            perform(site, job_id)
        finally:
            busy.clear()

    app.task(take, name=TASK)


@contextmanager
def _heeding(busy: Event) -> Iterator[None]:
    """Leave at a signal: at once where nothing is at work, else as soon as the job lets go."""

    def leave(*_received: Any) -> None:
        if leaving.is_set():
            return
        leaving.set()
        state.should_stop = 0
        if not busy.is_set():
            raise WorkerShutdown(0)

    before = {ending: signal.signal(ending, leave) for ending in ENDINGS}
    try:
        yield
    finally:
        for ending, handler in before.items():
            signal.signal(ending, handler)
