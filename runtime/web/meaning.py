"""What a cell means by its definition in the dictionary: the words of the field or indicator that it refers to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runtime.definitions.address import tokens
from runtime.definitions.load import Library
from runtime.language import current


@dataclass(frozen=True, slots=True)
class Meaning:
    """A field or an indicator as people read it."""

    title: str
    text: str
    """Its definition in a sentence; empty where it has none."""


def meaning_of(library: Library, address: str) -> Meaning | None:
    """What the definition at `address` says of itself in the language in force; None where there is none.

    A place within an indicator (a cell of its breakdown) means what the indicator means.
    """
    base, _hash, pointer = address.partition("#")
    if base not in library:
        return None
    node: Any = library.source(base)
    for step in tokens(pointer)[:2]:
        node = node.get(step) if isinstance(node, Mapping) else None
    if not isinstance(node, Mapping):
        return None
    title = _text(node, "title")
    return (
        Meaning(title, _text(node, "definition") or _text(node, "description")) if title else None
    )


def _text(node: Mapping[str, Any], keyword: str) -> str:
    told = node.get("translations", {}).get(current(), {})
    return str(told.get(keyword) or node.get(keyword) or "")
