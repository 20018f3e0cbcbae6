"""A unit's mark moves with what is said of its own subjects, and with nothing else: on both kinds of database."""

from datetime import date
from functools import partial

import pytest

from runtime.entry import unmoved
from runtime.entry.unmoved import mark_of_subjects, mark_of_unit
from runtime.facts import proposals
from runtime.facts.changes import record
from runtime.facts.units import by_code
from runtime.storage.engine import writing
from tests.entry.town import OCTOBER
from tests.fill.town import RESIDENT, dispute


@pytest.fixture
def session(engine):
    with writing(engine) as session:
        yield session


@pytest.fixture
def lake(session):
    return by_code(session, "lake").id


def say(session, subject, **values):
    record(session, RESIDENT, subject, values, "set", date(2026, 10, 30))
    session.flush()


def test_it_moves_with_what_is_said_of_its_own_subjects_alone(session, lake):
    def moved(change):
        before = mark_of_unit(session, lake, OCTOBER.last), mark_of_subjects(session, ["ed"])
        change()
        after = mark_of_unit(session, lake, OCTOBER.last), mark_of_subjects(session, ["ed"])
        return [was != now for was, now in zip(before, after, strict=True)]

    assert moved(lambda: say(session, "ci", grade="2")) == [True, False]
    assert moved(lambda: say(session, "ed", grade="2")) == [False, True]
    assert moved(lambda: dispute(session, "ci", lake)) == [True, False]
    held = dispute(session, "ed", lake)
    assert moved(partial(proposals.refuse, session, held.id, None, answer="no")) == [False, True]
    assert moved(lambda: say(session, "ci", _unit=None)) == [True, False]
    assert moved(lambda: None) == [False, False]


def test_of_a_large_unit_it_is_that_of_the_site(session, lake, monkeypatch):
    monkeypatch.setattr(unmoved, "MOST", 2)
    before = mark_of_unit(session, lake, OCTOBER.last)
    say(session, "ed", grade="2")
    assert mark_of_unit(session, lake, OCTOBER.last) != before
