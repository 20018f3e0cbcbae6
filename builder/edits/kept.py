"""A patch as JSON text, to be kept and read again. Not for what a patch does."""

from __future__ import annotations

from typing import Any

from builder.edits.patch import Change, Patch
from runtime.api import MISSING, dumps, loads


def written(patch: Patch) -> str:
    """The JSON text of a patch."""
    return dumps([_row(change) for change in patch])


def read(text: str) -> Patch:
    """The patch of a text that `written` made."""
    return tuple(_change(row) for row in loads(text))


def _row(change: Change) -> dict[str, Any]:
    row: dict[str, Any] = {"path": list(change.path), "was": change.was, "next": change.next}
    if change.before is not MISSING:
        row["before"] = change.before
    if change.after is not MISSING:
        row["after"] = change.after
    return {**row, "move": True} if change.move else row


def _change(row: dict[str, Any]) -> Change:
    return Change(
        tuple(row["path"]),
        row.get("before", MISSING),
        row.get("after", MISSING),
        row["was"],
        row["next"],
        row.get("move", False),
    )
