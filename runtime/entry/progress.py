"""How far an entry is: counted from what stands in it each time, never stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runtime.definitions.place import cells, place
from runtime.definitions.plan import Cell, Plan
from runtime.fields.base import MISSING
from runtime.fill.filling import to_type
from runtime.fill.provenance import Provenance


@dataclass(frozen=True, slots=True)
class Progress:
    """Cells that hold something, and the pointers of those that wait for somebody, in drawing order.

    `check` are overridden cells whose reason is still missing and facts grown old, among the `filled` ones. Totals and
    empty cells that nobody asks for count nowhere.
    """

    filled: int
    ask: tuple[str, ...]
    check: tuple[str, ...]

    @property
    def count(self) -> int:
        """All cells that count."""
        return self.filled + len(self.ask)


def progress(
    plan: Plan, data: Any, choices: Mapping[str, str], provenance: Mapping[str, Provenance]
) -> Progress:
    """The progress of an entry with this data."""
    drawn = list(cells(place(plan, data, choices)))
    filled = [
        one.pointer
        for one in drawn
        if isinstance(one.node, Cell)
        and not one.node.computed
        and not (one.value is MISSING or one.value == "")
    ]
    check = tuple(pointer for pointer in filled if wants_check(provenance.get(pointer)))
    return Progress(len(filled), tuple(to_type(drawn)), check)


def wants_reason(told: Mapping[str, Any] | None) -> bool:
    """Whether a filled value was replaced and somebody must still say why.

    What is corrected of a subject needs no reason (it may have one): it is what somebody found there, becomes that
    subject's fact with the entry as its source, and a steward sees both.
    """
    if told is None or told.get("kind") != "overridden" or told.get("reason"):
        return False
    return bool(told.get("was", {}).get("kind") != "subject")


def wants_check(told: Provenance | None) -> bool:
    """Whether somebody should look at a value: its reason is missing, or it was said so long ago."""
    return wants_reason(told) or bool(told and told.get("stale"))
