"""What is known is carried over to another key and back, whatever the history; nothing is said twice or lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from runtime.errors import Problem
from runtime.facts import carried
from runtime.facts.carried import Carrying
from runtime.facts.changes import record
from runtime.facts.looked_over import how_many, looked_over
from runtime.facts.registers import Register
from runtime.facts.timeline import as_of
from runtime.storage.engine import make_engine, reading, writing
from runtime.storage.tables import Change, Subject, Unit, new_id
from tests.storage.conftest import migrate

REGISTER = Register("resident", {"properties": {"old": {"maxAge": "P1M"}, "new": {}, "other": {}}})
WHAT = Carrying("resident", "old", "new", 7)
CODE = Carrying("resident", "old", "old", 8, "a", "b")
FIRST = date(2026, 1, 1)
words = st.lists(
    st.tuples(
        st.sampled_from(["old", "new", "other"]),
        st.sampled_from(["a", "b", "c", None]),
        st.integers(0, 9),
    ),
    max_size=8,
)


@pytest.fixture
def engine(prepared_database, fixed_now):
    engine = make_engine(prepared_database("migrated", migrate))
    with writing(engine) as session:
        session.add(Unit(id=1, code="1", level="grid", title={}))
    yield engine
    engine.dispose()


def _subject(engine, told):
    key = new_id()
    with writing(engine) as session:
        record(session, REGISTER, key, {"_unit": 1}, "set", FIRST)
        for field, value, day in told:
            kind = "clear" if value is None else "set"
            record(session, REGISTER, key, {field: value}, kind, FIRST + timedelta(days=day))
    return key


def _states(engine, key):
    with reading(engine) as session:
        timeline = session.get(Subject, key).timeline
        return [as_of(timeline, FIRST + timedelta(days=n)) for n in range(10)]


def _changes(engine):
    with reading(engine) as session:
        return len(session.scalars(select(Change.id)).all())


@pytest.mark.databases("sqlite")
def test_carried_over_and_back_is_as_before(engine):
    @settings(max_examples=60, deadline=None)
    @given(words)
    def law(told):
        key = _subject(engine, told)
        before = _states(engine, key)
        carried.carry(engine, REGISTER, WHAT, None)
        there = _states(engine, key)
        assert [one.get("old") for one in there] == [one.get("old") for one in before]
        assert [one.get("other") for one in there] == [one.get("other") for one in before]
        if not any(field == "new" for field, _value, _day in told):
            assert [one.get("new") for one in there] == [one.get("old") for one in before]
        count = _changes(engine)
        carried.carry(engine, REGISTER, WHAT, None)
        assert _changes(engine) == count
        carried.take_back(engine, REGISTER, WHAT, None)
        assert _states(engine, key) == before

    law()


def test_one_field_becomes_another(engine):
    key = _subject(engine, [("old", "a", 1), ("old", "b", 5)])
    known = _subject(engine, [("old", "a", 1), ("new", "c", 3)])
    assert carried.carry(engine, REGISTER, WHAT, None).subjects == 1
    assert [one.get("new") for one in _states(engine, key)][::4] == [None, "a", "b"]
    assert [one.get("new") for one in _states(engine, known)][::4] == [None, "c", "c"]
    with reading(engine) as session:
        told = session.scalars(select(Change).where(Change.subject_id == key)).all()
        assert told[-1].provenance == {"source": "dictionary", "step": 7, "field": "old"}


def test_a_code_becomes_another_and_back(engine):
    key = _subject(engine, [("old", "a", 1), ("old", "c", 5)])
    assert carried.carry(engine, REGISTER, CODE, None).subjects == 1
    assert [one.get("old") for one in _states(engine, key)][::4] == [None, "b", "c"]
    carried.take_back(engine, REGISTER, CODE, None)
    assert [one.get("old") for one in _states(engine, key)][::4] == [None, "a", "c"]


def test_what_somebody_says_since_stays_when_it_is_taken_back(engine):
    key = _subject(engine, [("old", "a", 1)])
    carried.carry(engine, REGISTER, WHAT, None)
    with writing(engine) as session:
        record(session, REGISTER, key, {"new": "c"}, "set", FIRST + timedelta(days=1))
    carried.take_back(engine, REGISTER, WHAT, None)
    assert _states(engine, key)[9]["new"] == "c"


def test_how_well_a_field_is_known(engine):
    for told in ([("old", "a", 1)], [("other", "b", 2)], []):
        _subject(engine, told)
    with reading(engine) as session:
        found = looked_over(session, "resident", REGISTER.schema["properties"], date(2026, 11, 1))
        assert (found["old"].subjects, found["old"].known, found["old"].fresh) == (3, 1, 0)
        assert (found["other"].known, found["other"].fresh, found["other"].last) == (
            1,
            1,
            date(2026, 1, 3),
        )
        assert found["new"].known == 0
        assert how_many(session, "resident", "old") == 1
        assert how_many(session, "resident", "other", ["a", "b"]) == 1
        assert how_many(session, "resident", "other", ["a"]) == 0


def test_what_is_left_is_counted_without_doing_it(engine):
    one = _subject(engine, [("old", "a", 1), ("old", "b", 3)])
    _subject(engine, [("other", "a", 1)])
    _subject(engine, [("old", "a", 1), ("new", "b", 2)])
    with reading(engine) as session:
        assert carried.left(session, REGISTER, WHAT) == carried.Left(1)
        assert carried.left(session, REGISTER, CODE) == carried.Left(2)
        few = carried.left(session, REGISTER, WHAT, most=1)  # whichever of the two comes first
        assert few in (carried.Left(0, is_all=False), carried.Left(1, is_all=False))
    carried.carry(engine, REGISTER, WHAT, None)
    with reading(engine) as session:
        assert carried.left(session, REGISTER, WHAT) == carried.Left()
        assert session.get(Subject, one).document["new"] == "b"
    refusing = Register("resident", REGISTER.schema, lambda _v: [Problem("x", "no", "/new", "")])
    _subject(engine, [("old", "a", 1)])
    with reading(engine) as session:
        assert carried.left(session, refusing, WHAT) == carried.Left(0, 1)
