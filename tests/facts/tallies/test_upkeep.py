"""Tallies under real transactions: several writers, rules that change meanwhile, damage that is mended."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from runtime.errors import YibiaoError
from runtime.facts.changes import Step, record_all
from runtime.facts.tallies.basis import adopt
from runtime.facts.tallies.proof import rebuild, verify
from runtime.facts.tallies.reading import figures
from runtime.facts.tallies.upkeep import catch_up, take_over
from runtime.storage.engine import reading, writing
from tests.facts.tallies.test_tallies import require_same, scanned, tallied
from tests.facts.tallies.town import PEOPLE, RULES

SPANS = [(date(2026, 10, 1), date(2026, 10, 31)), (date(2026, 3, 1), date(2026, 3, 31))]


def lived(seed, subjects, count):
    """Random steps of these subjects, who all begin somewhere."""
    rng = random.Random(seed)
    begin = date(2025, 1, 1)
    for subject in subjects:
        yield Step(subject_id=subject, values={"_unit": rng.choice([4, 5, 6])}, effective=begin)
    for _ in range(count):
        values = {
            "sex": rng.choice("12"),
            "grade": rng.choice("123"),
            "born": rng.choice(["1964-02-29", "2008-02-29", "2006-03-01"]),
            "granted": f"2026-{rng.randrange(1, 11):02}-05",
            "amount": rng.randrange(100),
            "_unit": rng.choice([4, 5, 6, None]),
        }
        names = rng.sample(sorted(values), rng.randrange(1, 4))
        yield Step(
            subject_id=rng.choice(subjects),
            values={name: values[name] for name in names},
            effective=begin + timedelta(days=rng.randrange(660)),
        )


def write(engine, steps, batch=1):
    steps = list(steps)
    for n in range(0, len(steps), batch):
        with writing(engine) as session:
            record_all(session, PEOPLE, steps[n : n + batch])


def test_eight_writers_at_once_while_a_changed_rule_is_counted(world):
    half = dict(list(RULES.items())[:5])
    take_over(world.engine, half.values())
    everybody = [f"s{n}" for n in range(12)]
    write(world.engine, lived(0, everybody, 40), 20)
    with writing(world.engine) as session:
        adopt(session, RULES.values())
    with ThreadPoolExecutor(9) as pool:
        running = [
            pool.submit(write, world.engine, lived(n, everybody, 12), 2) for n in range(1, 9)
        ]
        counting = pool.submit(catch_up, world.engine)
        for one in (*running, counting):
            one.result()
    catch_up(world.engine)
    assert list(verify(world.engine)) == []
    with reading(world.engine) as session:
        assert figures(session, RULES, 1, *SPANS[0])[0].keys() == RULES.keys()
        require_same(session, SPANS)


def test_damage_is_found_where_it_is_and_mended(world):
    take_over(world.engine, RULES.values())
    write(world.engine, lived(3, ["a", "b", "c", "d"], 30), 10)
    with world.engine.begin() as connection:
        connection.execute(text("UPDATE tally_page SET base = '[0,99]' WHERE unit_id = 5"))
        connection.execute(text("DELETE FROM tally_member WHERE unit_id = 6"))
    damaged = {one.unit_id: one for one in verify(world.engine)}
    assert damaged.keys() == {5, 6}
    assert damaged[5].tallies
    assert damaged[6].members
    for unit in damaged:
        rebuild(world.engine, unit)
    assert list(verify(world.engine)) == []
    with reading(world.engine) as session:
        require_same(session, SPANS)


def test_catching_up_tells_how_far_it_is_and_goes_on_where_it_was_stopped(world):
    write(world.engine, lived(5, [f"s{n}" for n in range(250)], 0), 50)
    told = []

    def stop(done, total):
        told.append((done, total))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take_over(world.engine, RULES.values(), stop)
    assert told == [(50, 250)]
    with reading(world.engine) as session:
        assert figures(session, RULES, 1, *SPANS[0]) == ({}, {})  # half a count is none
    assert catch_up(world.engine, lambda done, total: told.append((done, total))) == 200
    assert told[-1] == (200, 200)
    with reading(world.engine) as session:
        assert tallied(session, RULES, 1, *SPANS[0]) == scanned(session, RULES, 1, *SPANS[0])
    assert take_over(world.engine, RULES.values()) == []  # again is nothing new


def test_a_refused_change_leaves_the_tallies_alone(world):
    take_over(world.engine, RULES.values())
    write(world.engine, lived(1, ["a"], 5))
    good = next(iter(lived(2, ["b"], 0)))
    with writing(world.engine) as session:
        record_all(session, PEOPLE, [good])
        wrong = Step(subject_id="b", values={"no": 1}, effective=good.effective)
        with pytest.raises(YibiaoError):
            record_all(session, PEOPLE, [wrong])
        session.rollback()
    assert list(verify(world.engine)) == []
