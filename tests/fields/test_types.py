"""Each field type through its own door: posts, refusals, sheets' spellings, what a reader and Excel see."""

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import PluginError
from runtime.fields.base import MISSING, WrongInput
from runtime.fields.catalogue import FieldTypes, built_in, field_types
from runtime.fields.choices import same
from runtime.fields.text import Text
from runtime.language import using

CASES = json.loads((Path(__file__).parent / "data" / "types.json").read_text("utf-8"))


def exact(value: Any) -> Any:
    """Values of the table: decimals are written {"decimal": "1.50"}, nothing at all {"missing": true}."""
    if isinstance(value, dict) and set(value) == {"decimal"}:
        return Decimal(value["decimal"])
    return MISSING if value == {"missing": True} else value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_type(case):
    field_type = field_types.of(case["schema"])
    assert field_type is not None
    assert field_type.name == case["type"]
    options = json.loads(json.dumps(field_type.options(case["schema"])))
    for strings, value in case.get("posts", []):
        found = field_type.decode(strings, options)
        assert found is exact(value) or (type(found), found) == (type(exact(value)), exact(value))
    for typed, says in case.get("refuses", []):
        with pytest.raises(WrongInput, match=says):
            field_type.decode([typed], options)
    for raw, value in case.get("reads", []):
        assert same(field_type.read(exact(raw), options), exact(value))
    for value, english, chinese in case.get("shows", []):
        assert field_type.display(exact(value), options) == english
        with using("zh-CN"):
            assert field_type.display(exact(value), options) == chinese
    for value, cell, number_format in case.get("excel", []):
        found = field_type.excel(exact(value), options)
        assert (found.value, found.number_format) == (exact(cell), number_format)
    for value in case.get("carries", []):
        assert field_type.carries(exact(value), options)
        if value != {"missing": True} and field_type.control != "attachment":
            again = field_type.decode(field_type.encode(exact(value), options), options)
            assert same(again, exact(value))
    for value in case.get("locks", []):
        assert not field_type.carries(exact(value), options)


def test_few_choices_are_named_and_of_many_is_said_where_they_stand():
    def told(n):
        schema = {"enum": [f"c{i}" for i in range(n)]}
        field_type = field_types.of(schema)
        with pytest.raises(WrongInput) as found:
            field_type.read("x", field_type.options(schema))
        return str(found.value)

    assert told(2) == "“x” is not one of the choices: c0, c1."
    assert told(8).endswith(", c7.")
    assert "the field lists all 9 of them" in told(9)
    assert "lists all 40" in told(40)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("2026.6.31", "“2026.6.31” is not a date: June 2026 has 30 days."),
        ("2026年2月29日", "“2026年2月29日” is not a date: February 2026 has 28 days."),
        ("2026-13-01", "“2026-13-01” is not a date. Write it as 2026-10-05."),
        ("0000-01-01", "“0000-01-01” is not a date. Write it as 2026-10-05."),
    ],
)
def test_a_day_that_its_month_does_not_have(typed, told):
    schema = {"type": "string", "format": "date"}
    field_type = field_types.of(schema)
    with pytest.raises(WrongInput) as found:
        field_type.decode([typed], field_type.options(schema))
    assert str(found.value) == told


def test_dates_and_times_of_a_sheet():
    day, moment = field_types["date"], datetime(2026, 10, 5, 14, 30)  # noqa: DTZ001 -- as a sheet has it
    assert day.read(moment, {}) == day.read(date(2026, 10, 5), {}) == "2026-10-05"
    assert day.read(46300, {}) == "2026-10-05"
    assert field_types["month"].read(date(2026, 10, 5), {}) == "2026-10"
    assert field_types["time"].read(time(14, 30), {}) == "14:30"
    assert field_types["time"].read(moment, {}) == "14:30"


@given(
    st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30)
)
def test_numbers_are_exact_however_large(number):
    field_type = field_types["decimal"]
    assert field_type.decode(field_type.encode(number, {}), {}) == number


@given(st.text())
def test_any_text_is_carried_or_locked(text):
    for name in ("text", "long-text"):
        field_type = field_types[name]
        if text and field_type.carries(text, {}) and "\r" not in text:
            assert field_type.decode(field_type.encode(text, {}), {}) == text


@pytest.mark.parametrize("name", [t.name for t in built_in()])
def test_every_type_shows_nothing_for_nothing_and_any_value_without_a_crash(name):
    field_type = field_types[name]
    options = {"choices": [{"key": "a", "value": "a", "title": {"en": "A"}}], "format": "cn-ric"}
    assert field_type.display(MISSING, options) == ""
    for value in (None, True, 1.5, Decimal("1e400"), 10**400, "", "x", [], [1, "a"], {}, {"id": 1}):
        field_type.display(value, options)
        field_type.excel(value, options)
        field_type.carries(value, options)
        field_type.encode(value, options)


def test_a_name_is_taken_once():
    types = FieldTypes()
    types.register(Text(), "runtime")
    with pytest.raises(PluginError, match=r"“text” of housing.*runtime"):
        types.register(Text(), "housing")


def test_what_has_come_is_not_later_than_today(fixed_now):
    today = fixed_now.date()
    day = {"type": "string", "format": "date", "latest": "today"}
    of_days, options = field_types.of(day), field_types.of(day).options(day)
    assert of_days.decode([today.isoformat()], options) == today.isoformat()
    later = today + timedelta(days=1)
    for typed in (of_days.decode, lambda strings, given: of_days.read(later, given)):
        with pytest.raises(WrongInput, match="still to come"):
            typed([later.isoformat()], options)
    month = day | {"format": "month"}
    of_months = field_types.of(month)
    this = today.isoformat()[:7]
    assert of_months.decode([this], of_months.options(month)) == this
    with pytest.raises(WrongInput, match="still to come"):
        of_months.decode(["2999-01"], of_months.options(month))
    assert of_days.decode([later.isoformat()], {}) == later.isoformat()
