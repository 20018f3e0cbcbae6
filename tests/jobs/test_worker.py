"""Real worker processes: what is offered is done, what a killed one leaves is finished, none stays behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import update

from runtime import clock
from runtime.jobs.store import DEAD_AFTER
from runtime.jobs.worker import offer
from runtime.storage.engine import writing
from runtime.storage.job_tables import Job

pytestmark = pytest.mark.timeout(240)
ROOT = Path(__file__).resolve().parents[2]
CODE = "from runtime.cli import main; main()"
PLUGIN = """
import time
from pathlib import Path
from runtime.hooks import JobKind, hookimpl

def stepwise(run):
    '''Count to three, each step only when a file allows it.'''
    for n in range(1, 4):
        run.progress(n, 3, f"step {n}")
        while not Path(run.arguments["folder"], str(n)).exists():
            time.sleep(0.02)
            run.progress(n, 3, f"step {n}")
    return {"attempt": run.job.attempt}

@hookimpl
def yibiao_jobs():
    return [JobKind("stepwise", stepwise)]
"""


def until(what, seconds=100):
    """What `what()` gives, as soon as it gives anything."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "it never came to pass"
        time.sleep(0.05)
    return found


@pytest.fixture
def steps(tmp_path):
    """The folder in which a file allows a step."""
    (tmp_path / "plugins" / "stepwise").mkdir(parents=True)
    (tmp_path / "plugins" / "stepwise" / "plugin.py").write_text(PLUGIN)
    (tmp_path / "steps").mkdir()
    return tmp_path / "steps"


@pytest.fixture
def workers(site, tmp_path):
    """`workers()` starts a worker of the site; none is left after the test."""
    started = []

    def start():
        kept = {n: os.environ[n] for n in ("PATH", "HOME", "TMPDIR", "TZ") if n in os.environ}
        environment = {
            **kept,
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "error",
            "PYTHONUNBUFFERED": "1",
            "LANG": "C.UTF-8",
            "YIBIAO_HOME": str(site.settings.home),
            "YIBIAO_DATABASE_URL": site.engine.url.render_as_string(hide_password=False),
            "YIBIAO_PLUGINS": str(tmp_path / "plugins"),
        }
        pipe = subprocess.PIPE
        command = [sys.executable, "-P", "-c", CODE, "worker"]
        worker = subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=pipe, stderr=pipe, text=True
        )
        started.append(worker)
        return worker

    yield start
    for worker in started:
        worker.kill()
        worker.communicate()


def begun(site, steps):
    job_id = site.start("stepwise", {"folder": str(steps)})
    offer(site, job_id)
    return job_id


def allow(steps, *numbers):
    for number in numbers:
        (steps / str(number)).touch()


def reaches(site, job_id, **wanted):
    def it_does():
        job = site.job(job_id)
        return all(getattr(job, name) == value for name, value in wanted.items())

    until(it_does)


def leave(worker, ending=signal.SIGTERM):
    worker.send_signal(ending)
    out, err = worker.communicate(timeout=30)
    assert (worker.returncode, err) == (0, "")
    return out


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
