"""What a period costs on a live site: the small town in October, before and after somebody has begun."""

import pytest

from runtime.entry import apart, submit
from runtime.facts import proposals
from runtime.facts.changes import Step
from runtime.periods import Period
from runtime.replay.burden import burden
from runtime.replay.rates import shipped
from runtime.storage.engine import make_engine, writing
from tests.entry.town import post, prepare
from tests.fill.town import RESIDENT

SCHEMAS = {"resident": {"properties": {}}, "aid": {"properties": {}}}
OCTOBER = Period.parse("202610")
REPORT = "https://yibiao.example/defs/forms/test/report.json"


@pytest.fixture
def engine(prepared_database, fixed_now):
    engine = make_engine(prepared_database("entry-town", prepare))
    yield engine
    engine.dispose()


def month(engine, period=OCTOBER):
    return burden(engine, SCHEMAS, period, shipped())["months"][0]


def test_reports_that_nobody_has_begun_are_counted_as_they_would_be_filled(engine):
    """Lakeside: 4 + 3 figures, 8 facts of four people, two to type; Hill: 4 + 2 and one, without anybody graded."""
    told = month(engine)
    assert (told["reports"], told["begun"], told["submitted"]) == (2, 0, 0)
    assert (told["filled"], told["left"], told["typed"]) == (15 + 6, 3, 3)
    assert told["cells"] == 24
    assert told["byProvenance"] == {"none": 3, "register": 13, "subject": 8}


def test_what_has_been_typed_is_no_longer_left(engine):
    entry_id = apart.start(engine, REPORT, lake_of(engine), OCTOBER, actor=1)
    post(engine, entry_id, 1, {"/lent": "2", "/many": "4"})
    told = month(engine)
    assert (told["begun"], told["submitted"], told["left"], told["typed"]) == (1, 0, 1, 3)
    with writing(engine) as session:
        from runtime.entry import life

        submit.submit(session, life.load(session, entry_id), 1)
    assert month(engine)["submitted"] == 1


def test_what_waits_for_its_steward_is_in_conflict_until_it_is_decided(engine):
    before = month(engine)["byState"]
    with writing(engine) as session:
        held = proposals.propose(
            session,
            RESIDENT,
            Step(subject_id="an", values={"name": "Ann"}, effective=OCTOBER.first),
            department="test",
            known={"name": "An"},
            unit_id=lake_of(engine),
            origin=proposals.Origin(),
        )
        waiting = held.id
    after = month(engine)["byState"]
    assert (after["conflict"], after["fresh"]) == (1, before["fresh"] - 1)
    with writing(engine) as session:
        proposals.withdraw(session, waiting, None)
    assert month(engine)["byState"] == before


def test_another_period_owes_other_forms(engine):
    assert month(engine, Period.parse("2026Q3"))["reports"] == 0


def test_each_form_says_what_it_costs(engine):
    told = burden(engine, SCHEMAS, OCTOBER, shipped())
    (form,) = told["forms"]
    assert form["form"] == REPORT
    assert form["months"][0]["cells"] == told["months"][0]["cells"]
    assert form["months"][0]["minutes"] < form["months"][0]["minutesByHand"]
    assert {one["cell"] for one in form["unfilled"]} == {
        "indicators/people.json#/properties/lent",
        "/many",
    }


def lake_of(engine):
    from runtime.facts.units import by_code
    from runtime.storage.engine import reading

    with reading(engine) as session:
        return by_code(session, "lake").id
