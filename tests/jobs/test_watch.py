"""The regular look: what is offered again, what is left alone; the day's job; starting again."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from runtime import clock
from runtime.errors import EntryError
from runtime.jobs import daily, store, watch
from runtime.jobs.queue import FOLDER
from runtime.jobs.run import perform
from runtime.jobs.store import DEAD_AFTER, OFFERED_FOR, claim
from runtime.jobs.watch import look
from runtime.jobs.worker import offer
from runtime.storage.engine import writing
from runtime.storage.job_tables import Job
from tests.rig.clock import FIXED_NOW

LATER = DEAD_AFTER + timedelta(seconds=1)


@pytest.fixture
def site(site, monkeypatch, fixed_now):
    """Without the day's job, which has tests of its own."""
    monkeypatch.setattr(watch, "start_of_today", lambda site: None)
    return site


def at(moment, site, **options):
    with clock.fixed(FIXED_NOW + moment):
        return look(site, **options)


def test_a_job_that_nobody_was_told_of_is_offered_once(site):
    job_id = site.start("any")
    assert at(timedelta(0), site) == []
    assert at(LATER, site) == [job_id]
    assert at(2 * LATER, site) == []
    assert len(list((site.settings.home / FOLDER).glob("*.msg"))) == 1


def test_an_offer_that_nobody_took_is_made_again_after_a_while(site):
    job_id = site.start("any")
    offer(site, job_id)
    assert at(LATER, site) == []
    assert at(OFFERED_FOR + LATER, site) == [job_id]


def test_a_job_that_died_is_offered_and_one_that_lives_is_not(site):
    job_id = site.start("any")
    offer(site, job_id)
    with clock.fixed(FIXED_NOW + timedelta(seconds=5)):
        claim(site.engine, job_id)
    assert at(DEAD_AFTER, site) == []
    assert at(2 * LATER, site) == [job_id]


def test_at_the_start_all_that_nobody_runs_is_offered(site, does):
    does("ends")(lambda run: None)
    waits, runs, ended = site.start("any"), site.start("any"), site.start("ends")
    offer(site, waits)
    claim(site.engine, runs)
    perform(site, ended)
    assert look(site, all_open=True) == [waits]


def test_a_queue_that_cannot_be_written_fails_nobody(site, caplog):
    site.settings.home.write_text("a file where the folder should be")
    job_id = site.start("any")
    offer(site, job_id)
    assert site.job(job_id).offered_at is None
    assert "could not be offered" in caplog.text


def test_a_failed_job_is_started_again_once(site, does):
    fails = [True]

    @does("flaky")
    def work(run):
        if fails:
            raise EntryError("not today")
        return {"got": run.arguments["x"]}

    def again(job_id):
        with writing(site.engine) as session:
            return store.again(session, job_id)

    job_id = site.start("flaky", {"x": 1})
    assert again(job_id) == job_id
    perform(site, job_id)
    fails.clear()
    second = again(job_id)
    assert second == again(job_id) != job_id
    assert perform(site, second).result == {"got": 1}
    assert site.job(job_id).state == "failed"


def test_a_user_sees_their_own_jobs_the_newest_first(site):
    from runtime.accounts import users

    with writing(site.engine) as session:
        one, two = (users.create(session, n, n, "a-hill-at-noon").id for n in ("one", "two"))
    ids = []
    for n in range(3):
        with clock.fixed(FIXED_NOW + timedelta(minutes=n)):
            ids.append(site.start("any", actor=one))
    site.start("any", actor=two)
    site.start("any")
    with writing(site.engine) as session:
        assert [job.id for job in store.mine(session, one)] == ids[::-1]


@pytest.fixture
def works(monkeypatch, does):
    monkeypatch.setattr(daily, "_works", {})
    does(daily.KIND)(daily.run_all)
    return daily.daily


def test_the_day_s_job_is_made_once_a_day(site, monkeypatch):
    monkeypatch.undo()
    first = at(timedelta(0), site)
    assert len(first) == 1
    assert at(timedelta(hours=1), site) == first
    with writing(site.engine) as session:
        days = session.scalars(select(Job.key)).all()
    assert days == ["daily:2026-11-01"]
    assert at(timedelta(days=1), site) != first


def test_all_that_is_due_daily_runs_though_one_fails(site, works):
    ran = []
    works("a", lambda: "A")(lambda run: ran.append("a"))

    @works("b", lambda: "What b does")
    def bad(run):
        raise ZeroDivisionError

    works("c", lambda: "C")(lambda run: ran.append("c"))
    job = perform(site, daily.start_of_today(site))
    assert ran == ["a", "c"]
    assert (job.state, job.problem) == ("failed", "What b does: ZeroDivisionError")


def test_what_ended_long_ago_is_forgotten(site, works, does):
    does("ends")(lambda run: None)
    works("old-jobs", lambda: "Old jobs")(daily.forget_old_jobs)
    old, open_one = site.start("ends"), site.start("any")
    perform(site, old)
    with clock.fixed(FIXED_NOW + daily.KEPT_FOR + timedelta(days=1)):
        job = perform(site, daily.start_of_today(site))
    assert job.result == {"old-jobs": {"deleted": 1}}
    with writing(site.engine) as session:
        assert set(session.scalars(select(Job.id))) == {open_one, job.id}


def test_a_dead_job_is_cancelled_at_once(site):
    job_id = site.start("any")
    claim(site.engine, job_id)
    with writing(site.engine) as session:
        silent = clock.now() - LATER
        session.execute(update(Job).where(Job.id == job_id).values(heartbeat=silent))
    assert site.cancel(job_id).state == "cancelled"
