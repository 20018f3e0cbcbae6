"""Recording: dated, sourced, checked, once; and the same however it is cut into requests."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from runtime.errors import Conflict, EntryError, NotFound, Problem
from runtime.facts.changes import Step, record, record_all, record_many
from runtime.facts.registers import Register
from runtime.facts.subjects import changes_of, current, document_as_of, scan
from runtime.storage.engine import reading, writing
from runtime.storage.tables import Belonging, Change, Subject
from tests.facts.histories import FIRST, replayed, steps
from tests.rig.profiles import examples

DAY = date(2026, 3, 1)
marks = count()  # examples share a database, so each has subjects of its own
shared = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(15)
)


def ask(world, subject_id, values, kind="set", effective=DAY, **more):
    with writing(world.engine) as session:
        return record(session, world.people, subject_id, values, kind, effective, **more)


def rows(engine, *subjects):
    """All that is stored of these subjects, but for numbers that the database gives."""
    with reading(engine) as session:
        stored = session.execute(
            select(
                Subject.unit_id, Subject.document, Subject.timeline, Subject.revision, Subject.id
            )
            .where(Subject.id.in_(subjects))
            .order_by(Subject.id)
        ).all()
        belongs = session.execute(
            select(Belonging.from_day, Belonging.to_day, Belonging.unit_id)
            .where(Belonging.subject_id.in_(subjects))
            .order_by(Belonging.subject_id, Belonging.from_day)
        ).all()
        told = [
            [(c.kind, c.values, c.effective, c.recorded_at) for c in changes_of(session, subject)]
            for subject in subjects
        ]
    return [row[:-1] for row in stored], belongs, told


def test_a_change_is_kept_with_all_that_came_with_it(world, fixed_now):
    ask(world, "s", {"_unit": world.units["A"], "name": "陈伟"}, change_id="first")
    change = ask(
        world,
        "s",
        {"grade": "2"},
        effective=date(2026, 4, 1),
        change_id="second",
        provenance={"entry": "e1", "cell": "/grade"},
        based_on="first",
        reason="certificate seen",
    )
    assert (change.id, change.kind, change.values) == ("second", "set", {"grade": "2"})
    assert (change.based_on, change.reason) == ("first", "certificate seen")
    assert change.provenance == {"entry": "e1", "cell": "/grade"}
    assert change.recorded_at == fixed_now
    with reading(world.engine) as session:
        subject = current(session, "s")
        assert subject.document == {"name": "陈伟", "grade": "2"}
        assert (subject.unit_id, subject.revision) == (world.units["A"], 2)
        assert document_as_of(session, "s", date(2026, 3, 31)) == {"name": "陈伟"}
        assert [change.id for change in changes_of(session, "s")] == ["first", "second"]


def test_a_repeated_request_changes_nothing_and_gets_the_same_change(world):
    first = ask(world, "s", {"_unit": world.units["A"], "grade": "2"}, change_id="c")
    before = rows(world.engine, "s")
    again = ask(world, "s", {"_unit": world.units["B"], "grade": "3"}, change_id="c")
    assert (again.seq, again.values) == (first.seq, first.values)
    assert rows(world.engine, "s") == before


def test_an_id_that_another_subject_has_taken_is_a_conflict(world):
    ask(world, "s", {"_unit": world.units["A"]}, change_id="c")
    with pytest.raises(Conflict):
        ask(world, "t", {"_unit": world.units["A"]}, change_id="c")
    with reading(world.engine) as session, pytest.raises(NotFound):
        current(session, "t")


def test_clear_and_leave(world):
    ask(world, "s", {"_unit": world.units["A"], "name": "陈伟", "grade": "2"})
    ask(world, "s", {"grade": "whatever"}, "clear", date(2026, 4, 1))
    ask(world, "s", {"_unit": None}, effective=date(2026, 5, 1))
    with reading(world.engine) as session:
        assert current(session, "s").document == {"name": "陈伟"}
        assert current(session, "s").unit_id is None
        assert document_as_of(session, "s", date(2026, 3, 31)) == {"name": "陈伟", "grade": "2"}


def refuse(values):
    if values.get("grade") == "9":
        yield Problem("invalid", "there is no grade 9", "/grade")


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        ({"values": {"_unit": 4, "grade": "9"}}, EntryError, "“grade”: there is no grade 9"),
        ({"values": {"_unit": 4, "shoe": "9"}}, EntryError, "has no field “shoe”"),
        ({"values": {"shoe": "9"}, "kind": "clear"}, EntryError, "has no field “shoe”"),
        ({"values": {"_unit": "4"}}, EntryError, "“_unit” must be the number of a unit"),
        ({"values": {"_unit": 999}}, NotFound, "no unit with the number 999"),
        ({"values": {"grade": "1"}}, NotFound, "no such subject yet"),
        ({"values": {}}, EntryError, "at least one field"),
        ({"values": {"_unit": 4}, "kind": "erase"}, EntryError, "“erase” is not a kind"),
        ({"effective": date(2026, 11, 2)}, EntryError, "2 Nov 2026 is not between"),
        ({"effective": date(1899, 12, 31)}, EntryError, "31 Dec 1899 is not between"),
    ],
)
def test_what_is_wrong_is_refused_by_name_and_leaves_nothing(world, wrong, error, says):
    world.people = Register("resident", world.people.schema, refuse)
    with pytest.raises(error, match=says):
        ask(world, "s", **{"values": {"_unit": world.units["A"]}} | wrong)
    assert rows(world.engine, "s") == ([], [], [[]])


def test_a_subject_stays_in_its_register(world):
    ask(world, "s", {"_unit": world.units["A"]})
    world.people = Register("venue", world.people.schema)
    with pytest.raises(EntryError, match="belongs to the register “resident”, not to “venue”"):
        ask(world, "s", {"name": "x"})


def test_who_has_loaded_the_subject_sees_the_change(world):
    ask(world, "s", {"_unit": world.units["A"]})
    with writing(world.engine) as session:
        subject = current(session, "s")
        record(session, world.people, "s", {"name": "李娜"}, "set", DAY)
        assert subject.document == {"name": "李娜"}


@given(history=steps(), size=st.integers(1, 5))
@shared
def test_many_at_once_are_the_same_rows_as_one_by_one(world, history, size):
    mark = f"-{next(marks)}-"
    singly, together = (
        [_renamed(step, f"{mark}{way}") for step in history] for way in ("one", "many")
    )
    for step in singly:
        with writing(world.engine) as session:
            record_all(session, world.people, [step])
    assert record_many(world.engine, world.people, together, batch=size) == len(together)
    ways = [[f"{s}{mark}{way}" for s in ("s1", "s2", "s3")] for way in ("one", "many")]
    assert rows(world.engine, *ways[0]) == rows(world.engine, *ways[1])


@given(data=st.data(), history=steps())
@shared
def test_repeated_and_interleaved_the_state_is_the_same(world, data, history):
    """Each subject's changes keep their order; subjects interleave freely, and requests come twice."""
    mark = f"-{next(marks)}-"
    order = data.draw(st.permutations(sorted(step.subject_id for step in history)))
    queues = {s: [step for step in history if step.subject_id == s] for s in set(order)}
    asked = []
    for subject in order:
        asked.append(_renamed(queues[subject].pop(0), mark))
        asked += data.draw(st.lists(st.sampled_from(asked), max_size=1))
    record_many(world.engine, world.people, asked, batch=data.draw(st.integers(1, 7)))
    with reading(world.engine) as session:
        for subject in set(order):
            its = [step for step in history if step.subject_id == subject]
            stored = changes_of(session, subject + mark)
            assert [c.id for c in stored] == [step.change_id + mark for step in its]
            for n in range(-1, 11):
                day = FIRST + timedelta(days=n)
                expected = replayed(stored, day)
                assert expected == replayed(its, day)
                expected.pop("_unit", None)
                assert document_as_of(session, subject + mark, day) == expected


@given(data=st.data(), history=steps())
@shared
def test_a_scan_finds_who_was_there_on_the_day(world, data, history):
    mark = f"-{next(marks)}-"
    record_many(world.engine, world.people, [_renamed(step, mark) for step in history])
    day = FIRST + timedelta(days=data.draw(st.integers(-1, 10)))
    inside = {"A": {4}, "S1": {4, 5}, "C": {4, 5, 6}}
    with reading(world.engine) as session:
        for code, leaves in inside.items():
            seen = {
                member.subject_id: (member.unit_id, member.document)
                for member in scan(session, world.people, world.units[code], day)
                if member.subject_id.endswith(mark)
            }
            expected = {}
            for subject in {step.subject_id for step in history}:
                known = replayed([s for s in history if s.subject_id == subject], day)
                unit = known.pop("_unit", None)
                if unit in leaves:
                    expected[subject + mark] = (unit, known)
            assert seen == expected


def _renamed(step, mark):
    return Step(
        subject_id=step.subject_id + mark,
        values=step.values,
        kind=step.kind,
        effective=step.effective,
        change_id=step.change_id + mark,
    )


def test_many_at_once_for_one_new_subject_are_each_recorded_once(world):
    """Eight clients ask for the same six changes: a subject is locked before its timeline is read."""

    def client(n):
        for turn in range(6):
            k = (turn + n) % 6
            ask(world, "s", {"_unit": world.units["A"], "phone": str(k)}, change_id=f"c{k}")

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(client, range(8))) == [None] * 8
    with reading(world.engine) as session:
        stored = changes_of(session, "s")
        assert sorted(change.id for change in stored) == [f"c{k}" for k in range(6)]
        assert current(session, "s").revision == 6
        assert current(session, "s").document == {"phone": stored[-1].values["phone"]}


KILLED = """
import os, signal, sys
from datetime import date
from sqlalchemy import event
from runtime.facts.changes import Step, record_many
from runtime.facts.registers import Register
from runtime.storage.engine import make_engine

engine, at = make_engine(sys.argv[1]), int(sys.argv[2])
seen = 0

def die(*_):
    global seen
    seen += 1
    if seen > at:
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(engine, "after_cursor_execute", die)
event.listen(engine, "commit", die)
people = Register("resident", {"properties": {"name": {}}})
steps = [Step(subject_id=f"k{n}", values={"_unit": 4, "name": "x"}, effective=date(2026, 3, 1),
              change_id=f"k{n}") for n in range(6)]
record_many(engine, people, steps, batch=3)
"""


@pytest.mark.parametrize("at", [3, 5, 7, 8, 9, 15])
def test_killed_while_recording_a_subject_has_all_of_its_change_or_none(world, at):
    address = world.engine.url.render_as_string(hide_password=False)
    died = subprocess.run([sys.executable, "-c", KILLED, address, str(at)])
    assert died.returncode == -signal.SIGKILL
    with reading(world.engine) as session:
        recorded = set(session.scalars(select(Change.subject_id)))
        known = {s.id for s in session.scalars(select(Subject)) if s.document == {"name": "x"}}
        there = {member.subject_id for member in scan(session, world.people, 1, DAY)}
        assert recorded == known == there == set(session.scalars(select(Subject.id)))
    assert len(recorded) in (0, 3)
