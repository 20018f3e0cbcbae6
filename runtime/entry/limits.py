"""How much a post for a form may hold, from its plan. Not for refusing it: the web layer does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runtime.definitions.place import place, walk
from runtime.definitions.plan import Cell, Choice, Plan, Rows

_FREE_TEXT = 100_000
"""Characters of a text without `maxLength`."""

_SLACK = 64
"""Names of our own: token, revision, button, and rows that came in meanwhile."""


@dataclass(frozen=True, slots=True)
class PostLimits:
    """The most parts and bytes of one post."""

    parts: int
    size: int


def post_limits(plan: Plan, data: Any, choices: Mapping[str, str] | None = None) -> PostLimits:
    """The limits for one entry: each cell with its choices, and its longest text in UTF-8, form-encoded."""
    parts, size = _SLACK, 64_000
    for part in walk(place(plan, data, choices)):
        node = part.node
        if isinstance(node, Cell):
            listed = len(node.options.get("choices", ())) if node.field == "multiple-choice" else 0
            parts += 1 + listed
            size += 12 * len(part.pointer) + 400 + 12 * _length(node, part.value)
        elif isinstance(node, Choice | Rows):
            parts += 2
            size += 2000
            if isinstance(node, Rows) and node.named is not None:
                parts += len(part.children)
                size += sum(24 * len(row.pointer) + 2000 for row in part.children)
    return PostLimits(2 * parts, 2 * size)


def _length(node: Cell, value: Any) -> int:
    held = len(value) if isinstance(value, str) else 0
    if "choices" in node.options:
        return 40 * (len(node.options["choices"]) if node.field == "multiple-choice" else 1)
    if node.field in ("text", "long-text"):
        return max(
            held,
            int(node.options.get("maxLength", _FREE_TEXT if node.field == "long-text" else 4000)),
        )
    return max(held, 400)
