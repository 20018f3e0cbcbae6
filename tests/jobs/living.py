"""Workers as they live: processes of their own, and a kind of job that goes on only when a file allows it."""

import signal
import time

from runtime.jobs.worker import offer

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
