"""Verdicts in plain words: which cell, what is wrong, and the way out; never another verdict than the validator's."""

import json
from decimal import Decimal
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.definitions.compile import compile_form
from runtime.definitions.json import loads
from runtime.definitions.judge import holds
from runtime.definitions.plan import Condition
from runtime.definitions.verdict import is_valid, problems
from runtime.fields.base import MISSING
from runtime.language import using
from tests.definitions.schemas import SCHEMAS, data_for

CASES = loads((Path(__file__).parent / "data" / "verdict.json").read_text("utf-8"))
DIALECT = "https://yibiao.example/defs/schemas/form.json"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_words(case):
    plan = compile_form(case["schema"])
    found = problems(plan, case["data"], case.get("choices"))
    assert [[p.pointer, p.message] for p in found] == case["says"]
    assert is_valid(plan, case["data"]) == (not case["says"])
    if "chinese" in case:
        with using("zh-CN"):
            assert [p.message for p in problems(plan, case["data"])] == case["chinese"]


@given(st.data())
def test_no_problems_means_valid(data_of):
    schema = data_of.draw(SCHEMAS)
    data = data_of.draw(data_for(schema))
    plan = compile_form(schema)
    found = problems(plan, data)
    assert (not found) == is_valid(plan, data)
    assert all(p.message and "%(" not in p.message for p in found)
    with using("zh-CN"):
        assert len(problems(plan, data)) > 0 or not found


def test_decimals_are_exact():
    plan = compile_form(loads('{"type": "number", "multipleOf": 0.01}'))
    assert is_valid(plan, Decimal("19.99"))
    assert is_valid(plan, 19.99)
    assert not is_valid(plan, Decimal("19.999"))
    big = compile_form({"type": "integer", "maximum": 2**60})
    assert is_valid(big, 2**60)
    assert not is_valid(big, 2**60 + 1)


def test_formats_are_asserted_in_our_dialect_only():
    schema = {"type": "object", "properties": {"d": {"type": "string", "format": "date"}}}
    assert is_valid(compile_form(schema), {"d": "soon"})
    ours = {
        "$schema": DIALECT,
        "$id": "https://yibiao.example/defs/forms/test/dates.json",
        **schema,
    }
    plan = compile_form(ours)
    assert not is_valid(plan, {"d": "soon"})
    assert is_valid(plan, {"d": "2026-10-05"})


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("cn-ric", "11010519491231002X", "110105194912310021"),
        ("cn-uscc", "91110000600037341L", "91110000600037341M"),
        ("phone", "010-1234 5678", "call me"),
        ("month", "2026-10", "2026-13"),
        ("local-time", "14:30", "25:00"),
        ("email", "a@b.example", "a"),
    ],
)
def test_our_own_formats(name, right, wrong):
    schema = {
        "$schema": DIALECT,
        "$id": "https://yibiao.example/defs/forms/test/formats.json",
        "type": "object",
        "properties": {"f": {"title": "F", "type": "string", "format": name}},
    }
    plan = compile_form(schema)
    assert not problems(plan, {"f": right})
    (problem,) = problems(plan, {"f": wrong})
    assert problem.pointer == "/f"
    assert problem.message.endswith(f"you typed {wrong}")


@pytest.mark.parametrize("innermost", [{}, 5])
def test_data_nested_very_deep_are_no_crash(innermost):
    plan = compile_form({"type": "object", "properties": {"a": {"$ref": "#"}}})
    deep: object = innermost
    for _level in range(2000):
        deep = {"a": deep}
    assert (not problems(plan, deep)) == is_valid(plan, deep)


def test_conditions():
    plan = compile_form({"type": "object", "if": {"required": ["a"]}, "then": {}})
    asked = Condition(schema="json-schema:///root#/if")
    assert holds(plan, asked, {"a": 1})
    assert not holds(plan, asked, {})
    assert not holds(plan, asked, MISSING)
    assert holds(plan, Condition(schema={"type": "string"}, negate=True), 5)
    assert not holds(plan, Condition(schema="json-schema:///root#/nowhere"), {})


def test_many_threads_may_ask_at_once():
    schema = {"type": "object", "properties": {"a": {"type": "integer", "minimum": 3}}}
    found: list[bool] = []

    def ask() -> None:
        for number in range(200):
            plan = compile_form({**schema, "title": f"{number % 7}"})
            found.append(is_valid(plan, {"a": number}) == (number >= 3))

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 800
    assert all(found)


def test_what_is_said_can_be_put_into_json():
    plan = compile_form({"type": "object", "required": ["a"]})
    assert json.dumps([p.as_dict() for p in problems(plan, {})])


PAID = {
    "type": "object",
    "oneOf": [
        {
            "title": "Card",
            "properties": {"kind": {"const": "card"}, "number": {"type": "string", "minLength": 3}},
            "required": ["kind", "number"],
        },
        {
            "title": "Cash",
            "properties": {"kind": {"const": "cash"}, "amount": {"type": "integer", "minimum": 1}},
            "required": ["kind", "amount"],
        },
    ],
}


@pytest.mark.parametrize(
    ("data", "choices", "expected"),
    [
        ({"kind": "card", "number": "1"}, {"#oneOf": "0"}, ["/number"]),
        ({"kind": "cash", "amount": 0}, {"#oneOf": "1"}, ["/amount"]),
        ({"kind": "card", "number": "1", "amount": 0}, {"#oneOf": "0"}, ["/number"]),
        ({"kind": "card", "number": "1"}, {}, [""]),
        ({"kind": "card", "number": "1"}, None, ["/number"]),
        ({"kind": "cash"}, None, ["/amount"]),
        ({"kind": "other"}, None, [""]),
        ({}, None, [""]),
    ],
)
def test_of_a_choice_one_branch_is_explained(data, choices, expected):
    """The one remembered; with no memory at all (`None`), the one that the data look like."""
    found = problems(compile_form(PAID), data, choices)
    assert [problem.pointer for problem in found] == expected
