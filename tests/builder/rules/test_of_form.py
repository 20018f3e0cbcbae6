"""Conditions and fills of the shipped forms as sentences, the same also where the condition is said in another way."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.rules import Group, Row, written
from builder.rules.cells import Cells
from builder.rules.formulas import OPERATIONS, Worked, read
from builder.rules.formulas import written as formula
from builder.rules.of_form import FormRules, Line, object_homes
from builder.rules.scopes import home_of, settled, whole, within
from runtime.api import BASE, compile_form, is_valid
from runtime.language import using
from tests.builder.rules.shipped import shipped_library

LIBRARY = shipped_library()


def line(form: str, pointer: str, kind: str) -> Line:
    address = f"{BASE}forms/{form}.json"
    found = FormRules(Cells(LIBRARY, address, dict(LIBRARY.source(address)))).of(pointer)
    return next(one for one in found if one.kind == kind)


@pytest.mark.parametrize(
    ("form", "pointer", "kind", "sentence"),
    [
        (
            "disabled-persons/needs-survey",
            "/work",
            "shown",
            "the person: Age is from 16 to 59 years",
        ),
        (
            "disabled-persons/needs-survey",
            "/needs/adaptation/works",
            "shown",
            "home adapted is no and adaptation wanted is yes",
        ),
        ("disabled-persons/needs-survey", "/living/guardian_phone", "needed", "guardian is known"),
        (
            "fire-emergency/inspection-list",
            "/reason",
            "shown",
            "venues inspected is less than 1 venues",
        ),
        (
            "fire-emergency/inspection-list",
            "/inspections/*/fine",
            "shown",
            "result is Minor defects or Serious defects",
        ),
        (
            "fire-emergency/inspection-list",
            "/team",
            "filled",
            "carried over from the period before",
        ),
        ("veterans-affairs/household-visit", "/absent", "shown", "met at home is no"),
        ("veterans-affairs/household-visit", "/next_purpose", "shown", "next visit in is known"),
        ("veterans-affairs/household-visit", "/from", "needed", "until is known"),
        (
            "civil-affairs/children-in-difficulty-list",
            "/children/*/measure",
            "needed",
            "looked after well is no",
        ),
        (
            "market-regulation/food-venues-monthly",
            "/failed",
            "needed",
            "supervision: Quick tests failed is at least 1 items",
        ),
        (
            "fire-emergency/inspection-list",
            "/inspections",
            "filled",
            (
                "list venues whose last fire inspection lies in the period, "
                "in the order of last fire inspection and name of the venue"
            ),
        ),
        (
            "housing/rented-homes-quarterly",
            "/stock/total/homes",
            "filled",
            "the sum of “Rented privately: homes”, “Public rental: homes” and “Vacant: homes”",
        ),
    ],
)
def test_rules_of_shipped_forms_are_sentences(
    form: str, pointer: str, kind: str, sentence: str
) -> None:
    assert line(form, pointer, kind).sentence == sentence


def test_every_condition_of_the_shipped_forms_has_rows_in_both_languages() -> None:
    for address in LIBRARY.addresses("form"):
        for tag in ("en", "zh-CN"):
            with using(tag):
                rules = FormRules(Cells(LIBRARY, address, dict(LIBRARY.source(address))))
                for one in rules.lines():
                    assert one.sentence
                    assert one.kind == "filled" or one.group is not None


def test_a_cell_is_not_to_hang_on_itself_or_on_what_hangs_on_it() -> None:
    address = f"{BASE}forms/disabled-persons/needs-survey.json"
    cells = Cells(LIBRARY, address, dict(LIBRARY.source(address)))
    paths = {"/".join(one.path) for one in cells.readable("/needs/adaptation/wanted")}
    assert "needs/adaptation/home_adapted" in paths
    assert not paths & {"needs/adaptation/wanted", "needs/adaptation/cost"}
    assert not any("*" in one.path for one in cells.readable("/work"))


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "a": st.integers(0, 4),
        "b": st.booleans(),
        "c": st.sampled_from("xyz"),
        "d": st.integers(0, 4),
    },
)


ROWS = st.one_of(
    st.builds(
        lambda p, t, v, loose: Row((p,), t, (v,), loose),
        st.sampled_from("ad"),
        st.sampled_from(["at-least", "at-most", "more", "less", "is", "is-not"]),
        st.integers(0, 4),
        st.booleans(),
    ),
    st.builds(lambda v, loose: Row(("b",), "is", (v,), loose), st.booleans(), st.booleans()),
    st.builds(
        lambda p, t: Row((p,), t), st.sampled_from("abcd"), st.sampled_from(["known", "unknown"])
    ),
    st.builds(
        lambda t, v: Row(("c",), t, v), st.sampled_from(["one-of", "none-of"]), st.just(("x", "y"))
    ),
)
TREES = st.recursive(
    st.builds(
        Group,
        st.sampled_from(["all", "any", "none"]),
        st.lists(ROWS, min_size=1, max_size=3).map(tuple),
    ),
    lambda inner: st.builds(
        Group,
        st.sampled_from(["all", "any", "none"]),
        st.lists(inner | ROWS, min_size=1, max_size=3).map(tuple),
    ),
    max_leaves=6,
)


@given(TREES, VALUES)
def test_what_is_settled_holds_of_the_same_entries(group: Group, value: dict[str, Any]) -> None:
    old, new = (compile_form(written(one)) for one in (group, settled(group)))
    assert is_valid(old, value) == is_valid(new, value)


@given(TREES)
def test_a_condition_is_said_of_the_entry_and_back(group: Group) -> None:
    there = whole([(("g", "*"), written(group), False)])
    assert there is not None
    homes = object_homes("/g/*/cell")
    assert home_of(there, homes) == ("g", "*")
    said = {row.path for row in within(there, ("g", "*")).rows()}
    assert said <= {row.path for row in group.rows()}


@given(
    st.sampled_from(OPERATIONS),
    st.lists(
        st.sampled_from(["/a", "/b", "/g/a", "/g/c-d", "/h/A1"]),
        min_size=2,
        max_size=2,
        unique=True,
    ),
)
def test_a_composed_formula_is_read_back(operation: str, cells: list[str]) -> None:
    worked = Worked(operation, tuple(cells))
    assert read(formula(worked, "/g/here", 1), "/g/here") == worked


def test_the_total_of_a_broken_down_indicator_is_called_as_the_indicator() -> None:
    address = f"{BASE}forms/disabled-persons/residents-monthly.json"
    cells = Cells(LIBRARY, address, dict(LIBRARY.source(address)))
    titles = FormRules(cells).titles
    assert titles["/holders/total/total/total"] == "Certificate holders by grade, age and sex"
    assert titles["/services/visited"] == "Services this month: Holders visited at home"
