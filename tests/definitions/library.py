"""The small complete set of definitions that tests of definitions start from."""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path
from typing import Any

from runtime.definitions.address import absolute, tokens
from runtime.definitions.load import Library

DATA = Path(__file__).parent / "data"


@cache
def good() -> Library:
    """A register, code lists, indicators, a cross-table form, one that extends it, one about a subject."""
    return Library.read([DATA / "defs"])


def changed(address: str, sets: dict[str, Any], removes: list[str]) -> Library:
    """The good library with one definition changed at these JSON pointers."""
    document = copy.deepcopy(good().source(address))
    for place in removes:
        parent, key = _parent(document, place)
        del parent[key]
    for place, value in sets.items():
        parent, key = _parent(document, place)
        parent[key] = value
    return good().with_document(absolute(address), document)


def _parent(document: Any, place: str) -> tuple[Any, Any]:
    *steps, last = tokens(place)
    for step in steps:
        document = document[int(step) if isinstance(document, list) else step]
    return document, int(last) if isinstance(document, list) else last
