"""What a large unit comes to is remembered in groups, and is what a scan says, whatever happened meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.orm import Session

from runtime.facts.changes import record_all
from runtime.facts.erasing import erase
from runtime.facts.staged.settle import settle
from runtime.facts.staged.switch import switched
from runtime.facts.tallies import beneath
from runtime.facts.tallies.proof import rebuild
from runtime.facts.tallies.reading import figures
from runtime.facts.tallies.upkeep import take_over
from runtime.facts.units import hang
from runtime.storage.engine import reading, writing
from runtime.storage.tables import new_id
from tests.facts.staged.test_staged import Delivery, staged
from tests.facts.tallies.test_tallies import SPANS, require_the_same_for_all, scanned, tallied
from tests.facts.tallies.test_upkeep import lived, write
from tests.facts.tallies.town import PEOPLE, RULES, lives
from tests.rig.profiles import examples

calm = settings(
    max_examples=examples(8),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
numbers = count()


@pytest.fixture(autouse=True)
def every_unit_is_large(monkeypatch):
    monkeypatch.setattr(beneath, "FEW", -1)
    monkeypatch.setattr(beneath, "GROUP_BITS", 1)


def require_the_same_again(engine, first, last):
    """The city's figures are the scan's, once as they are read, and once as they are remembered."""
    with reading(engine) as session:
        asked = (session, RULES, 1, first, last)
        assert tallied(*asked) == scanned(*asked) == tallied(*asked)
        require_the_same_for_all(session, RULES, first, last)


def happen(engine, what, steps):
    """Something else than a step: a street hung elsewhere, a subject erased, tallies written anew."""
    if what == "hang":
        with writing(engine) as session:
            hang(session, 5, 3, date(2025, 3, 1))
    elif what == "erase":
        with writing(engine) as session:
            erase(session, PEOPLE, steps[0].subject_id, None, "asked for")
    elif what == "rebuild":
        rebuild(engine, 4)


@calm
@given(
    steps=lives(),
    span=st.sampled_from(SPANS),
    then=st.sampled_from(["hang", "erase", "rebuild", "nothing"]),
)
def test_what_is_remembered_is_equal_to_a_scan_after_any_history(world, steps, span, then):
    take_over(world.engine, RULES.values())
    mark = next(numbers)
    own = [
        replace(step, subject_id=f"{step.subject_id}-{mark}", change_id=new_id()) for step in steps
    ]
    for n in range(0, len(own), 7):
        with writing(world.engine) as session:
            record_all(session, PEOPLE, own[n : n + 7])
        require_the_same_again(world.engine, *span)
    happen(world.engine, then, own)
    require_the_same_again(world.engine, *span)


def test_what_writers_do_meanwhile_is_seen_in_whole(world):
    take_over(world.engine, RULES.values())
    people = [f"s{n}" for n in range(8)]
    write(world.engine, lived(0, people, 20), 20)
    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(write, world.engine, lived(n, people, 8), 2) for n in range(1, 4)]
        while True:
            ended = all(one.done() for one in running)
            require_the_same_again(world.engine, *SPANS[-1])
            if ended:
                break
        for one in running:
            one.result()


def test_only_the_group_in_which_something_changed_is_read_again(world):
    take_over(world.engine, RULES.values())
    write(world.engine, lived(0, [f"s{n}" for n in range(8)], 20), 20)
    asked = []
    event.listen(
        world.engine, "before_cursor_execute", lambda *told: asked.append((told[2], told[3]))
    )

    def read():
        asked.clear()
        with reading(world.engine) as session:
            figures(session, RULES, 1, *SPANS[-1])
        return sum("base" in statement for statement, _told in asked)

    # Once to see that it is large; units 4 and 5 make one group, 6 the other.
    assert (read(), read()) == (3, 0)
    moved = next(iter(lived(9, ["new"], 0)))
    write(world.engine, [replace(moved, values={"_unit": 6})])
    assert (read(), read()) == (1, 0)


def test_what_was_never_committed_is_not_remembered(world):
    take_over(world.engine, RULES.values())
    first, other = lived(1, ["a", "b"], 0)
    with Session(world.engine) as session:
        record_all(session, PEOPLE, [replace(first, values={"_unit": 4})])
        figures(session, RULES, 1, *SPANS[-1])
        session.rollback()
    values = {"_unit": 4, "sex": "2", "amount": 20}
    write(world.engine, [replace(other, values=values)])  # the unit's revision is the same
    require_the_same_again(world.engine, *SPANS[-1])


def test_a_change_of_memberships_alone_is_seen_too(world):
    take_over(world.engine, RULES.values())
    begin = next(iter(lived(1, ["a"], 0)))
    for granted in ("2026-10-05", "2026-10-06", "2026-06-30"):
        values = {"_unit": 4, "amount": 20, "granted": granted}
        write(world.engine, [replace(begin, values=values, change_id=new_id())])
        require_the_same_again(world.engine, *SPANS[-1])


def test_what_was_remembered_before_an_import_settled_is_not_read_after_it(world):
    """It changes memberships alone, so that no page of a tally would tell of it."""
    take_over(world.engine, RULES.values())
    begin = next(iter(lived(1, ["a"], 0)))
    known = {"_unit": 4, "amount": 20, "granted": "2026-10-05"}
    write(world.engine, [replace(begin, values=known, change_id=new_id())])
    require_the_same_again(world.engine, *SPANS[-1])
    said = replace(begin, values={"granted": "2026-06-30"}, change_id=new_id())
    delivery = Delivery({2: [said]})
    with writing(world.engine) as session:
        staging = staged(session, delivery)
    with writing(world.engine) as session:
        assert switched(session, staging, delivery, lambda _session: None, whatever=True)
    require_the_same_again(world.engine, *SPANS[-1])
    settle(world.engine)
    require_the_same_again(world.engine, *SPANS[-1])
