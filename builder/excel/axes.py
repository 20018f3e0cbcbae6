"""The axes of a cross-table for cells of an indicator that is broken down. Not for where it stands in the form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from builder.excel.choices import Choice
from builder.excel.codes import Breakdown
from builder.excel.texts import titled
from builder.excel.vocabulary import Meaning
from runtime.api import Texts

TOTAL = "total"
_TOTAL: Texts = {"en": "Total", "zh-CN": "合计"}


def axes(meaning: Meaning, cells: Sequence[Choice]) -> dict[str, Any]:
    """`rows` and `columns` by all breakdowns, each on the side on which the sheet has it.

    All codes are drawn, also those that the sheet has no line for: a total is that of all of them.
    """
    paths = [cell.path for cell in cells]
    on_rows = [_is_on_rows(breakdown, n, cells) for n, breakdown in enumerate(meaning.breakdowns)]
    sides: dict[str, Any] = {}
    for side, wanted in (("rows", True), ("columns", False)):
        at = [n for n, there in enumerate(on_rows) if there is wanted]
        names = [meaning.breakdowns[n].name for n in at]
        if not names:
            sides[side] = {"items": [titled(meaning.item.title, key="")]}
            continue
        totals = _totals(names, [tuple(path[n] for n in at) for path in paths])
        sides[side] = {"by": names, **({"total": totals} if totals else {})}
    return sides


def codes_of(breakdown: Breakdown, paths: Sequence[tuple[str, ...]]) -> list[dict[str, Any]]:
    """A header for each code of the one breakdown, and for the total where it is asked for."""
    found = [titled(breakdown.titles[code], key=code) for code in breakdown.codes]
    return [*found, titled(_TOTAL, key=TOTAL)] if (TOTAL,) in paths else found


def _is_on_rows(breakdown: Breakdown, at: int, cells: Sequence[Choice]) -> bool:
    """Whether the lines of the sheet, and not its columns, say this code."""
    votes = 0
    for cell in cells:
        code = cell.path[at]
        if code != TOTAL:
            votes += any(breakdown.code_of(text) == code for text in cell.slot.beside)
            votes -= any(breakdown.code_of(text) == code for text in cell.slot.over)
    return votes > 0


def _totals(names: Sequence[str], parts: Sequence[tuple[str, ...]]) -> bool | list[str]:
    """Which totals an axis shows: none, one of all, or those of these breakdowns."""
    whole = any(all(step == TOTAL for step in part) for part in parts)
    some = {
        name
        for part in parts
        if not all(step == TOTAL for step in part)
        for name, step in zip(names, part, strict=True)
        if step == TOTAL
    }
    if not some:
        return whole
    return [name for name in names if name in some or whole]
