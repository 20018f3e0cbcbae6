"""What a person may say of a cell of a sheet, and of which cells it then counts. Not for keeping it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from builder.excel.choices import NONE, Choice, accepted, decision
from builder.excel.crossing import path_of
from builder.excel.proposals import MEANT, OWN
from builder.excel.reasons import title_of
from builder.excel.vocabulary import Vocabulary
from runtime.api import EntryError
from runtime.api import gettext as _

Said = dict[str, Any]
"""Slot id -> decision; None takes one back."""


def said_of(
    step: str, choices: Sequence[Choice], cell: str, posted: Mapping[str, str], known: Vocabulary
) -> Said:
    """The decisions that a step means: `all`, or of one cell `accept`, `own`, `none`, `undo`, `take` (an address).

    What is said of one line of a list is said of its column. Raises `EntryError` for what cannot be.
    """
    if step == "all":
        return dict(accepted(choices))
    there = _together(choices, cell)
    if not there:
        raise EntryError(_("There is no such cell."))
    if step == "accept":
        return {c.slot.id: decision(c.what, c.address, c.path) for c in there}
    if step in (OWN, NONE):
        return {c.slot.id: decision(step) for c in there}
    if step == "undo":
        return {c.slot.id: None for c in there}
    whole = posted.get("whole") == "1"
    return _taken(choices, there, posted.get("address", ""), known, whole=whole)


def _together(choices: Sequence[Choice], cell: str) -> list[Choice]:
    """The cell, and those that are one with it: the lines of a list's column."""
    one = next((c for c in choices if c.slot.id == cell), None)
    if one is None or one.slot.kind != "list":
        return [one] if one else []
    place = one.slot.block, one.slot.column
    return [c for c in choices if c.slot.kind == "list" and (c.slot.block, c.slot.column) == place]


def _taken(
    choices: Sequence[Choice],
    there: Sequence[Choice],
    address: str,
    known: Vocabulary,
    *,
    whole: bool,
) -> Said:
    meaning = known.by_address.get(address)
    if meaning is None:
        raise EntryError(_("The dictionary has no such field or indicator."))
    if not meaning.breakdowns:
        return {c.slot.id: decision(MEANT, address) for c in there}
    first = there[0].slot
    if path_of(meaning, first) is None:
        raise EntryError(
            _(
                "The headers of this cell name no code of “%(name)s”; choose another, or make it the form's own.",
                name=title_of(address, known),
            )
        )
    cells = [c.slot for c in choices if c.slot.block == first.block] if whole else [first]
    return {
        slot.id: decision(MEANT, address, path)
        for slot in cells
        if (path := path_of(meaning, slot)) is not None
    }
