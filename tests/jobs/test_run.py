"""A job from start to end: done, failed, cancelled, claimed once, taken over from the dead."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from runtime import clock, language
from runtime.errors import EntryError, NotFound
from runtime.jobs.run import MOST_ATTEMPTS, leaving, perform
from runtime.jobs.store import DEAD_AFTER, claim


def test_a_job_is_done_with_its_arguments_and_its_result_is_kept(site, does):
    @does("sum")
    def work(run):
        run.progress(1, 2, "half")
        return {"sum": sum(run.arguments["of"])}

    job_id = site.start("sum", {"of": [1, 2]})
    assert site.job(job_id).state == "waiting"
    job = perform(site, job_id)
    assert (job.state, job.result, job.done, job.total) == ("done", {"sum": 3}, 1, 2)
    assert job.message == "half"
    assert job.started_at <= job.finished_at


def test_an_ended_job_is_not_done_again(site, does):
    times = []
    does("once")(times.append)
    job_id = site.start("once")
    perform(site, job_id)
    assert perform(site, job_id).attempt == 1
    assert len(times) == 1


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (EntryError("Row 7 has no name."), "Row 7 has no name."),
        (ZeroDivisionError("secret"), "This is a fault in Yibiao itself: ZeroDivisionError"),
    ],
)
def test_what_goes_wrong_is_told_and_ends_it(site, does, error, told):
    @does("bad")
    def work(run):
        raise error

    job = perform(site, site.start("bad"))
    assert (job.state, job.problem) == ("failed", told)
    assert job.finished_at


def test_a_kind_that_is_no_longer_installed_is_named(site):
    job = perform(site, site.start("gone-with-its-department"))
    assert job.state == "failed"
    assert "gone-with-its-department" in job.problem


def test_an_unknown_job_is_told(site):
    with pytest.raises(NotFound):
        perform(site, "none")


def test_it_speaks_the_language_of_whoever_started_it(site, does):
    does("speak")(lambda run: {"language": language.current()})
    with language.using("zh-CN"):
        job_id = site.start("speak")
    assert perform(site, job_id).result == {"language": "zh-CN"}


def test_a_waiting_job_is_cancelled_at_once_and_never_begun(site, does):
    begun = []
    does("never")(begun.append)
    job_id = site.start("never")
    assert site.cancel(job_id).state == "cancelled"
    assert perform(site, job_id).state == "cancelled"
    assert begun == []


def test_a_running_job_is_cancelled_at_its_next_progress(site, does):
    @does("long")
    def work(run):
        for n in range(1, 10):
            run.progress(n, 10)
            if n == 3:
                assert site.cancel(run.job.id).state == "running"

    job = perform(site, site.start("long"))
    assert (job.state, job.done) == ("cancelled", 4)


def test_what_has_ended_cannot_be_cancelled(site, does):
    does("quick")(lambda run: None)
    job_id = site.start("quick")
    perform(site, job_id)
    assert site.cancel(job_id).state == "done"


def test_of_many_who_want_a_job_one_gets_it(site):
    ids = [site.start("any") for _ in range(5)]
    together = Barrier(4)

    def take(_):
        together.wait()
        return [job_id for job_id in ids if claim(site.engine, job_id)]

    with ThreadPoolExecutor(4) as pool:
        taken = [job_id for got in pool.map(take, range(4)) for job_id in got]
    assert sorted(taken) == sorted(ids)


def test_a_job_that_runs_is_left_alone_and_one_that_died_is_taken_over(site, does):
    does("dies")(lambda run: {"attempt": run.job.attempt})
    job_id = site.start("dies")
    first = claim(site.engine, job_id)
    assert perform(site, job_id).state == "running"
    with clock.fixed(clock.now() + DEAD_AFTER + timedelta(seconds=1)):
        assert perform(site, job_id).result == {"attempt": first.attempt + 1}


def test_who_lost_a_job_writes_nothing_into_it_any_more(site, does):
    """A worker that was thought dead wakes up while another runs its job."""

    @does("sleeps")
    def work(run):
        if run.job.attempt == 1:
            with clock.fixed(clock.now() + DEAD_AFTER + timedelta(seconds=1)):
                perform(site, run.job.id)
            run.progress(1, 2, "awake again")
        return {"attempt": run.job.attempt}

    job = perform(site, site.start("sleeps"))
    assert (job.state, job.result, job.message) == ("done", {"attempt": 2}, "")


def test_a_job_that_dies_each_time_is_given_up(site, does):
    begun = []
    does("kills")(begun.append)
    job_id = site.start("kills")
    moment = clock.now()
    for _ in range(MOST_ATTEMPTS):
        moment += DEAD_AFTER + timedelta(seconds=1)
        with clock.fixed(moment):
            assert claim(site.engine, job_id)
    with clock.fixed(moment + DEAD_AFTER + timedelta(seconds=1)):
        job = perform(site, job_id)
    assert job.state == "failed"
    assert str(MOST_ATTEMPTS) in job.problem
    assert begun == []


def test_a_worker_that_leaves_gives_its_job_back(site, does):
    @does("halves")
    def work(run):
        if run.job.attempt == 1 and not leaving.is_set() and not first:
            first.append(run)
            leaving.set()
        run.progress(1, 2)
        return {"done": True}

    first = []
    job_id = site.start("halves")
    try:
        job = perform(site, job_id)
    finally:
        leaving.clear()
    assert (job.state, job.attempt) == ("waiting", 0)
    assert perform(site, job_id).result == {"done": True}


def test_a_key_makes_one_job_only(site):
    first = site.start("daily", key="2026-11-01")
    assert site.start("daily", key="2026-11-01") == first
    assert site.start("daily", key="2026-11-02") != first


def test_of_many_who_start_with_one_key_all_get_the_same_job(site):
    together = Barrier(4)

    def begin(_):
        together.wait()
        return site.start("daily", key="2026-11-01")

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(begin, range(4)))) == 1
