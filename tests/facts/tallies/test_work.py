"""Tallies in the background: a form that is published has its rules counted; every day the rest is seen to."""

from datetime import date
from types import SimpleNamespace

from sqlalchemy import text

from runtime import clock
from runtime.facts.tallies import work
from runtime.facts.tallies.basis import newest
from runtime.facts.tallies.proof import verify
from runtime.facts.tallies.reading import figures
from runtime.facts.tallies.upkeep import take_over
from runtime.jobs import store
from runtime.jobs.run import perform
from runtime.storage.engine import reading, writing
from tests.facts.tallies.test_tallies import require_same
from tests.facts.tallies.test_upkeep import SPANS, lived, write
from tests.facts.tallies.town import RULES


def site(world):
    return SimpleNamespace(
        engine=world.engine, library=None, settings=None, notice=lambda _session: None
    )


def test_further_rules_are_counted_by_a_job_and_the_others_read_all_the_while(world):
    few = dict(list(RULES.items())[:3])
    take_over(world.engine, few.values())
    write(world.engine, lived(1, ["a", "b", "c"], 20), 10)
    with writing(world.engine) as session:
        job_id = work.follow(session, RULES.values(), None)
        assert work.follow(session, RULES.values(), None) is None  # nothing new
    with reading(world.engine) as session:
        assert figures(session, RULES, 1, *SPANS[0])[0].keys() == few.keys()
    done = perform(site(world), job_id)
    assert (done.state, done.result) == ("done", {"subjects": 3})
    with reading(world.engine) as session:
        assert figures(session, RULES, 1, *SPANS[0])[0].keys() == RULES.keys()
        require_same(session, SPANS)


def test_every_day_the_horizon_rolls_on_and_damage_is_mended(world):
    take_over(world.engine, RULES.values())
    write(world.engine, lived(2, ["a", "b", "c"], 20), 10)
    with world.engine.begin() as connection:
        connection.execute(text("UPDATE tally_page SET base = '[0,99]' WHERE unit_id = 4"))
    with writing(world.engine) as session:
        job_id = store.start(session, "daily-tallies", {}, actor=None, title={"en": "x"})
        run = SimpleNamespace(site=site(world), progress=lambda *told: None, job=job_id)
    with clock.fixed(clock.now().replace(year=2027, month=3)):
        told = work.every_day(run)
    assert told == {"subjects": 3, "units": 3, "mended": 1}
    assert list(verify(world.engine)) == []
    with reading(world.engine) as session:
        assert newest(session, "resident").tallied.horizon == date(2029, 12, 31)
