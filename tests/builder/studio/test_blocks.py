"""Which lines are the same: whatever two texts hold, the blocks make one of the other, and never take long."""

from __future__ import annotations

import json
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.studio.blocks import blocks
from builder.studio.lines import compared

LINES = st.lists(st.sampled_from(["{", "}", "a", "b", "c", "d", "e"]), max_size=30)


@given(LINES, LINES)
def test_the_blocks_are_both_texts_and_the_same_where_they_say_so(
    old: list[str], new: list[str]
) -> None:
    found = blocks(old, new)
    assert [line for _t, a, b, _c, _d in found for line in old[a:b]] == old
    assert [line for _t, _a, _b, c, d in found for line in new[c:d]] == new
    kinds = [one[0] for one in found]
    assert all(one != other for one, other in pairwise(kinds))
    for kind, a, b, c, d in found:
        assert (kind == "equal") == (old[a:b] == new[c:d])


def test_one_line_more_is_one_line() -> None:
    old = [str(n) for n in range(50)]
    assert blocks(old, [*old[:20], "x", *old[20:]])[1] == ("replace", 20, 20, 20, 21)


def _form(letter: str, count: int) -> str:
    cells = {f"{letter}{n}": {"type": "string", "title": f"{letter} {n}"} for n in range(count)}
    return json.dumps({"properties": cells}, indent=2)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (_form("a", 480), _form("b", 480)),
        ("s\n" + "},\n" * 1990 + "r", "t\n" + "},\n" * 1000 + "q\n" + "},\n" * 980 + "u"),
        (_form("a", 5000), _form("b", 5000)),
    ],
)
def test_texts_that_have_much_and_nothing_in_common_are_told_soon(old: str, new: str) -> None:
    begun = perf_counter()
    assert compared(old, new)
    assert perf_counter() - begun < 2
