"""One edit of a resident with its tallies: on SQLite in a city of a million, and by eight writers on PostgreSQL."""

import multiprocessing
import random
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Engine, func, insert, select, text

from runtime import clock
from runtime.facts.changes import Step, record_all
from runtime.facts.registers import Register
from runtime.facts.tallies.proof import verify
from runtime.settings import from_environment
from runtime.site import initialise, open_site
from runtime.storage.engine import reading, writing
from runtime.storage.tables import Change, Subject, new_id
from tests.benchmarks import large_city
from tests.benchmarks.measuring import Measure
from tests.rig.postgresql import PrivatePostgres

EDITS = 300
WRITERS, SECONDS = 8, 8
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


def measure() -> Iterator[Measure]:
    with large_city.large_city(1_000_000, to_change=True) as city:
        register = city.site.register("resident")
        taken = [_timed(city.site.engine, register, step) for step in _steps(city, EDITS, 1)]
        bare = [_bare(city.site.engine, step) for step in _steps(city, EDITS, 2)]
        value, peer = statistics.median(taken[20:]), statistics.median(bare[20:])
        yield Measure("edit.sqlite.ms", value, "ms", "≤ 5", "bare insert into the ledger", peer)
    with PrivatePostgres(DURABLE) as server:
        yield from _by_eight(server.create("city"))


def _steps(city: large_city.City, count: int, seed: int) -> list[Step]:
    """What staff correct in a day: a telephone, a grade, a date of birth, dated today or back."""
    chance = random.Random(seed)
    with reading(city.site.engine) as session:
        ids: list[str] = []
        for grid in chance.sample(city.grids(), 25):
            there = select(Subject.id).where(
                Subject.unit_id == grid, Subject.register == "resident"
            )
            ids += session.scalars(there)
    return [_step(chance, subject_id) for subject_id in chance.sample(ids, count)]


def _step(chance: random.Random, subject_id: str) -> Step:
    values = chance.choice(
        [
            {"phone": f"1660000{chance.randrange(10_000):04}"},
            {"disability_kind": "4", "disability_grade": chance.choice("1234")},
            {"birth_date": str(date(1930, 1, 1) + timedelta(days=chance.randrange(30_000)))},
            {"marital_status": chance.choice(["10", "20", "30", "40"])},
        ]
    )
    day = clock.today() - timedelta(days=chance.choice([0, 0, 0, 30, 120]))
    return Step(subject_id=subject_id, values=values, effective=max(day, date(2026, 8, 1)))


def _timed(engine: Engine, register: Register, step: Step) -> float:
    start = time.perf_counter()
    with writing(engine) as session:
        record_all(session, register, [step])
    return (time.perf_counter() - start) * 1_000


def _bare(engine: Engine, step: Step) -> float:
    """The same as a row of the ledger and nothing else, which is what any database must do."""
    row = {
        "id": new_id(), "subject_id": step.subject_id, "kind": "set", "values": step.values,
        "effective": step.effective, "recorded_at": clock.now(), "provenance": {}, "reason": "",
    }  # fmt: skip
    start = time.perf_counter()
    with writing(engine) as session:
        session.execute(insert(Change), [row])
    return (time.perf_counter() - start) * 1_000


def _by_eight(address: str) -> Iterator[Measure]:
    site = open_site(from_environment({"YIBIAO_DATABASE_URL": address}))
    initialise(site)
    large_city.build(site, 10_000, large_city.SHAPES[10_000])
    with reading(site.engine) as session:
        before = session.scalar(select(func.count()).select_from(Change))
    site.engine.dispose()
    with multiprocessing.get_context("spawn").Pool(WRITERS) as pool:
        rates = pool.starmap(_write, [(address, n) for n in range(WRITERS)], chunksize=1)
    done = [edits for edits, _seconds in rates]
    with reading(site.engine) as session:
        after = session.scalar(select(func.count()).select_from(Change))
    assert after == (before or 0) + sum(done), (before, after, done)
    assert not list(verify(site.engine))
    yield Measure("edit.postgresql.per_s", sum(n / s for n, s in rates), "edits/s", "≥ 300")
    site.close()


def _write(address: str, writer: int) -> tuple[int, float]:
    """How many edits in how many seconds; any error, such as a deadlock, ends the measurement."""
    site = open_site(from_environment({"YIBIAO_DATABASE_URL": address}))
    city = large_city.City(site, large_city.SHAPES[10_000])
    register, steps, done = site.register("resident"), _steps(city, 3_000, writer + 10), 0
    _timed(site.engine, register, steps[-1])
    _together(site.engine)
    start = time.perf_counter()
    while (taken := time.perf_counter() - start) < SECONDS:
        _timed(site.engine, register, replace(steps[done % len(steps)], change_id=new_id()))
        done += 1
    site.close()
    return done + 1, taken


def _together(engine: Engine) -> None:
    """Wait until all writers are here, so that none has the database to itself."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        here = text("SELECT count(DISTINCT pid) FROM pg_locks WHERE locktype = 'advisory'")
        connection.execute(text("SELECT pg_advisory_lock_shared(2609)"))
        deadline = time.perf_counter() + 60
        while connection.scalar(here) < WRITERS and time.perf_counter() < deadline:
            time.sleep(0.05)
