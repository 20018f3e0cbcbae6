"""What of the canvas must be drawn anew after a step: parts that came, went, moved or look otherwise. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from builder.edits.patch import difference
from builder.edits.spots import HOLDERS
from builder.studio.canvas import Part
from runtime.api import MISSING

MOST = 40
"""Parts that are exchanged one by one; if more have changed the whole canvas is drawn."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """`fresh`: drawn in place of itself; `gone`: taken away; `new`: before the part `before`, or last in `holder`."""

    kind: str
    part: Part
    holder: str = ""
    before: str = ""


def exchanges(before: Part, after: Part) -> list[Exchange] | None:
    """What makes the canvas of one tree that of the other, in the order in which it is to be done; None: draw all."""
    found: list[Exchange] = []
    for one in _exchanges(before, after):
        found.append(one)
        if len(found) > MOST:
            return None
    return sorted(found, key=lambda one: one.kind != "gone")


def _exchanges(before: Part, after: Part) -> Iterator[Exchange]:
    old = {part.key: part for part in before.children}
    new = {part.key: part for part in after.children}
    came_and_went = difference([*old], [*new]) if [*old] != [*new] else ()
    for change in reversed(came_and_went):
        key = change.path[-1]
        if change.before is not MISSING or change.move:
            yield Exchange("gone", old[key])
        if change.after is not MISSING or change.move:
            yield Exchange("new", new[key], after.key, change.next or "")
    for key, part in new.items():
        if key not in old:
            continue
        if _looks(old[key]) != _looks(part) or _columns(old[key]) != _columns(part):
            yield Exchange("fresh", part)
        else:
            yield from _exchanges(old[key], part)


def _looks(part: Part) -> tuple[Any, ...]:
    """All that the part itself shows, without what stands in it."""
    item: Any = part.item
    schema: Any = part.schema
    if part.kind in HOLDERS and item is not None:
        item = {k: v for k, v in item.items() if k != "items"}
    if part.kind == "part" and part.children:
        schema = {k: v for k, v in (schema or {}).items() if k not in _WITHIN}
    return part.kind, part.pointer, part.needed, part.conditional, item, schema


_WITHIN = ("properties", "required", "allOf", "if", "then", "else", "propertyOrder")


def _columns(part: Part) -> list[str]:
    """A list is drawn with its columns, a holder with whether it is empty."""
    return [child.key for child in part.children] if part.kind == "rows" else []
