"""Every condition, fill and formula in one list, leading to its part; what can never hold is marked."""

from __future__ import annotations

import pytest

from builder.rules import Field, Group, Row
from builder.rules.contradiction import why_never
from tests.builder.studio.test_showing import HX, NEEDS, key_of
from tests.rig.city import City


@pytest.mark.databases("sqlite")
def test_all_rules_of_a_form_are_listed_with_what_they_read(city: City) -> None:
    client = city.client("sunli")
    html = client.get(f"{NEEDS}/rules").text
    assert "lives alone is yes" in html
    assert "at=%40" in html or "at=" in html
    assert 'aria-current="page">Rules' in html
    needed = client.get(f"{NEEDS}/rules?kind=needed").text
    assert "guardian is known" in needed
    assert "lives alone is yes" not in needed
    known = client.get(f"{NEEDS}/rules?kind=dictionary").text
    assert "taken from the register of residents" in known


@pytest.mark.databases("sqlite")
def test_a_condition_that_never_holds_is_marked(city: City) -> None:
    client = city.client("sunli")
    assert "No rule is dead" in client.get(f"{NEEDS}/rules?kind=wrong").text
    key = key_of(client, "Guardian")
    post = {"do": "shown-when", "at": key, "was": "{}", "rule.mode": "all"}
    for n, (test, value) in enumerate((("at-least", "60"), ("less", "60"))):
        post |= {f"rule.{n}.field": "person/age", f"rule.{n}.test": test, f"rule.{n}.value": value}
    client.post(f"{NEEDS}/steps", data=post, headers=HX)
    assert "It never holds" in client.get(f"{NEEDS}/rules?kind=wrong").text


@pytest.mark.databases("sqlite")
def test_an_empty_list_says_what_to_do(city: City) -> None:
    client = city.client("sunli")
    html = client.get("/builder/forms/disabled-persons/residents-monthly/rules?kind=shown").text
    assert "Pick a cell on the Build tab" in html
    assert client.get("/builder/forms/disabled-persons/nothing/rules").status_code == 404


FIELDS = (
    Field(("n",), {"en": "Number"}, "number"),
    Field(("c",), {"en": "Code"}, "codes", (("1", {"en": "One"}),)),
)


@pytest.mark.parametrize(
    ("parts", "never"),
    [
        ([Row(("n",), "at-least", (3,)), Row(("n",), "at-most", (3,))], False),
        ([Row(("n",), "at-least", (3,)), Row(("n",), "less", (3,))], True),
        ([Row(("n",), "is", (2,)), Row(("n",), "between", (3, 5))], True),
        ([Row(("n",), "known"), Row(("n",), "unknown")], True),
        ([Row(("n",), "unknown")], False),
        ([Row(("c",), "is", ("9",))], True),
        ([Row(("c",), "is", ("1",)), Row(("c",), "is-not", ("1",))], True),
        ([Row(("gone",), "known")], True),
        ([Group("any", (Row(("c",), "is", ("9",)), Row(("c",), "is", ("1",))))], False),
        ([Group("none", (Row(("c",), "is", ("9",)),))], False),
    ],
)
def test_what_can_never_hold(parts: list[Row | Group], never: bool) -> None:
    assert bool(why_never(Group("all", tuple(parts)), FIELDS)) is never
