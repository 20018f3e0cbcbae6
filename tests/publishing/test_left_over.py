"""Values are taken out of any data: those that were named, and never another."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from runtime.definitions.address import pointer
from runtime.definitions.values import MISSING, value_at
from runtime.publishing.left_over import without

NAMES = st.sampled_from(["a", "b", "1", "10", "~", "/"])
DATA = st.recursive(
    st.integers(),
    lambda inner: st.lists(inner, max_size=12) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=30,
)
STEPS = st.lists(NAMES | st.integers(0, 12).map(str), max_size=3).map(tuple)


def test_elements_of_a_list_go_by_their_numbers() -> None:
    data = {"a": [f"v{n}" for n in range(12)]}
    gone = ["/a/9", "/a/11", "/a/10", "/a/9", "/a/77", "/a/b/c", "/x"]
    assert without(data, gone) == {"a": [f"v{n}" for n in range(9)]}


@given(DATA, st.lists(STEPS, max_size=6))
def test_it_never_raises(data: Any, steps: list[tuple[str, ...]]) -> None:
    without(data, [pointer(*one) for one in steps])


@given(st.lists(st.integers(), unique=True, max_size=30), st.sets(st.integers(0, 29)))
def test_whatever_is_not_named_stays_in_order(rows: list[int], gone: set[int]) -> None:
    kept = [one for n, one in enumerate(rows) if n not in gone]
    assert without({"a": rows}, [f"/a/{n}" for n in gone]) == {"a": kept}


@given(DATA, STEPS)
def test_what_is_named_is_gone(data: Any, steps: tuple[str, ...]) -> None:
    place = pointer(*steps)
    after = without({"top": data, "stays": 1}, [f"/top{place}"])
    assert after["stays"] == 1
    if isinstance(value_at({"top": data}, f"/top{place}".rpartition("/")[0]), dict):
        assert value_at(after, f"/top{place}") is MISSING
