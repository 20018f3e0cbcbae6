"""What a form costs: counted from its plan, with hours that say where their seconds are from."""

from __future__ import annotations

import time
from typing import Any

import pytest

from runtime.definitions.compile import compile_form
from runtime.definitions.plan import Plan
from runtime.language import using
from runtime.publishing.burden import SECONDS, burden, counted_cells, line
from runtime.publishing.elsewhere import known_in
from tests.samples.shipped import library, shipped_forms

HOUSING = "https://yibiao.example/defs/forms/housing/rented-homes-quarterly.json"


def form(properties: dict[str, Any], **said: Any) -> Plan:
    document = {
        "$schema": "https://yibiao.example/defs/schemas/form.json",
        "$id": "https://yibiao.example/defs/forms/housing/tried.json",
        "title": "Tried",
        "department": "housing",
        "frequency": "monthly",
        "level": ["community"],
        "due": {"days": 5},
        "type": "object",
        "properties": properties,
        **said,
    }
    return compile_form(document, library=library())


FILLED = {"$ref": "../../indicators/housing.json#/properties/rented_homes"}
TYPED = {"title": "Asked in person", "type": "integer"}


def test_only_what_must_be_typed_costs() -> None:
    plan = form({"a": FILLED, "b": TYPED, "c": {**TYPED, "title": "Other"}, "note": {"type": "string"}},
                required=["b", "c"])  # fmt: skip
    told = burden(plan, {"community": 61, "street": 3})
    assert (told.cells, told.typed, told.optional) == (4, 2, 1)
    assert told.hours == pytest.approx(2 * 61 * 12 * SECONDS / 3600)
    assert told.source == "assumed"
    assert told.units == 61
    assert line(told) == "2 of 4 cells must be typed · about 6.1 hours a year for 61 communities"
    with using("zh-CN"):
        assert "61" in line(told)


def test_a_form_says_how_long_a_cell_takes_else_the_site_knows() -> None:
    declared = form({"b": TYPED}, required=["b"], burden={"secondsPerCell": 40})
    assert burden(declared, {"community": 1}, measured=9).seconds == 40
    an_hour = form({"b": TYPED}, required=["b"], burden={"secondsPerCell": 300})
    assert line(burden(an_hour, {"community": 1})).endswith("about 1 hour a year for 1 community")
    measured = burden(form({"b": TYPED}, required=["b"]), {"community": 1}, measured=9)
    assert (measured.seconds, measured.source) == (9, "measured")


def test_each_level_that_owes_it_counts() -> None:
    plan = form({"b": TYPED}, required=["b"], level=["street", "community"], frequency="quarterly")
    told = burden(plan, {"street": 2, "community": 10, "grid": 90})
    assert [(one.level, one.units) for one in told.levels] == [("street", 2), ("community", 10)]
    assert told.hours == pytest.approx(12 * 4 * SECONDS / 3600)


def test_rows_cost_as_often_as_there_are_rows() -> None:
    rows = {
        "type": "array",
        "title": "Children",
        "minItems": 1,
        "items": {
            "type": "object",
            "properties": {"safe": {"type": "boolean"}},
            "required": ["safe"],
        },
    }
    plan = form({"children": rows}, required=["children"])
    told = burden(plan, {"community": 1}, rows={"/children": 20})
    assert told.typed == 0
    assert [(one.typed, one.rows) for one in told.rows] == [(1, 20)]
    assert told.per_entry == 20


def test_of_a_form_about_a_subject_nobody_knows_how_often() -> None:
    plan = compile_form("veterans-affairs/household-visit", library=library())
    told = burden(plan, {"community": 4})
    assert told.hours is None
    assert "minutes each time" in line(told)
    assert burden(plan, {}, times=100).hours == pytest.approx(100 * told.per_entry * SECONDS / 3600)


def test_what_another_form_asks_for_is_known_already() -> None:
    asked = {"$ref": "../../indicators/housing.json#/properties/asking_rent"}
    plan = form(
        {"a": asked, "b": {**TYPED, "title": "Homes rented privately!"}}, required=["a", "b"]
    )
    others = [compile_form(HOUSING, library=library())]
    alike = form(
        {"x": {**TYPED, "title": "homes  rented privately"}}, **{"$id": HOUSING[:-5] + "-2.json"}
    )
    told = burden(plan, {"community": 1}, known_in([*others, alike, plan]))
    found = {one.pointer: one for one in told.known}
    assert found["/a"].how == "same"
    assert found["/a"].forms == ("housing/rented-homes-quarterly",)
    assert found["/b"].how == "alike"
    assert found["/b"].forms == ("housing/rented-homes-quarterly-2",)


@pytest.mark.parametrize("address", shipped_forms())
def test_every_shipped_form_is_told(address: str) -> None:
    plan = compile_form(address, library=library())
    told = burden(plan, {"community": 61, "street": 6})
    assert told.cells >= told.typed
    assert line(told)
    assert len({one.pointer for one in counted_cells(plan)}) == told.cells


def test_two_hundred_cells_are_counted_at_once() -> None:
    plan = form({f"c{n}": {**TYPED, "title": f"Figure {n}"} for n in range(200)})
    others = known_in(compile_form(a, library=library()) for a in shipped_forms())
    best = 1.0
    for _n in range(5):
        begun = time.perf_counter()
        burden(plan, {"community": 61}, others)
        best = min(best, time.perf_counter() - begun)
    assert best < 0.010
