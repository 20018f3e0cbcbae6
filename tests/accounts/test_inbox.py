from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event, update

from runtime import clock
from runtime.accounts.inbox import Wanted, due_of, owed_periods, read_inbox, subject_forms
from runtime.entry import apart, life
from runtime.entry.submit import submit
from runtime.facts.units import add_unit, by_code
from runtime.storage.engine import reading, writing
from runtime.storage.tables import FormVersion
from tests.entry.town import OCTOBER, post
from tests.fill.library import REPORT, VISIT, plan_of


@pytest.fixture
def engine(town):
    return town


@pytest.fixture
def since_august(engine):
    """The report was first published in September, so that August was the first owed."""
    with writing(engine) as session:
        moment = datetime(2026, 9, 15, tzinfo=UTC)
        session.execute(update(FormVersion).values(published_at=moment))


def listed(engine, user, *wanted, **options):
    with reading(engine) as session:
        return [
            (one.unit.title["en"], str(one.period), one.state, one.due)
            for one in read_inbox(session, user, Wanted(*wanted), **options).open
        ]


def finish(engine, entry_id, user):
    post(engine, entry_id, user.id, {"/lent": "1", "/many": "1"})
    with writing(engine) as session:
        submit(session, life.load(session, entry_id), user.id)


def lake(engine):
    with reading(engine) as session:
        return by_code(session, "lake").id


def test_a_report_is_owed_for_the_month_that_closed(engine, chen):
    user = chen("staff lake")
    assert listed(engine, user) == [("Lakeside", "202610", "todo", date(2026, 11, 5))]


def test_what_is_overdue_never_disappears(engine, chen, since_august):
    user = chen("staff lake")
    assert [row[1] for row in listed(engine, user)] == ["202608", "202609", "202610"]
    finish(engine, apart.start(engine, REPORT, lake(engine), OCTOBER.previous()), user)
    assert [row[1] for row in listed(engine, user)] == ["202608", "202610"]
    with clock.fixed(datetime(2040, 1, 15, tzinfo=UTC)):
        later = listed(engine, user, most=1000)
        assert (later[0][1], later[-1][1], len(later)) == ("202608", "203912", 160)


@pytest.mark.parametrize(
    ("frequency", "published", "first", "count"),
    [
        ("monthly", date(2026, 11, 1), "202610", 1),
        ("monthly", date(2026, 9, 30), "202608", 3),
        ("quarterly", date(2026, 11, 1), "2026Q3", 1),
        ("yearly", date(2020, 1, 1), "2019", 7),
        ("daily", date(2026, 1, 1), "20251231", 305),
        ("monthly", date(2027, 3, 1), "202610", 1),
    ],
)
def test_periods_are_owed_from_the_one_closed_at_first_publication(
    fixed_now, frequency, published, first, count
):
    found = owed_periods(frequency, published)
    assert (str(found[0]), len(found)) == (first, count)


@pytest.mark.parametrize(
    ("grants", "expected"),
    [
        (["staff street"], {"Lakeside", "Hill"}),
        (["staff street test"], {"Lakeside", "Hill"}),
        (["staff street other"], set()),
        (["staff street other", "staff hill test"], {"Hill"}),
        (["reviewer town", "designer town", "administrator town"], set()),
        ([], set()),
    ],
)
def test_it_is_owed_by_the_units_that_one_fills_for(engine, chen, grants, expected):
    assert {row[0] for row in listed(engine, chen(*grants))} == expected


def test_what_is_begun_stays_until_submitted(engine, chen):
    user = chen("staff lake")
    entry_id = apart.start(engine, REPORT, lake(engine), OCTOBER, actor=user.id)
    older = apart.start(engine, REPORT, lake(engine), OCTOBER.previous(), actor=user.id)
    with reading(engine) as session:
        first, second = read_inbox(session, user).open
        assert (first.entry.id, str(first.period), first.state) == (older, "202609", "draft")
        assert (second.entry.id, second.state) == (entry_id, "draft")
        assert first.overdue
        assert not second.overdue
        with clock.fixed(datetime(2026, 11, 6, 12, tzinfo=UTC)):
            assert second.overdue
    finish(engine, entry_id, user)
    with reading(engine) as session:
        found = read_inbox(session, user)
    assert [one.state for one in found.open] == ["draft"]
    assert [(one.state, one.finished, one.overdue) for one in found.finished] == [
        ("submitted", True, False)
    ]


def test_a_draft_about_a_subject_is_listed(engine, chen):
    user = chen("staff lake")
    entry_id = apart.start(engine, VISIT, lake(engine), None, "an", user.id)
    with reading(engine) as session:
        last = read_inbox(session, user).open[-1]
    assert (last.entry.id, last.period, last.due) == (entry_id, None, None)


def test_the_list_is_narrowed_and_what_is_left_off_is_counted(engine, chen, since_august):
    user = chen("staff street")
    assert {row[0] for row in listed(engine, user, "", "", "hill")} == {"Hill"}
    assert {row[1] for row in listed(engine, user, "", "202609")} == {"202609"}
    assert listed(engine, user, "other") == []
    with reading(engine) as session:
        found = read_inbox(session, user, most=4)
        assert [str(one.period) for one in found.open] == ["202608", "202608", "202609", "202609"]
        assert found.left_off == 2
        narrowed = read_inbox(session, user, Wanted(period="202609", unit="hill"))
    assert {unit.code for unit in narrowed.units} == {"lake", "hill"}
    assert sorted(map(str, narrowed.periods)) == ["202608", "202609", "202610"]
    assert (len(narrowed.open), narrowed.left_off) == (1, 0)


def test_a_whole_city_is_asked_for_no_more_than_a_page_shows(engine, chen, since_august):
    """However many units there are, the number of queries and of reports stays the same."""
    user = chen("staff town")
    queries(engine, user)  # a process reads each form once, and keeps it
    few = queries(engine, user)
    with writing(engine) as session:
        street = by_code(session, "street").id
        for n in range(300):
            code = f"new{n}"
            add_unit(session, code, "community", {"en": code}, street, date(2020, 1, 1))
    assert queries(engine, user) == few
    with reading(engine) as session:
        found = read_inbox(session, user, most=10)
    assert (len(found.open), found.left_off) == (10, 3 * 302 - 10)


def queries(engine, user):
    asked = []

    def note(*told):
        asked.append(told[2])

    event.listen(engine, "before_cursor_execute", note)
    try:
        with reading(engine) as session:
            read_inbox(session, user, most=2)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sum(statement.startswith(("SELECT", "WITH")) for statement in asked)


def test_forms_about_a_subject_are_listed_apart(engine, chen):
    with reading(engine) as session:
        assert [v.address for v, _plan in subject_forms(session, chen("staff lake"))] == [VISIT]
        assert subject_forms(session, None) == []


def test_a_form_without_a_day_is_never_due():
    assert due_of(plan_of(VISIT), OCTOBER) is None
    assert due_of(plan_of(REPORT), OCTOBER) == date(2026, 11, 5)
