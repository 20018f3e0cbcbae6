"""What was filled beside what would be filled now."""

import pytest

from runtime.entry import apart, life
from runtime.entry.differences import differences, of_what_stands
from runtime.entry.keep import keep
from runtime.errors import Conflict
from runtime.fields.base import MISSING
from runtime.storage.engine import reading
from tests.entry.test_refill import learn
from tests.entry.town import opened, post, stored


def found(engine, report):
    with reading(engine) as session:
        return differences(session, life.load(session, report))


def told(engine, report):
    return {d.pointer: (d.kept, d.now) for d in found(engine, report).items}


def test_nothing_differs_as_long_as_nothing_is_learnt(engine, report):
    assert found(engine, report).items == ()
    assert found(engine, report).token == ""


def test_a_correction_dated_within_the_period_is_a_difference_and_changes_nothing(engine, report):
    before = stored(engine, report)
    learn(engine, "du", "2026-10-05", grade="2")
    assert told(engine, report)["/graded/2/grown"] == (2, 3)
    after = stored(engine, report)
    assert (after.data, after.revision) == (before.data, before.revision)


def test_what_is_learnt_of_later_days_is_none(engine, report):
    learn(engine, "du", "2026-11-01", grade="2")
    assert found(engine, report).items == ()


def test_totals_follow_and_are_none_themselves(engine, report):
    learn(engine, "du", "2026-10-05", grade="2")
    assert set(told(engine, report)) == {"/graded/1/grown", "/graded/2/grown"}


def test_a_cell_of_a_row_differs_in_the_row_of_its_subject(engine, report):
    learn(engine, "ci", "2026-10-05", name="Aci", phone="77")
    assert told(engine, report) == {
        "/people/2/name": ("Ci", "Aci"),
        "/people/2/phone": (MISSING, "77"),
    }


def test_other_subjects_in_a_list_are_one_difference_of_the_list(engine, report, lake):
    learn(engine, "bo", "2026-10-07", _unit=lake + 1)
    kept, now = told(engine, report)["/people"]
    assert ([r["name"] for r in kept], [r["name"] for r in now]) == (
        ["An", "Bo", "Ci", "Du"],
        ["An", "Ci", "Du"],
    )


def test_what_somebody_typed_or_overrode_is_left_alone(engine, report, people):
    post(engine, report, people["chen"], {"/graded/2/grown": "9", "/people/0/phone": "1"})
    learn(engine, "du", "2026-10-05", grade="2")
    learn(engine, "an", "2026-10-05", phone="2")
    assert set(told(engine, report)) == {"/graded/1/grown"}


def test_one_cell_is_taken_and_all_others_stay(engine, report, people):
    learn(engine, "du", "2026-10-05", grade="2")
    apart.refill(engine, report, people["li"], at="/graded/2/grown")
    entry = stored(engine, report)
    assert entry.data["graded"]["2"] == {"young": 0, "grown": 3, "total": 3}
    assert entry.data["graded"]["1"]["grown"] == 1
    assert entry.provenance["/graded/2/grown"]["lastChange"]["day"] == "2026-10-20"
    assert set(told(engine, report)) == {"/graded/1/grown"}


def test_the_rows_of_a_list_are_taken_whole(engine, report, people, lake):
    learn(engine, "bo", "2026-10-07", _unit=lake + 1)
    apart.refill(engine, report, people["li"], at="/people")
    entry = stored(engine, report)
    assert [row["name"] for row in entry.data["people"]] == ["An", "Ci", "Du"]
    assert entry.provenance["/people/1/name"]["subject"] == "ci"
    assert "/people/3/name" not in entry.provenance
    assert "/people" not in told(engine, report)


def test_a_cell_of_a_row_is_taken_from_the_row_of_its_subject(engine, report, people):
    learn(engine, "ci", "2026-10-05", name="Aci", phone="77")
    apart.refill(engine, report, people["li"], at="/people/2/phone")
    rows = stored(engine, report).data["people"]
    assert [row.get("phone") for row in rows] == [None, None, "77", None]
    assert [row["name"] for row in rows] == ["An", "Bo", "Ci", "Du"]


def test_a_fact_that_is_no_longer_known_is_a_difference_and_taken_as_empty(engine, report, people):
    learn(engine, "an", "2026-10-05", phone="1")
    apart.refill(engine, report, people["li"])
    with_phone = stored(engine, report)
    assert with_phone.data["people"][0]["phone"] == "1"
    learn(engine, "an", "2026-10-06", phone=None)
    assert told(engine, report) == {"/people/0/phone": ("1", MISSING)}
    apart.refill(engine, report, people["li"], at="/people/0/phone")
    entry = stored(engine, report)
    assert "phone" not in entry.data["people"][0]
    assert "/people/0/phone" not in entry.provenance


def test_the_token_is_of_exactly_these(engine, report):
    learn(engine, "du", "2026-10-05", grade="2")
    first = found(engine, report).token
    assert first == found(engine, report).token != ""
    learn(engine, "ci", "2026-10-05", grade="1")
    assert found(engine, report).token != first


def test_what_was_changed_meanwhile_is_no_difference_any_more(engine, report, people):
    learn(engine, "du", "2026-10-05", grade="2")
    known = found(engine, report)
    post(engine, report, people["chen"], {"/graded/2/grown": "9"})
    entry = stored(engine, report)
    assert set(of_what_stands(known, entry.data, entry.provenance)) == {"/graded/1/grown"}
    assert of_what_stands(None, entry.data, entry.provenance) == {}


def test_a_value_that_is_kept_with_a_reason_stands_beside_what_is_known(engine, report, people):
    learn(engine, "du", "2026-10-05", grade="2")
    known = found(engine, report)
    with opened(engine, report) as (session, entry):
        keep(session, entry, known, {"/graded/2/grown": "counted twice"}, people["li"])
    entry = stored(engine, report)
    told = entry.provenance["/graded/2/grown"]
    assert (entry.data["graded"]["2"]["grown"], told["kind"], told["value"]) == (2, "overridden", 3)
    assert (told["reason"], told["actor"], told["was"]["kind"]) == (
        "counted twice",
        "Li Na",
        "register",
    )
    assert set(found_pointers(engine, report)) == {"/graded/1/grown"}
    apart.refill(engine, report, people["li"], at="/graded/2/grown")
    assert stored(engine, report).data["graded"]["2"]["grown"] == 3


def test_nothing_is_kept_without_a_reason_or_after_others_saved(engine, report, people):
    learn(engine, "du", "2026-10-05", grade="2")
    known = found(engine, report)
    with opened(engine, report) as (session, entry):
        keep(session, entry, known, {"/graded/2/grown": "  ", "/lent": "why"}, people["li"])
    assert stored(engine, report).revision == 1
    post(engine, report, people["chen"], {"/lent": "3"})
    with pytest.raises(Conflict), opened(engine, report) as (session, entry):
        keep(session, entry, known, {"/graded/2/grown": "so"}, people["li"])


def found_pointers(engine, report):
    return [d.pointer for d in found(engine, report).items]
