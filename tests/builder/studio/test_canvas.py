"""The tree of parts is remembered by all that it depends on, and many may ask for it at once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest

from builder.studio.canvas import tree, walk

FORM: dict[str, Any] = {"properties": {"a": {"$ref": "x"}}, "layout": []}


def _kinds(library: object, address: str, whole: dict[str, Any]) -> list[str]:
    return [part.kind for part in walk(tree(FORM, lambda _schema: whole, library, address))]


def test_another_dictionary_gives_another_tree() -> None:
    one, other = object(), object()
    assert _kinds(one, "f", {"type": "string"}) == ["form", "cell"]
    assert _kinds(other, "f", {"type": "array"}) == ["form", "rows"]
    assert _kinds(one, "g", {"type": "object"}) == ["form", "part"]
    assert _kinds(one, "f", {"type": "never asked"}) == ["form", "cell"]


@pytest.fixture
def restless() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-7)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("restless")
def test_many_ask_at_once() -> None:
    forms = [{"properties": {f"a{n}": {"type": "string"}}, "layout": []} for n in range(100)]
    wrong: list[Exception] = []

    def ask(by: int) -> None:
        try:
            for n in range(1500):
                tree(forms[(n * 7 + by * 13) % 100], lambda schema: schema, None, "f")
        except Exception as error:
            wrong.append(error)

    threads = [Thread(target=ask, args=(by,)) for by in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert wrong == []
