"""The regular look at all jobs: what died or was forgotten is offered again, and once a day what is due daily."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from runtime.jobs import store
from runtime.jobs.daily import start_of_today
from runtime.jobs.run import Site
from runtime.jobs.worker import offer
from runtime.storage.engine import reading

LOOK_SECONDS = 20.0

log = logging.getLogger(__name__)


def look(site: Site, *, all_open: bool = False) -> list[str]:
    """Offer today's daily job and every job that is forgotten (or all that nobody runs); their ids."""
    with reading(site.engine) as session:
        found = list(store.forgotten(session, all_open=all_open))
    if (today := start_of_today(site)) is not None and today not in found:
        found.append(today)
    for job_id in found:
        offer(site, job_id)
    return found


@contextmanager
def watching(site: Site) -> Iterator[None]:
    """Look at once, and again and again until the block ends, in a thread: the worker may be at work."""
    over = threading.Event()
    thread = threading.Thread(target=_watch, args=(site, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _watch(site: Site, over: threading.Event) -> None:
    at_start = True
    while True:
        try:
            look(site, all_open=at_start)
            at_start = False
        except Exception as error:  # the database may be back at the next look
            log.warning("jobs could not be looked at: %s", error)
        if over.wait(LOOK_SECONDS):
            return
