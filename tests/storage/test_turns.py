"""Turns at SQLite's one write lock: whoever waits is not passed over by a long work."""

import threading
import time

import pytest

from runtime.storage.engine import make_engine
from runtime.storage.pace import Pace
from tests.storage.conftest import migrate
from tests.storage.test_engine import add


@pytest.mark.databases("sqlite")
def test_whoever_waits_to_write_gets_the_next_gap_of_a_long_work(prepared_database):
    engine = make_engine(prepared_database("migrated", migrate))
    pace, over, steps = Pace(engine), threading.Event(), []

    def hold(_session, _most):
        time.sleep(0.05)
        steps.append(1)
        return 1

    def work():
        while not over.is_set():
            pace.step(hold)

    other = threading.Thread(target=work)
    other.start()
    try:
        waited = []
        for n in range(8):
            before = len(steps)
            add(engine, str(n))
            waited.append(len(steps) - before)
    finally:
        over.set()
        other.join()
        engine.dispose()
    assert sorted(waited)[len(waited) // 2] <= 2
