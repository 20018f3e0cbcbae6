"""Pointers lead to lines, also in a text that is not JSON yet."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from builder.places import line_of, lines

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


def _pointers(value: Any, place: str = "") -> list[str]:
    found = [place]
    pairs = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, part in pairs:
        found += _pointers(part, f"{place}/{str(key).replace('~', '~0').replace('/', '~1')}")
    return found


@given(JSON)
def test_every_value_has_its_line(value: Any) -> None:
    text = json.dumps(value, indent=1, ensure_ascii=False)
    found = lines(text)
    assert sorted(found) == sorted(set(_pointers(value)))
    assert all(1 <= line <= text.count("\n") + 1 for line in found.values())


def test_a_value_stands_on_the_line_where_it_begins() -> None:
    text = '{\n "a": {\n  "b": [\n   1,\n   {"c~/d": 2}\n  ]\n }\n}'
    found = lines(text)
    assert found["/a"] == 2
    assert found["/a/b/0"] == 4
    assert found["/a/b/1/c~0~1d"] == 5
    assert line_of(text, "/a/b/7/x") == 3
    assert line_of(text, "/nothing") == 1


@given(st.text(alphabet='{}[]:,"\\ab1 \n'))
def test_any_text_is_followed_as_far_as_it_goes(text: str) -> None:
    assert all(1 <= line <= text.count("\n") + 1 for line in lines(text).values())
