"""Things are found by any of their names."""

from __future__ import annotations

import pytest

from builder.search import matches

NAMES = ["disability_grade", "Disability grade", "残疾等级"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "grade",
        "GRADE",
        "disability gr",
        "残疾",
        "等级",
        "canji",
        "canjidengji",
        "cjdj",
        "ｇｒａｄｅ",
        "cj grade",
    ],
)
def test_is_found(query: str) -> None:
    assert matches(query, NAMES)


@pytest.mark.parametrize("query", ["grades", "残疾人", "cjdx", "grade x"])
def test_is_not_found(query: str) -> None:
    assert not matches(query, NAMES)
