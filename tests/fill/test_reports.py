import pytest

from runtime.definitions.verdict import problems
from runtime.entry import life
from runtime.entry.refill import prepare
from runtime.entry.totals import with_totals
from runtime.entry.versions import publish_version
from runtime.facts.units import by_code
from runtime.fill.filling import fill
from runtime.periods import Period
from runtime.storage.engine import writing
from tests.fill.library import SUMS, plan_of

SEPTEMBER, OCTOBER = Period.parse("202609"), Period.parse("202610")
PLAN = plan_of(SUMS)


class Desk:
    """Reports of the small town, as units hand them in."""

    def __init__(self, session):
        self.session = session
        self.version = publish_version(session, PLAN, "{}")

    def report(self, unit, period, data, state="submitted"):
        entry = life.start(self.session, self.version, by_code(self.session, unit).id, period)
        entry.data, entry.state = data, state
        self.session.flush()
        return entry

    def filled(self, unit, period=OCTOBER):
        unit_id = by_code(self.session, unit).id
        return fill(self.session, PLAN, unit_id, period, compute=with_totals)


@pytest.fixture
def desk(engine):
    with writing(engine) as session:
        yield Desk(session)


def test_what_was_reported_before_is_carried_over(desk):
    before = desk.report("lake", SEPTEMBER, {"staff": 7, "lent": 3}, "accepted")
    found = desk.filled("lake")
    assert found.data["staff"] == 7
    assert found.data["before"] == 3
    assert found.provenance["/staff"] == {
        "kind": "carried",
        "period": "202609",
        "entry": before.id,
        "asOf": "2026-09-30",
    }


def test_a_list_of_values_is_carried_over_and_each_says_so(desk):
    before = desk.report("lake", SEPTEMBER, {"team": ["Chen Wei", "Lin Na"]})
    found = desk.filled("lake")
    assert found.data["team"] == ["Chen Wei", "Lin Na"]
    for pointer in ("/team", "/team/0", "/team/1"):
        assert found.provenance[pointer]["entry"] == before.id
    assert "team" not in desk.filled("hill").data


@pytest.mark.parametrize(
    ("unit", "period", "state"),
    [
        ("lake", "202609", "draft"),
        ("lake", "202609", "returned"),
        ("lake", "202608", "submitted"),
        ("hill", "202609", "submitted"),
    ],
)
def test_only_what_this_unit_reported_for_the_period_before(desk, unit, period, state):
    desk.report(unit, Period.parse(period), {"staff": 7}, state)
    found = desk.filled("lake")
    assert "staff" not in found.data
    assert "/staff" not in found.provenance


def test_before_the_first_period_there_is_nothing(desk):
    assert "staff" not in desk.filled("lake", Period.parse("190001")).data


def test_a_unit_is_known_by_its_title_and_level(desk):
    found = desk.filled("lake")
    assert (found.data["unit"], found.data["level"]) == ("Lakeside", "community")
    assert found.provenance["/unit"] == {
        "kind": "unit",
        "unit": "lake",
        "field": "title",
        "texts": {"en": "Lakeside", "zh-CN": "湖滨"},
        "asOf": "2026-10-31",
    }


def test_the_units_below_add_up_and_it_says_how_many_reported(desk):
    desk.report("lake", OCTOBER, {"lent": 3})
    desk.report("hill", OCTOBER, {"lent": 4}, "accepted")
    found = desk.filled("street")
    assert found.data["lent"] == 7
    told = {"kind": "below", "units": 2, "reported": 2, "asOf": "2026-10-31"}
    assert found.provenance["/lent"] == told
    assert problems(PLAN, found.data) == []


def test_who_has_not_reported_is_left_out_and_told(desk):
    desk.report("lake", OCTOBER, {"lent": 3})
    desk.report("hill", OCTOBER, {"lent": 4}, "draft")
    found = desk.filled("street")
    assert found.data["lent"] == 3
    assert (found.provenance["/lent"]["reported"], found.provenance["/lent"]["units"]) == (1, 2)


def test_when_nobody_below_has_reported_the_sum_is_empty(desk):
    found = desk.filled("street")
    assert "lent" not in found.data
    assert found.provenance["/lent"]["empty"] == "missing"


def test_at_the_lowest_level_somebody_types_it(desk):
    found = desk.filled("lake")
    assert "lent" not in found.data
    assert "/lent" not in found.provenance
    assert found.data["units"] == []


def test_each_unit_below_has_a_row(desk):
    report = desk.report("hill", OCTOBER, {"lent": 4})
    found = desk.filled("street")
    assert found.data["units"] == [{"code": "hill", "lent": 4}, {"code": "lake"}]
    assert found.provenance["/units"]["reported"] == 1
    assert found.provenance["/units/0/lent"] == {
        "kind": "below",
        "unit": "hill",
        "entry": report.id,
        "asOf": "2026-10-31",
    }
    assert found.provenance["/units/1/lent"]["empty"] == "missing"


def test_what_was_typed_into_the_row_of_a_unit_stays_with_it(desk):
    street = desk.report("street", OCTOBER, {}, "draft")
    typed = {"kind": "typed", "by": 1, "actor": "Chen Wei", "at": "2026-11-02"}
    first = desk.filled("street")
    street.data = {
        **first.data,
        "units": [first.data["units"][0], {"code": "lake", "note": "late"}],
    }
    street.provenance = {**first.provenance, "/units/1/note": typed}
    desk.report("lake", OCTOBER, {"lent": 3})
    again = prepare(desk.session, street)
    assert again.data["units"] == [{"code": "hill"}, {"code": "lake", "lent": 3, "note": "late"}]
    assert again.data["lent"] == 3
    assert again.provenance["/units/1/note"] == typed
