"""Differences found when an entry was opened, remembered for the next pages of it. Only for showing them again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runtime.entry.differences import Difference, Differences, of_what_stands

_MOST = 2000
_noticed: dict[str, Differences] = {}


def notice(entry_id: str, found: Differences) -> None:
    """Remember what was found in the entry last."""
    if len(_noticed) >= _MOST:
        _noticed.clear()
    _noticed[entry_id] = found


def noticed(entry_id: str, data: Any, provenance: Mapping[str, Any]) -> dict[str, Difference]:
    """The cells that are known to differ still, with this data in the entry; by pointer."""
    return of_what_stands(_noticed.get(entry_id), data, provenance)
