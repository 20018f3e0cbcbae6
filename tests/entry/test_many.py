"""Entries begun for many units hold what each would alone, and leave alone what somebody has begun."""

import pytest
from sqlalchemy import select

from runtime.entry import life, many, versions
from runtime.errors import EntryError, NotFound
from runtime.periods import Period
from runtime.storage.engine import reading
from runtime.storage.tables import Entry, EntryRevision, Unit
from tests.entry.town import OCTOBER, actions, post, stored
from tests.fill.library import REPORT


def every_unit(engine):
    with reading(engine) as session:
        return list(session.scalars(select(Unit.id).order_by(Unit.id)))


def held(engine, entry_id):
    entry = stored(engine, entry_id)
    with reading(engine) as session:
        kept = session.get(EntryRevision, (entry_id, 1))
        revision = (kept.data, kept.choices, kept.by)
    names = ("data", "choices", "provenance", "state", "revision", "form_version_id", "created_by")
    return [getattr(entry, name) for name in names], revision, actions(engine, entry_id)


def test_each_holds_what_it_would_hold_alone(engine, people, monkeypatch):
    monkeypatch.setattr(many, "AT_ONCE", 2)
    units = every_unit(engine)
    begun = many.start_all(engine, REPORT, units, OCTOBER, people["chen"])
    assert list(begun) == units
    together = {unit: held(engine, entry_id) for unit, entry_id in begun.items()}
    with reading(engine) as session:
        plan = versions.plan_of(versions.require_latest(session, REPORT))
        for unit in units:
            filled = life.prefilled(session, plan, unit, OCTOBER)
            columns, revision, steps = together[unit]
            assert columns[:3] == [filled.data, filled.choices, filled.provenance]
            assert columns[3:5] == ["draft", 1]
            assert revision == (filled.data, filled.choices, people["chen"])
            assert steps == ["entry.start"]


def test_what_somebody_has_begun_stays_as_it_is(engine, report, lake, people):
    post(engine, report, people["chen"], {"/lent": "3"})
    before = held(engine, report)
    assert many.start_all(engine, REPORT, every_unit(engine), OCTOBER)[lake] == report
    assert held(engine, report) == before


def test_a_form_or_period_that_is_none_begins_nothing(engine, lake):
    with pytest.raises(NotFound):
        many.start_all(engine, "https://yibiao.example/defs/forms/a/b.json", [lake], OCTOBER)
    with pytest.raises(EntryError, match="not for such a period"):
        many.start_all(engine, REPORT, [lake], Period.parse("2026"))
    with reading(engine) as session:
        assert session.scalars(select(Entry)).all() == []
