from decimal import Decimal

import pytest

from runtime.definitions.place import cells, place
from runtime.definitions.verdict import problems
from runtime.entry.totals import with_totals
from runtime.fill.filling import behind, fill
from runtime.periods import Period
from tests.fill.library import MEASURES, plan_of

OCTOBER = Period.parse("202610")
PLAN = plan_of(MEASURES)


@pytest.fixture
def measures(session, lake):
    return fill(session, PLAN, lake, OCTOBER, compute=with_totals)


def test_each_figure_of_a_field_is_filled(measures):
    assert measures.data == {
        "age": {"1": 76, "2": Decimal("17.5"), "total": 37},
        "eldest": "1950-05-05",
        "most": Decimal("10.10"),
        "houses": {"1": 1, "2": 2, "total": 2},
    }
    assert problems(PLAN, measures.data) == []


def test_a_figure_says_how_it_was_made_and_of_how_many(measures):
    assert measures.provenance["/age/total"]["op"] == "average"
    assert measures.provenance["/age/total"]["count"] == 3
    assert measures.provenance["/houses/total"]["kind"] == "register"
    assert measures.provenance["/most"]["count"] == 2


def test_what_is_of_nobody_is_empty_and_says_why(session, lake):
    hill = fill(session, PLAN, lake + 1, Period.parse("202608"), compute=with_totals)
    assert hill.data == {"houses": {"1": 0, "2": 0, "total": 0}}
    assert hill.provenance["/age/total"]["empty"] == "nobody"
    assert hill.provenance["/eldest"]["empty"] == "nobody"
    assert hill.empty == 5


def test_behind_it_stand_as_many_as_it_says(session, lake, measures):
    for cell in cells(place(PLAN, measures.data)):
        found = behind(session, PLAN, cell.node.fill, lake, OCTOBER)
        assert len(found) == measures.provenance[cell.pointer]["count"], cell.pointer


def test_totals_of_averages_are_no_sums():
    totals = [c for c in cells(place(PLAN, {})) if c.pointer.endswith("/total")]
    assert len(totals) == 2
    assert not any(c.node.total_of or c.node.read_only for c in totals)
