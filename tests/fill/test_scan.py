from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import event

from runtime.definitions.plan import By, ListRule, Rule
from runtime.fill.scan import Lister, read, subjects_behind, subjects_outside, wanted_of
from runtime.rules.figures import Counter

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
DERIVE = {"age": {"whole": "years", "since": "birth_date"}}
AGE = By("age", ("0-17", "18+"), {"0-17": (None, 17), "18+": (18, None)})
SEX = By("sex", ("1", "2"))
HOLDERS = Rule(
    definition="holders",
    op="count",
    register="resident",
    where={"properties": {"grade": {"enum": ["1", "2"]}}, "required": ["grade"]},
    by=(By("grade", ("1", "2")), AGE, SEX),
    derive=DERIVE,
)
PAID = Rule(
    definition="paid", op="sum", register="aid", kind="flow", field="amount", on="granted_date"
)


def counted(session, rule, unit_id, first=FIRST, last=LAST):
    counter = Counter(rule, first, last)
    read(session, wanted_of([(rule, counter)]), unit_id, last)
    return counter.figures


def test_a_stock_is_what_was_so_on_the_periods_last_day(session, lake):
    figures = counted(session, HOLDERS, lake)
    found = {codes: figure.subjects for codes, figure in figures.cells.items()}
    assert found == {("2", "18+", "1"): 1, ("1", "0-17", "2"): 1, ("2", "18+", "2"): 1}
    assert figures.outside == 1
    assert figures.of(("2", "total", "total")).changed == date(2026, 10, 20)


def test_a_day_later_the_same_people_stand_elsewhere(session, lake):
    figures = counted(session, HOLDERS, lake, date(2026, 11, 1), date(2026, 11, 30))
    found = {codes: figure.subjects for codes, figure in figures.cells.items()}
    assert found == {("2", "18+", "1"): 1, ("2", "18+", "2"): 2}


def test_a_flow_adds_up_what_is_dated_in_the_period(session, lake):
    assert counted(session, PAID, lake).of(()).value == Decimal("10.30")


@pytest.mark.parametrize(("last", "here"), [("2026-08-31", 5), ("2026-10-31", 4)])
def test_who_has_moved_counts_where_they_were(session, lake, last, here):
    day = date.fromisoformat(last)
    everybody = Rule(definition="", op="count", register="resident")
    wanted = wanted_of([(everybody, Counter(everybody, day, day))])
    assert read(session, wanted, lake, day) == {"resident": here}


def test_rows_come_in_order_with_the_unknown_last(session, lake):
    rule = ListRule(register="resident", where={"required": ["sex"]}, order=("house", "name"))
    lister = Lister(rule, LAST, LAST)
    read(session, wanted_of([(rule, lister)]), lake, LAST)
    assert [row.subject_id for row in lister.rows] == ["bo", "ci", "an", "du"]


@pytest.mark.parametrize("last", ["2026-10-31", "2026-09-30"])
def test_rows_of_a_period_are_as_many_as_the_flow_of_the_same_day_says(session, lake, last):
    end = date.fromisoformat(last)
    first = end.replace(day=1)
    flow = Rule("", "count", "aid", kind="flow", on="granted_date")
    listed = ListRule(register="aid", on="granted_date")
    lister = Lister(listed, first, end)
    counter = Counter(flow, first, end)
    read(session, wanted_of([(listed, lister), (flow, counter)]), lake, end)
    assert len(lister.rows) == counter.figures.of(()).subjects
    days = [row.document["granted_date"] for row in lister.rows]
    assert all(first.isoformat() <= day <= last for day in days)


def test_however_many_rules_a_register_is_read_once(session, lake):
    statements = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *a: statements.append(a[2]))
    rules = [HOLDERS] * 48 + [PAID]
    wanted = wanted_of((rule, Counter(rule, FIRST, LAST)) for rule in rules)
    assert read(session, wanted, lake, LAST) == {"resident": 4, "aid": 3}
    assert sum("FROM subject" in s for s in statements) == 2


@pytest.mark.parametrize("grade", ["1", "2", "total"])
@pytest.mark.parametrize("age", ["0-17", "18+", "total"])
@pytest.mark.parametrize("sex", ["1", "2", "total"])
def test_behind_a_figure_stand_as_many_as_it_says(session, lake, grade, age, sex):
    codes = (grade, age, sex)
    behind = subjects_behind(session, HOLDERS, codes, lake, FIRST, LAST)
    assert len(behind) == counted(session, HOLDERS, lake).of(codes).value
    assert all(one.document["age"] >= 0 for one in behind)


def test_behind_a_sum_stand_those_with_an_amount(session, lake):
    behind = subjects_behind(session, PAID, (), lake, FIRST, LAST)
    assert [one.subject_id for one in behind] == ["x", "y"]
    assert (
        sum(one.document["amount"] for one in behind) == counted(session, PAID, lake).of(()).value
    )


def test_in_no_row_stand_as_many_as_the_figure_leaves_out(session, lake):
    """Du's sex is no code of the list."""
    found = subjects_outside(session, HOLDERS, lake, FIRST, LAST)
    assert [one.subject_id for one in found] == ["du"]
    assert subjects_outside(session, PAID, lake, FIRST, LAST) == []
