from decimal import Decimal

import pytest

from runtime.definitions.compile import compile_form
from runtime.definitions.publish import bundle, decode_plan, encode_plan, from_bundle
from runtime.definitions.verdict import problems
from runtime.entry.totals import with_totals
from runtime.fill.filling import fill
from runtime.periods import Period
from tests.fill.library import BASE, WORKED, plan_of, wide_library

OCTOBER = Period.parse("202610")
PEOPLE = BASE + "indicators/people.json#/properties/"
PLAN = plan_of(WORKED)


@pytest.fixture
def found(session, lake):
    return fill(session, PLAN, lake, OCTOBER, compute=with_totals)


def test_ratios_and_formulas_are_worked_out_from_exact_figures(found):
    assert found.data == {
        "share": Decimal("50.0"),
        "each": Decimal("2.58"),
        "others": Decimal("49.96"),
        "all": 4,
    }
    assert problems(PLAN, {**found.data, "lent": 1}) == []


def test_they_say_from_what(found):
    assert found.provenance["/share"] == {
        "kind": "formula",
        "rule": PEOPLE + "share",
        "asOf": "2026-10-31",
        "parts": [
            {"rule": PEOPLE + "graded/properties/2/properties/total", "value": 2},
            {"rule": PEOPLE + "all", "value": 4},
        ],
    }
    assert found.provenance["/each"]["parts"][0]["value"] == "10.30"


def test_a_division_by_zero_stays_empty_and_says_so(session, lake):
    nobody = fill(session, PLAN, lake, Period.parse("202512"), compute=with_totals)
    assert nobody.data == {"all": 0}
    assert nobody.provenance["/share"]["empty"] == "zero"
    assert nobody.provenance["/others"]["empty"] == "missing"
    assert nobody.empty == 0


def test_a_unit_above_has_the_ratio_of_its_own_figures(session, town):
    above = fill(session, PLAN, town, OCTOBER, compute=with_totals)
    assert above.data["share"] == Decimal("40.0")


def test_a_formula_over_cells_is_worked_out_after_each_change(found):
    typed = with_totals(PLAN, {**found.data, "lent": 1, "rows": [{"n": 1}, {}, {"n": 3}]})
    assert (typed["part"], typed["twice"]) == (Decimal("25.0"), 50)
    assert typed["rows"] == [{"n": 1, "share": 1}, {}, {"n": 3, "share": 3}]
    again = with_totals(PLAN, {**typed, "lent": 3})
    assert (again["part"], again["twice"]) == (Decimal("75.0"), 150)
    assert again["rows"][0]["share"] == Decimal("0.33")
    assert with_totals(PLAN, again) == again


def test_a_formula_without_its_parts_is_empty(found):
    assert "part" not in found.data
    typed = with_totals(PLAN, {**found.data, "lent": 1})
    left = {name: value for name, value in typed.items() if name != "lent"}
    assert not {"part", "twice"} & with_totals(PLAN, left).keys()
    assert "part" not in with_totals(PLAN, {**typed, "all": 0})


def test_nobody_types_what_is_worked_out(session, lake, found):
    assert found.empty == 0
    assert found.provenance["/part"] == {"kind": "formula", "empty": "missing"}
    zero = fill(session, PLAN, lake, OCTOBER, data={"all": 0, "lent": 2}, compute=with_totals)
    assert zero.provenance["/part"] == {"kind": "formula", "empty": "zero"}
    typed = fill(session, PLAN, lake, OCTOBER, data={"lent": 2}, compute=with_totals)
    assert typed.data["part"] == Decimal("50.0")
    assert typed.provenance["/part"] == {"kind": "formula"}


def test_a_bundle_holds_all_that_figures_are_worked_out_from():
    again = compile_form(WORKED, library=from_bundle(bundle(wide_library(), WORKED)))
    assert again.figures == PLAN.figures
    assert again.rules.keys() == PLAN.rules.keys()
    assert PEOPLE + "graded" in again.rules
    assert decode_plan(encode_plan(PLAN)) == PLAN
