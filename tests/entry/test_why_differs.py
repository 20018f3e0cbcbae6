"""Of each figure that differs the change that made it differ is told: also where it lost somebody."""

from datetime import date, timedelta

import pytest

from runtime import clock
from runtime.definitions.place import cells, place
from runtime.entry import life, why_differs
from runtime.entry.differences import differences
from runtime.entry.why_differs import last_changes
from runtime.facts.changes import record
from runtime.facts.units import by_code
from runtime.storage.engine import reading, writing
from tests.entry.town import stored
from tests.fill.town import RESIDENT
from tests.rig import FIXED_NOW


@pytest.fixture
def told(engine, report):
    """`told()`: the differing figures of the report, with day and actor of the change behind each."""

    def look():
        with reading(engine) as session:
            entry = stored(engine, report)
            plan = life.plan_for(session, entry)
            placed = cells(place(plan, entry.data, entry.choices))
            fills = {c.pointer: c.node.fill for c in placed if getattr(c.node, "fill", None)}
            differing = {d.pointer for d in differences(session, entry).items} & fills.keys()
            found = last_changes(session, entry, plan, {p: fills[p] for p in differing})
            return {p: (found[p]["day"], found[p]["actor"]) for p in found}, differing

    return look


def say(engine, *changes):
    with clock.fixed(FIXED_NOW + timedelta(minutes=5)), writing(engine) as session:
        for subject_id, day, values in changes:
            moved = {"_unit": by_code(session, values["_unit"]).id} if "_unit" in values else {}
            record(session, RESIDENT, subject_id, values | moved, "set", day, actor=1)


def test_both_the_figure_that_lost_and_the_one_that_gained(engine, told):
    say(
        engine,
        ("ci", date(2026, 10, 6), {"grade": "1"}),
        ("an", date(2026, 10, 25), {"phone": "1"}),
    )
    found, differing = told()
    assert found.keys() == differing == {"/graded/1/grown", "/graded/2/grown"}
    assert set(found.values()) == {("2026-10-06", "Chen Wei")}


def test_who_has_moved_away_is_not_told_by_whom(engine, told):
    say(engine, ("ci", date(2026, 10, 6), {"_unit": "hill"}))
    found, differing = told()
    assert differing <= found.keys()
    assert set(found.values()) == {("2026-10-06", "")}


def test_of_very_many_changes_nobody_waits_for_it(engine, told, monkeypatch):
    monkeypatch.setattr(why_differs, "MOST", 1)
    say(engine, *((one, date(2026, 10, 6), {"grade": "3"}) for one in ("an", "bo", "ci")))
    assert told()[0] == {}


@pytest.mark.databases("sqlite", "postgresql")
def test_of_a_large_unit_only_the_newest_changes_are_looked_through(engine, told, monkeypatch):
    say(engine, ("ci", date(2026, 10, 6), {"grade": "1"}))
    changed = {("2026-10-06", "Chen Wei")}
    assert set(told()[0].values()) == changed
    monkeypatch.setattr(why_differs, "LOOKED", 2)
    assert set(told()[0].values()) == changed
    say(engine, *((one, date(2026, 10, 25), {"phone": "1"}) for one in ("an", "bo")))
    assert told()[0] == {}
    monkeypatch.setattr(why_differs, "LOOKED", 99)
    assert set(told()[0].values()) == changed
