"""Rows that tell of one whom the register knows are taken together, though nothing in the file links them."""

import pytest

from runtime.imports.apply import apply

COLUMNS = "姓名,公民身份号码,出生日期,户籍地,联系电话\n"


@pytest.fixture
def both(desk):
    """Two who are known by number, and by name and birthday."""
    found = (p for p in desk.people() if {"identity_number", "birth_date"} <= p.document.keys())
    return next(found), next(found)


def by_number(person, place="", phone=""):
    return f",{person.document['identity_number']},,{place},{phone}\n"


def by_name(person, place="", phone=""):
    return f"{person.document['name']},,{person.document['birth_date']},{place},{phone}\n"


def test_what_two_rows_tell_of_one_by_different_keys_is_recorded_together(desk, both):
    one, other = both
    rows = by_number(one, place="甲市") + by_number(other, place="乙市")
    made, counts = desk.check(COLUMNS + rows + by_name(one, phone="13812345678"))
    assert (counts["change"], counts["same"], counts["error"]) == (2, 1, 0)
    assert desk.rows(made, "same")[0].problems[0][1] == "Taken together with row 2."
    apply(desk.site, made, actor=None, allowed=None)
    document = desk.subject(one.id).document
    assert (document["registered_place"], document["phone"]) == ("甲市", "13812345678")


def test_two_rows_of_one_by_different_keys_that_contradict_keep_the_first(desk, both):
    one, _other = both
    made, counts = desk.check(COLUMNS + by_name(one, "甲市") + by_number(one, "乙市"))
    assert (counts["change"], counts["same"], counts["error"]) == (1, 0, 1)
    (wrong,) = desk.rows(made, "error")
    assert wrong.n == 3
    assert "Row 2 is about the same" in wrong.problems[0][1]
    apply(desk.site, made, actor=None, allowed=None)
    assert desk.subject(one.id).document["registered_place"] == "甲市"


@pytest.mark.databases("sqlite")
def test_a_wrong_row_is_taken_together_with_none(desk, both):
    one, _other = both
    rows = by_number(one, phone="1") + by_name(one, "甲市") + by_number(one, "甲市")
    made, counts = desk.check(COLUMNS + rows)
    assert (counts["change"], counts["same"], counts["error"]) == (1, 1, 1)
    assert [row.n for row in desk.rows(made, "change")] == [3]


@pytest.mark.databases("sqlite")
def test_that_two_rows_are_of_one_is_not_told_of_somebody_elsewhere(desk, both):
    one, _other = both
    elsewhere = frozenset({p.unit_id for p in desk.people()} - {one.unit_id})
    made, counts = desk.check(COLUMNS + by_number(one, "甲市") + by_name(one, "乙市"), elsewhere)
    assert counts["error"] == 2
    alone = desk.check(COLUMNS + by_number(one, "甲市"), elsewhere)[0]
    (first, second), (wanted,) = desk.rows(made, "error"), desk.rows(alone, "error")
    assert first.problems == second.problems == wanted.problems
    assert "name" not in first.told
