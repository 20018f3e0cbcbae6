"""The same with Redis between: what is offered is done by whichever worker hears of it."""

import dataclasses

import pytest

from tests.jobs.living import allow, begun, leave, reaches

pytestmark = [pytest.mark.timeout(240), pytest.mark.redis, pytest.mark.databases("sqlite")]


@pytest.fixture
def site(site, redis_url):
    site.settings = dataclasses.replace(site.settings, broker_url=redis_url)
    return site


def test_two_workers_share_what_is_offered(site, steps, workers):
    jobs = [begun(site, steps) for _ in range(2)]
    both = [workers(), workers()]
    for job in jobs:  # each of them waits for its first step: neither worker could run both
        reaches(site, job, state="running", done=1)
    allow(steps, 1, 2, 3)
    for job in jobs:
        reaches(site, job, state="done", result={"attempt": 1}, problem="")
    for worker in both:
        leave(worker)
    assert not (site.settings.home / "queue").exists()


def test_a_worker_that_leaves_gives_its_job_to_the_next(site, steps, workers):
    job = begun(site, steps)
    first = workers()
    reaches(site, job, state="running", done=1)
    leave(first)
    allow(steps, 1, 2, 3)
    second = workers()
    reaches(site, job, state="done", problem="")
    leave(second)
