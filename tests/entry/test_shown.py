"""Of the cells that a page showed those are still so that hold the same, in the same row."""

from datetime import date

import pytest

from runtime.entry import apart, life
from runtime.entry.shown import still_shown
from runtime.errors import Conflict
from runtime.facts.changes import record
from runtime.facts.units import by_code
from runtime.storage.engine import reading, writing
from tests.entry.town import opened, post
from tests.fill.town import RESIDENT

CELLS = ("/all", "/people/0/name", "/people/1/age", "/people/1/name", "/people/3/name")


def left(engine, report, revision, cells=CELLS):
    with reading(engine) as session:
        entry = life.load(session, report)
        return still_shown(session, entry, life.plan_for(session, entry), revision, cells)


@pytest.mark.databases("sqlite", "postgresql")
def test_what_somebody_typed_in_the_same_row_leaves_the_other_cells(engine, report, people):
    assert left(engine, report, 1) == set(CELLS)
    post(engine, report, people["chen"], {"/people/1/note": "asked", "/people/3/name": "Du Fu"})
    assert left(engine, report, 1) == set(CELLS) - {"/people/3/name"}


def test_a_cell_whose_row_moved_is_left_out(engine, report, people):
    with opened(engine, report) as (session, entry):
        rows = entry.data["people"]
        moved = {**entry.data, "people": [rows[1], rows[0], *rows[2:]]}
        # as rows that people add: nothing tells of whom they speak
        life.put(session, entry, moved, entry.choices, entry.provenance, people["li"])
    assert left(engine, report, 1) == {"/all", "/people/3/name"}


@pytest.mark.databases("sqlite", "postgresql")
def test_where_another_stands_in_a_row_by_now_nothing_was_shown(engine, report, people):
    with writing(engine) as session:
        away = {"_unit": by_code(session, "hill").id}
        record(session, RESIDENT, "an", away, "set", date(2026, 10, 3))
    apart.refill(engine, report, people["li"])
    with pytest.raises(Conflict):
        left(engine, report, 1)


@pytest.mark.parametrize("revision", [0, 2])
def test_of_a_revision_that_there_is_not_nothing_was_shown(engine, report, revision):
    with pytest.raises(Conflict):
        left(engine, report, revision)
