"""Sample data are valid wherever the form can be filled at all, and the same each time."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from runtime.definitions.compile import compile_form
from runtime.definitions.place import cells, place
from runtime.definitions.values import MISSING
from runtime.definitions.verdict import is_valid, problems
from runtime.entry.screen import render
from runtime.errors import DefinitionError
from runtime.language import LANGUAGES, using
from runtime.samples.sampling import MOST_ROWS, sample, worst_case
from tests.definitions.schemas import SCHEMAS, data_for
from tests.samples.shipped import library, shipped_forms


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", shipped_forms())
def test_samples_of_every_shipped_form_are_valid_and_full(address: str, language: str) -> None:
    plan = compile_form(address, library=library())
    with using(language):
        for made in (sample(plan), worst_case(plan)):
            assert problems(plan, made.data, made.choices) == []
            there = list(cells(place(plan, made.data, made.choices)))
            empty = [c.pointer for c in there if c.value is MISSING and not c.node.computed]
            assert empty == []
            render(plan, made.data, choices=made.choices)


def test_the_same_each_time(fixed_now: Any) -> None:
    plan = compile_form(shipped_forms()[0], library=library())
    assert sample(plan) == sample(plan)
    assert worst_case(plan) == worst_case(plan)


def test_the_worst_is_as_long_as_allowed_and_has_many_rows() -> None:
    plan = compile_form(
        {
            "type": "object",
            "properties": {
                "name": {"type": "string", "maxLength": 40},
                "amount": {"type": "number", "maximum": 5_000_000, "digits": 2},
                "open": {"type": "string"},
                "rows": {
                    "type": "array",
                    "items": {"type": "object", "properties": {"a": {"type": "string"}}},
                },
                "few": {"type": "array", "maxItems": 2, "items": {"type": "string"}},
            },
        }
    )
    data = worst_case(plan).data
    assert len(data["name"]) == 40
    assert " " not in data["open"][-20:]
    assert data["amount"] == 5_000_000
    assert len(data["rows"]) == MOST_ROWS
    assert len(data["few"]) == 2
    assert any(
        ord(letter) > 0x1F000 for letter in data["open"] + data["name"] + data["rows"][0]["a"]
    )


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{4}$"},
        {"type": "string", "pattern": "^JY[0-9]{14}$", "maxLength": 16},
        {"type": "string", "minLength": 300},
        {"type": "integer", "multipleOf": 7, "minimum": 8, "maximum": 20},
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1, "digits": 2},
        {"type": "string", "format": "cn-ric"},
        {"type": "string", "format": "cn-uscc"},
        {"type": "array", "uniqueItems": True, "minItems": 2, "items": {"enum": ["a", "b", "c"]}},
        {"type": "array", "items": {"type": "string"}, "minItems": 4},
        {"type": "string", "format": "email"},
        {"const": "always"},
        {"type": "object", "format": "attachment"},
    ],
)
def test_one_cell_of_each_kind(schema: dict[str, Any]) -> None:
    plan = compile_form({"type": "object", "properties": {"cell": schema}, "required": ["cell"]})
    for made in (sample(plan), worst_case(plan)):
        assert made.valid
        assert "cell" in made.data


def test_what_a_condition_brings_is_filled_too() -> None:
    plan = compile_form(
        {
            "type": "object",
            "properties": {"met": {"const": True}},
            "if": {"properties": {"met": {"const": True}}, "required": ["met"]},
            "then": {"properties": {"what": {"type": "string"}}, "required": ["what"]},
        }
    )
    assert set(sample(plan).data) == {"met", "what"}


def test_a_form_that_nobody_can_fill_is_told_as_such() -> None:
    plan = compile_form(
        {
            "type": "object",
            "properties": {"a": {"type": "integer", "minimum": 5, "maximum": 3}},
            "required": ["a"],
        }
    )
    assert not sample(plan).valid


def test_a_total_of_nothing_is_a_value_of_its_type() -> None:
    plan = compile_form({"type": "integer", "totalOf": ["1/a"], "readOnly": True})
    assert sample(plan).valid
    assert worst_case(plan).valid


@given(st.data())
def test_where_a_schema_can_be_satisfied_the_sample_is_valid(data: st.DataObject) -> None:
    schema = data.draw(SCHEMAS)
    try:
        plan = compile_form(schema)
    except DefinitionError:
        return
    made, worst = sample(plan), worst_case(plan)
    assert made == sample(plan)
    assert made.valid == is_valid(plan, made.data)
    if not (made.valid and worst.valid):
        assume(isinstance(schema, dict))
        assert not is_valid(plan, data.draw(data_for(schema))), (schema, made, worst)


@pytest.mark.parametrize("needed", [[], ["a"]])
def test_a_list_that_wants_more_rows_than_there_can_be_ends_soon(needed: list[str]) -> None:
    rows = {"type": "array", "minItems": 10**12, "items": {"$ref": "#/properties/a"}}
    plan = compile_form({"type": "object", "properties": {"a": rows}, "required": needed})
    for make in (sample, worst_case):
        assert not make(plan).valid or not needed


def test_a_text_that_must_be_longer_than_a_page_has_no_sample() -> None:
    cell = {"type": "string", "title": "Text", "minLength": 99_999_999}
    plan = compile_form({"type": "object", "properties": {"text": cell}})
    for made in (sample(plan), worst_case(plan)):
        assert len(str(made.data)) < 1_000
