"""What is found of an open entry's cells, and of whom: on both kinds of database, as long as the cells stand so."""

import re
from datetime import date

import pytest

from runtime.entry import life
from runtime.entry.looked_at import looked_at, marked
from runtime.facts.changes import record
from runtime.facts.units import by_code
from runtime.storage.engine import reading, writing
from tests.entry.town import OCTOBER, post, stored
from tests.fill.town import RESIDENT, dispute

SCHEMAS = {
    "resident": {"properties": {"grade": {"maxAge": "P3M"}}},
    "aid": {"properties": {}},
}
STALE = {"/graded/1/young", "/graded/1/grown", "/graded/2/grown"}


@pytest.fixture
def look(engine, report):
    """`look()`: what is found of the report, and the report."""

    def now():
        with reading(engine) as session:
            entry = stored(engine, report)
            return looked_at(session, [entry], SCHEMAS)[report], entry

    return now


def test_only_cells_of_which_there_is_more_to_tell_are_named(look):
    found, entry = look()
    assert {p for p, one in found.cells.items() if one.state == "stale"} == STALE
    assert found.whole
    assert found.standing(entry.data, entry.provenance).keys() == found.cells.keys()
    old = found.cells["/graded/2/grown"]
    assert (old.old, old.subjects, old.before) == (1, 2, date(2026, 7, 31))
    assert (old.concerned, old.fields) == (1, {"grade"})


def test_of_whom_it_is_found_is_not_remembered(look):
    """There may be thousands of them, in thousands of entries."""
    found, entry = look()
    assert not [
        one
        for one in found.cells.values()
        if {"an", "bo", "ci"} & set(re.findall(r"\w+", repr(one)))
    ]
    assert found.provenance.keys() <= found.cells.keys() < entry.provenance.keys()


def test_a_cell_that_was_typed_over_no_longer_stands_so(engine, report, look):
    found, _entry = look()
    post(engine, report, 1, {"/graded/2/grown": "7"})
    entry = stored(engine, report)
    assert STALE - found.standing(entry.data, entry.provenance).keys() == {"/graded/2/grown"}


def test_what_is_said_again_is_fresh(engine, look):
    with writing(engine) as session:
        record(session, RESIDENT, "ci", {"grade": "2"}, "confirm", date(2026, 10, 30))
    assert "/graded/2/grown" not in look()[0].cells


def test_whose_facts_are_old_or_disputed(engine, report):
    with writing(engine) as session:
        dispute(session, "an", by_code(session, "lake").id)
    with reading(engine) as session:
        plan = life.plan_for(session, stored(engine, report))
        rule = next(r for n, r in plan.rules.items() if n.endswith("graded"))
        some = ["an", "ci", "ed"]
        found = marked(session, rule, some, OCTOBER.last, SCHEMAS, readable=some)
        elsewhere = marked(session, rule, some, OCTOBER.last, SCHEMAS, readable=["ci", "ed"])
    assert elsewhere.keys() == {"ci"}
    assert {one: (dict(m.old), m.disputed) for one, m in found.items()} == {
        "an": ({}, ("grade",)),
        "ci": ({"grade": date(2026, 1, 1)}, ()),
    }
