"""Sums on the server: present numbers only, absent when there are none, exact, of rows and of sums."""

from decimal import Decimal

import pytest

from runtime.definitions.compile import compile_form
from runtime.entry.totals import places, with_totals

MEMBER = {"type": "object", "properties": {"f": {"type": "number"}, "m": {"type": "number"}}}
SUM = {"type": "number", "totalOf": ["1/f", "1/m"]}
TABLE = {
    "type": "object",
    "properties": {
        **{
            k: {"type": "object", "properties": {**MEMBER["properties"], "total": SUM}}
            for k in ("1", "2")
        },
        "total": {
            "type": "object",
            "properties": {
                "f": {"type": "number", "totalOf": ["2/1/f", "2/2/f"]},
                "m": {"type": "number", "totalOf": ["2/1/m", "2/2/m"]},
                "total": {"type": "number", "totalOf": ["2/1/total", "2/2/total"]},
            },
        },
    },
}


@pytest.mark.parametrize(
    ("data", "after"),
    [
        ({}, {}),
        (
            {"1": {"f": 1}, "2": {"f": 2, "m": 4}},
            {
                "1": {"f": 1, "total": 1},
                "2": {"f": 2, "m": 4, "total": 6},
                "total": {"f": 3, "m": 4, "total": 7},
            },
        ),
        ({"1": {"total": 9}}, {"1": {}}),
        (
            {"1": {"f": Decimal("0.1"), "m": 0.2}},
            {
                "1": {"f": Decimal("0.1"), "m": 0.2, "total": Decimal("0.3")},
                "total": {"f": Decimal("0.1"), "m": Decimal("0.2"), "total": Decimal("0.3")},
            },
        ),
        (
            {"1": {"f": "x", "m": True}, "2": "text"},
            {"1": {"f": "x", "m": True}, "2": "text"},
        ),
    ],
)
def test_sums_of_sums(data, after):
    assert with_totals(compile_form(TABLE), data) == after


def test_rows_are_summed_beyond_the_sum_itself():
    schema = {
        "type": "object",
        "properties": {
            "rows": {
                "type": "array",
                "items": {"type": "object", "properties": {"n": {"type": "integer"}}},
            },
            "all": {"type": "integer", "totalOf": ["1/rows/*/n"]},
        },
    }
    plan = compile_form(schema)
    assert with_totals(plan, {"rows": [{"n": 1}, {}, {"n": 2**60}]})["all"] == 2**60 + 1
    assert "all" not in with_totals(plan, {"rows": [], "all": 3})


def test_a_sum_that_is_right_stays_as_it_is_written():
    plan = compile_form(
        {"properties": {"a": {"type": "number"}, "s": {"type": "number", "totalOf": ["1/a"]}}}
    )
    data = {"a": Decimal("1.50"), "s": Decimal("1.5")}
    assert with_totals(plan, data) is data


def test_relative_pointers():
    data = {"t": {"a": {"n": 1}, "b": {"n": 2}, "sum": {"n": 0}}}
    assert list(places(data, "/t/sum/n", "2/*/n")) == ["/t/a/n", "/t/b/n"]
    assert list(places(data, "/t/sum/n", "9/a")) == []
    assert list(places(data, "/t/sum/n", "x")) == []
    assert list(places(data, "/t/sum/n", "0")) == []
