"""What a page reads of one unit tells of its figures what a reading of everybody tells."""

from datetime import date

import pytest
from sqlalchemy import event

from runtime.definitions.compile import compile_form
from runtime.entry.count import seen_of
from runtime.entry.life import prefilled
from runtime.facts.changes import record
from runtime.facts.units import below
from runtime.fill import ground_of_unit as module
from runtime.fill.ground import read_ground
from runtime.fill.ground_of_unit import ground_of_unit, wanted_by
from runtime.periods import Period
from runtime.storage.engine import writing
from tests.fill.library import REPORT, library
from tests.fill.town import RESIDENT, dispute

OCTOBER = Period.parse("202610")
LAST = OCTOBER.last
SCHEMAS = {
    "resident": {"properties": {"grade": {"maxAge": "P3M"}}},
    "aid": {"properties": {"amount": {"maxAge": "P1M"}}},
}


@pytest.fixture
def session(engine):
    with writing(engine) as session:
        yield session


@pytest.fixture
def plan():
    return compile_form(REPORT, library=library())


def told(plan, ground, session, lake):
    filled = prefilled(session, plan, lake, OCTOBER)
    content = filled.data, filled.choices, filled.provenance
    seen = seen_of(ground, plan, below(session, lake, LAST), OCTOBER.first, content)
    return {one.pointer: (one.state, one.faults, one.unknown, one.old, one.before) for one in seen}


def near(session, plan, lake, also=()):
    return ground_of_unit(session, SCHEMAS, LAST, lake, wanted_by([plan]), also)


@pytest.mark.parametrize("disputed", [False, True])
def test_it_tells_the_same_as_reading_everybody(session, lake, plan, disputed):
    record(session, RESIDENT, "du", {"grade": None}, "clear", LAST)
    if disputed:
        dispute(session, "ci", lake)
    session.flush()
    everybody = told(plan, read_ground(session, SCHEMAS, LAST), session, lake)
    assert told(plan, near(session, plan, lake), session, lake) == everybody
    states = {state for state, *_rest in everybody.values()}
    assert {"stale", "fresh"} <= states
    assert ("conflict" in states) is disputed


def test_a_field_that_nobody_here_has_may_be_known_elsewhere(session, lake, plan):
    for one in ("an", "bo", "ci", "du"):
        record(session, RESIDENT, one, {"grade": None}, "clear", date(2026, 10, 30))
    session.flush()
    assert ("resident", "grade") not in near(session, plan, lake).known
    record(session, RESIDENT, "ed", {"grade": "3"}, "set", date(2026, 10, 30))
    session.flush()
    assert ("resident", "grade") in near(session, plan, lake).known


def test_subjects_that_are_elsewhere_are_there_where_they_are_asked_for(session, lake, plan):
    assert "ed" not in near(session, plan, lake).by_id
    assert "ed" in near(session, plan, lake, ["ed"]).by_id


def test_a_large_unit_is_not_read(session, lake, plan, monkeypatch):
    monkeypatch.setattr(module, "MOST", 4)
    assert near(session, plan, lake) is None
    assert near(session, plan, lake, "abcde") is None


def test_in_a_large_register_a_field_is_taken_as_known(session, lake, plan, monkeypatch):
    for one in ("an", "bo", "ci", "du", "ed"):
        record(session, RESIDENT, one, {"grade": None}, "clear", date(2026, 10, 30))
    session.flush()
    monkeypatch.setattr(module, "MOST_ELSEWHERE", 3)
    monkeypatch.setattr(module, "_large", {})
    assert ("resident", "grade") in near(session, plan, lake).known


def statements(session, engine, look):
    """What is asked of the database meanwhile."""
    asked = []

    def note(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        look()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return asked


def test_subjects_are_asked_for_by_their_ids_alone(session, lake, plan, engine):
    """Else PostgreSQL reads the whole table for one grid."""
    asked = statements(session, engine, lambda: near(session, plan, lake, ["ed"]))
    reading = [one.partition("WHERE")[2] for one in asked if "subject.timeline" in one]
    assert reading
    assert not [one for one in reading if "OR" in one or "SELECT" in one]


def test_how_large_a_register_is_and_who_is_known_is_found_out_once(
    session, lake, plan, engine, monkeypatch
):
    monkeypatch.setattr(module, "_large", {})
    monkeypatch.setattr(module, "_found", {})
    for one in ("an", "bo", "ci", "du"):
        record(session, RESIDENT, one, {"grade": None}, "clear", date(2026, 10, 30))
    record(session, RESIDENT, "ed", {"grade": "3"}, "set", date(2026, 10, 30))
    session.flush()
    near(session, plan, lake)
    record(session, RESIDENT, "ed", {"phone": "1"}, "set", date(2026, 10, 30))
    session.flush()
    asked = statements(session, engine, lambda: near(session, plan, lake))
    assert not [one for one in asked if "LIKE" in one or "count(" in one]
    assert ("resident", "grade") in near(session, plan, lake).known
    record(session, RESIDENT, "ed", {"grade": None}, "clear", date(2026, 10, 30))
    session.flush()
    assert ("resident", "grade") not in near(session, plan, lake).known
