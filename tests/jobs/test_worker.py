"""Real worker processes: what is offered is done, what a killed one leaves is finished, none stays behind."""

import signal

import pytest
from sqlalchemy import update

from runtime import clock
from runtime.jobs.store import DEAD_AFTER
from runtime.storage.engine import writing
from runtime.storage.job_tables import Job
from tests.jobs.living import allow, begun, leave, reaches

pytestmark = pytest.mark.timeout(240)


def test_what_a_killed_worker_leaves_the_next_one_finishes(site, steps, workers):
    job_id = begun(site, steps)
    allow(steps, 1)
    first = workers()
    reaches(site, job_id, state="running", done=2)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    assert site.job(job_id).state == "running"
    with writing(site.engine) as session:  # as if its heart had been silent for long
        silent = clock.now() - 2 * DEAD_AFTER
        session.execute(update(Job).where(Job.id == job_id).values(heartbeat=silent))
    allow(steps, 2, 3)
    second = workers()
    reaches(site, job_id, state="done", result={"attempt": 2}, problem="")
    leave(second)


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_asked_to_leave_gives_its_job_back_and_goes(site, steps, workers, ending):
    job_id = begun(site, steps)
    worker = workers()
    reaches(site, job_id, state="running", done=1)
    assert leave(worker, ending).endswith("Stopped.\n")
    job = site.job(job_id)
    assert (job.state, job.attempt) == ("waiting", 0)


@pytest.mark.databases("sqlite")
def test_a_job_is_cancelled_while_a_worker_runs_it_and_the_next_is_done(site, steps, workers):
    job_id = begun(site, steps)
    worker = workers()
    reaches(site, job_id, state="running", done=1)
    other = begun(site, steps)
    site.cancel(job_id)
    reaches(site, job_id, state="cancelled")
    allow(steps, 1, 2, 3)
    reaches(site, other, state="done")
    leave(worker)


@pytest.mark.databases("sqlite")
def test_what_was_never_offered_is_found_at_the_start_and_the_day_s_job_done(site, steps, workers):
    job_id = site.start("stepwise", {"folder": str(steps)})
    allow(steps, 1, 2, 3)
    worker = workers()
    reaches(site, job_id, state="done")
    key = f"daily:{clock.today()}"
    reaches(site, site.start("daily", key=key), state="done")
    leave(worker)
