from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import event

from runtime.definitions.place import cells, place
from runtime.definitions.verdict import problems
from runtime.entry.totals import with_totals
from runtime.errors import EntryError, NotFound
from runtime.fill.filling import behind, fill
from runtime.periods import Period
from tests.fill.library import BASE, REPORT, VISIT, plan_of

OCTOBER = Period.parse("202610")
PEOPLE = BASE + "indicators/people.json#/properties/"


@pytest.fixture
def report(session, lake):
    return fill(session, plan_of(REPORT), lake, OCTOBER, compute=with_totals)


def test_every_cell_that_can_be_known_is_filled(report):
    assert report.data == {
        "graded": {
            "1": {"young": 1, "grown": 1, "total": 2},
            "2": {"young": 0, "grown": 2, "total": 2},
            "total": {"young": 1, "grown": 3, "total": 4},
        },
        "all": 4,
        "paid": Decimal("10.30"),
        "sum": 4,
        "kind": "monthly",
        "people": [
            {"name": "An", "age": 76},
            {"name": "Bo", "age": 17},
            {"name": "Ci", "age": 18},
            {"name": "Du", "age": 36},
        ],
        "again": 4,
    }
    assert report.choices == {}
    assert report.empty == 2


def test_what_is_left_is_what_a_person_must_type(report):
    data = {**report.data, "lent": 1, "many": 4}
    assert problems(plan_of(REPORT), data) == []


def test_a_figure_says_what_it_was_counted_from(report):
    graded = report.provenance["/graded/2/grown"]
    assert graded == {
        "kind": "register",
        "register": "resident",
        "rule": PEOPLE + "graded",
        "of": 4,
        "asOf": "2026-10-31",
        "count": 2,
        "lastChange": {"day": "2026-10-20", "actor": "Chen Wei"},
    }
    paid = report.provenance["/paid"]
    assert (paid["from"], paid["asOf"], paid["count"], paid["of"]) == (
        "2026-10-01",
        "2026-10-31",
        2,
        3,
    )
    assert paid["lastChange"] == {"day": "2026-10-31", "actor": ""}
    assert "lastChange" not in report.provenance["/graded/2/young"]


def test_totals_are_formulas_and_say_so(report):
    assert report.provenance["/graded/total/total"]["kind"] == "formula"
    assert report.provenance["/graded/total/total"]["count"] == 4
    assert report.provenance["/sum"] == {"kind": "formula"}


def test_rows_tell_whose_they_are_and_since_when(report):
    assert report.provenance["/people"]["count"] == 4
    assert report.provenance["/people/0/name"] == {
        "kind": "subject",
        "subject": "an",
        "register": "resident",
        "field": "name",
        "asOf": "2026-10-31",
        "lastChange": {"day": "2026-01-01", "actor": "Chen Wei"},
        "since": "2026-01-01",
    }
    assert report.provenance["/people/0/age"]["lastChange"]["day"] == "2026-01-01"
    assert "/people/0/phone" not in report.provenance


def test_a_constant_and_what_nobody_knows_have_no_source(report):
    assert not {"/kind", "/lent", "/remarks", "/many"} & report.provenance.keys()


def test_parts_that_are_not_there_are_not_filled(session, town, lake):
    august = Period.parse("202608")
    hill = fill(session, plan_of(REPORT), lake + 1, august)
    assert "again" not in hill.data
    assert hill.data["all"] == 0
    assert hill.data["people"] == []
    assert hill.empty == 1


def test_a_unit_above_is_filled_from_all_below(session, town):
    assert fill(session, plan_of(REPORT), town, OCTOBER).data["all"] == 5


def test_each_register_is_read_once(session, lake):
    statements = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *a: statements.append(a[2]))
    fill(session, plan_of(REPORT), lake, OCTOBER)
    assert sum("FROM belonging" in s for s in statements) == 2
    assert len(statements) < 12


def test_what_is_there_already_stays(session, lake):
    data = {"all": 9, "graded": {"1": {"young": 5}}, "people": [{"name": "X"}]}
    found = fill(session, plan_of(REPORT), lake, OCTOBER, data=data, compute=with_totals)
    assert found.data["all"] == 9
    assert found.data["people"] == [{"name": "X"}]
    assert found.data["graded"]["1"] == {"young": 5, "grown": 1, "total": 6}
    assert "/all" not in found.provenance


def test_a_form_about_a_subject_is_filled_from_its_facts(session, lake):
    found = fill(session, plan_of(VISIT), lake, subject_id="bo")
    assert found.data == {"name": "Bo", "age": 18, "grade": "2"}
    assert found.empty == 1
    assert found.provenance["/grade"] == {
        "kind": "subject",
        "subject": "bo",
        "register": "resident",
        "field": "grade",
        "asOf": "2026-11-01",
        "lastChange": {"day": "2026-11-01", "actor": "Chen Wei"},
        "since": "2026-11-01",
    }


def test_behind_every_figure_stand_as_many_subjects_as_it_says(session, lake, report):
    plan = plan_of(REPORT)
    counted = [
        c for c in cells(place(plan, report.data)) if c.node.fill and "paid" not in c.pointer
    ]
    assert len(counted) == 11
    for cell in counted:
        found = behind(session, plan, cell.node.fill, lake, OCTOBER)
        assert len(found) == cell.value == report.provenance[cell.pointer]["count"], cell.pointer
        assert all(one.changed <= date(2026, 10, 31) for one in found)


def test_a_form_says_what_it_needs(session, lake):
    with pytest.raises(EntryError, match="needs a period"):
        fill(session, plan_of(REPORT), lake)
    with pytest.raises(EntryError, match="one subject"):
        fill(session, plan_of(VISIT), lake)
    with pytest.raises(NotFound):
        fill(session, plan_of(VISIT), lake, subject_id="nobody")
    with pytest.raises(NotFound):
        fill(session, plan_of(REPORT), 999, OCTOBER)
