"""Exact JSON: digits kept, keys once, one canonical form."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.definitions.json import DEEPEST, NotJson, canonical, dumps, loads

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_written_is_read_again(value: Any) -> None:
    assert loads(dumps(value)) == value


@given(VALUES)
def test_the_canonical_form_is_its_own_canonical_form(value: Any) -> None:
    once = canonical(value)
    assert canonical(loads(once.decode())) == once
    assert loads(once.decode()) == value


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1.50", "1.5"),
        ("15e-1", "1.5"),
        ("2.0", "2"),
        ("-0.0", "0"),
        ("1E2", "100"),
        ("0.10", "0.1"),
        ("1e-7", "0.0000001"),
        ("100000000000000000000000", "100000000000000000000000"),
        ("1e400", "1E400"),
        ("1e-400", "1E-400"),
        ("19.99", "19.99"),
        ('{"b":1,"a":{"d":2,"c":[]}}', '{"a":{"c":[],"d":2},"b":1}'),
        ('"\\ud800"', '"\\ud800"'),
        ('"一表"', '"一表"'),
        ("[true,1]", "[true,1]"),
    ],
)
def test_canonical(text: str, wanted: str) -> None:
    assert canonical(loads(text)).decode() == wanted


def test_numbers_of_python_have_the_form_of_their_shortest_text() -> None:
    assert canonical([0.1, 1e22, Decimal("0.1"), 10**50]) == (
        b"[0.1,10000000000000000000000,0.1,1E50]"
    )


def test_decimals_keep_their_digits_when_written() -> None:
    assert dumps(loads('{"b":1.50,"a":[1.0]}')) == '{"b":1.50,"a":[1.0]}'


@pytest.mark.parametrize("value", [float("nan"), Decimal("Infinity")])
def test_what_has_no_form_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonical(value)


@pytest.mark.parametrize(
    ("text", "reason", "line", "column"),
    [
        ('{"a":1,\n "b":}', "syntax", 2, 6),
        ("", "syntax", 1, 1),
        ('{"a":1} x', "syntax", 1, 9),
        ('{\n "a": {"x": [":", "x"], "y": 1},\n "b": 1,\n "a": 2}', "repeated", 4, 2),
        ('[{"a":1},{"a":1,"b":{},"\\u0061":1}]', "repeated", 1, 24),
        ("NaN", "number", 1, 1),
        ("-Infinity", "number", 1, 1),
        ('{"a": "NaN",\n "b": NaN}', "number", 2, 7),
        ("[1, 2,\n 1e99999999999999999999]", "number", 2, 2),
        ("[" * (DEEPEST + 1), "deep", 1, DEEPEST + 1),
        ('{"a":' * 100_000, "deep", 1, DEEPEST * 5 + 1),
        ("9" * 5000, "number", 1, 1),
    ],
)
def test_what_is_not_json_says_where(text: str, reason: str, line: int, column: int) -> None:
    with pytest.raises(NotJson) as caught:
        loads(text)
    assert (caught.value.reason, caught.value.line, caught.value.column) == (reason, line, column)


@given(st.text() | st.text(alphabet='{}[]":,a1\\ \n'))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(NotJson):
        loads(text)
