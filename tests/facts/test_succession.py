"""Units merge and split on a day: the days before stay as they were, and nobody is lost or counted twice."""

from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from runtime.errors import EntryError, NotFound
from runtime.facts import units
from runtime.facts.changes import Step, record, record_many
from runtime.facts.erasing import erase
from runtime.facts.subjects import changes_of, scan
from runtime.facts.succession import Heirs, heirs_of, merge, succeed
from runtime.storage.engine import reading, writing
from runtime.storage.tables import Subject
from tests.facts.histories import FIRST, steps
from tests.rig.profiles import examples

JUNE = date(2026, 6, 1)
DAYS = [date(2026, 3, 1), JUNE - timedelta(1), JUNE, date(2026, 10, 31)]
marks = count()
shared = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=examples(20),
)


@pytest.fixture
def peopled(world):
    """Five in A, two in B, from 1 March on."""
    start = date(2026, 3, 1)
    many = [("A", n) for n in range(5)] + [("B", n) for n in range(2)]
    record_many(
        world.engine,
        world.people,
        [
            Step(subject_id=f"{code}{n}", values={"_unit": world.units[code]}, effective=start)
            for code, n in many
        ],
    )
    return world


def counts(world, *codes):
    with reading(world.engine) as session:
        return {
            code: [
                sum(1 for _ in scan(session, world.people, world.units[code], day)) for day in DAYS
            ]
            for code in codes
        }


def test_a_merge(peopled):
    done = merge(peopled.engine, peopled.units["A"], peopled.units["B"], JUNE, reason="plan 7")
    assert (done.subjects, done.units) == (5, 0)
    assert counts(peopled, "A", "B", "S1", "C") == {
        "A": [5, 5, 0, 0],
        "B": [2, 2, 7, 7],
        "S1": [7, 7, 7, 7],
        "C": [7, 7, 7, 7],
    }
    with reading(peopled.engine) as session:
        (row,) = heirs_of(session, peopled.units["A"])
        assert (row.successor_id, row.on_day, row.ended) == (peopled.units["B"], JUNE, True)
        last = changes_of(session, "A0")[-1]
        assert (last.effective, last.reason, last.provenance["kind"]) == (JUNE, "plan 7", "unit")
        street = peopled.units["S1"]
        for day, codes in ((DAYS[1], ["A", "B"]), (JUNE, ["B"])):
            assert [unit.code for unit in units.children(session, street, day)] == codes


def test_asked_again_it_changes_nothing_more_and_takes_who_came_meanwhile(peopled):
    here, there = peopled.units["A"], peopled.units["B"]
    merge(peopled.engine, here, there, JUNE)
    assert merge(peopled.engine, here, there, JUNE).subjects == 0
    assert counts(peopled, "A", "B") == {"A": [5, 5, 0, 0], "B": [2, 2, 7, 7]}


def test_a_split_by_names_the_unit_ends(peopled):
    with writing(peopled.engine) as session:
        for code in ("A1", "A2"):
            made = units.add_unit(session, code, "community", {}, peopled.units["S1"], JUNE)
            peopled.units[code] = made.id
    one, two = peopled.units["A1"], peopled.units["A2"]
    heirs = Heirs(subjects={"A0": one, "A1": one}, rest=two)
    assert succeed(peopled.engine, peopled.units["A"], heirs, JUNE).subjects == 5
    assert counts(peopled, "A", "A1", "A2", "S1") == {
        "A": [5, 5, 0, 0],
        "A1": [0, 0, 2, 2],
        "A2": [0, 0, 3, 3],
        "S1": [7, 7, 7, 7],
    }


def test_a_unit_that_is_its_own_heir_stays(peopled):
    here, there = peopled.units["A"], peopled.units["B"]
    done = succeed(peopled.engine, here, Heirs(subjects={"A0": there}, rest=here), JUNE)
    assert done.subjects == 1
    assert counts(peopled, "A", "B") == {"A": [5, 5, 4, 4], "B": [2, 2, 3, 3]}
    with reading(peopled.engine) as session:
        units.require_existing(session, here, JUNE)
        assert [row.ended for row in heirs_of(session, here)] == [False]


def test_units_below_are_hung_under_the_heirs(peopled):
    street, other = peopled.units["S1"], peopled.units["S2"]
    assert merge(peopled.engine, street, other, JUNE).units == 2
    assert counts(peopled, "S1", "S2", "A") == {
        "S1": [7, 7, 0, 0],
        "S2": [0, 0, 7, 7],
        "A": [5, 5, 5, 5],
    }


def test_later_moves_and_the_gone_are_left_as_they_are(peopled):
    here, there, far = (peopled.units[code] for code in "ABD")
    for subject, unit, day in (
        ("A0", far, date(2026, 8, 1)),
        ("A1", None, date(2026, 5, 1)),
        ("A1", here, date(2026, 9, 1)),
        ("A2", None, date(2026, 5, 1)),
    ):
        with writing(peopled.engine) as session:
            record(session, peopled.people, subject, {"_unit": unit}, "set", day)
    with writing(peopled.engine) as session:
        erase(session, peopled.people, "A3", None, "asked for")
    merge(peopled.engine, here, there, JUNE)
    assert counts(peopled, "A", "B", "D") == {
        "A": [4, 2, 0, 0],
        "B": [2, 2, 4, 4],
        "D": [0, 0, 0, 1],
    }


@pytest.mark.parametrize(
    ("unit", "heirs", "day", "error", "says"),
    [
        ("A", Heirs(rest=5), date(2026, 12, 1), EntryError, "past day or today"),
        ("A", Heirs(rest=99), JUNE, NotFound, "number 99"),
        ("A", Heirs(subjects={"A0": 5}), JUNE, EntryError, "A1 would be left without a unit"),
        ("S1", Heirs(units={4: 3}), JUNE, EntryError, "“B” would be left"),
        ("A", Heirs(rest=5), date(1900, 1, 1), EntryError, "did not exist before"),
    ],
)
def test_what_is_wrong_is_refused_before_anything_is_written(
    peopled, unit, heirs, day, error, says
):
    with pytest.raises(error, match=says):
        succeed(peopled.engine, peopled.units[unit], heirs, day)
    assert counts(peopled, "A", "B") == {"A": [5] * 4, "B": [2] * 4}
    with reading(peopled.engine) as session:
        assert heirs_of(session, peopled.units[unit]) == []


def test_nobody_can_be_put_where_there_is_no_unit(peopled):
    merge(peopled.engine, peopled.units["A"], peopled.units["B"], JUNE)
    with writing(peopled.engine) as session:
        units.add_unit(session, "N", "community", {}, peopled.units["S1"], JUNE)
        new = units.by_code(session, "N").id
    for unit, day in ((peopled.units["A"], JUNE), (peopled.units["A"], DAYS[0]), (new, DAYS[0])):
        with writing(peopled.engine) as session, pytest.raises(EntryError, match="does not exist"):
            record(session, peopled.people, "B0", {"_unit": unit}, "set", day)
    with writing(peopled.engine) as session, pytest.raises(EntryError, match="does not exist"):
        units.add_unit(session, "G", "grid", {}, peopled.units["A"], JUNE)


@given(history=steps(), day=st.integers(1, 8).map(lambda n: FIRST + timedelta(days=n)))
@shared
def test_whatever_happened_the_days_before_stay_and_nobody_is_lost(world, history, day):
    mark = f"-{next(marks)}"
    record_many(
        world.engine,
        world.people,
        [
            Step(
                subject_id=step.subject_id + mark,
                values=step.values,
                kind=step.kind,
                effective=step.effective,
            )
            for step in history
        ],
    )
    heirs = Heirs(subjects={f"s{n}{mark}": 5 for n in (1, 2, 3)}, rest=4)  # only these, A stays

    def where(on):
        with reading(world.engine) as session:
            return {
                member.subject_id: member.unit_id
                for member in scan(session, world.people, world.units["C"], on)
                if member.subject_id.endswith(mark)
            }

    days = [FIRST + timedelta(days=n) for n in range(-1, 11)]
    before = {on: where(on) for on in days}
    succeed(world.engine, world.units["A"], heirs, day)
    for on in days:
        expected = {s: 5 if unit == 4 and on >= day else unit for s, unit in before[on].items()}
        assert where(on) == expected
    with reading(world.engine) as session:
        held = select(Subject.unit_id).where(Subject.id.like(f"%{mark}"))
        assert 4 not in session.scalars(held).all()
