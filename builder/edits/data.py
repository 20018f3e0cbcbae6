"""A patch as data to be kept, and back. Not for making or applying one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from builder.edits.patch import Change, Patch
from runtime.api import MISSING


def kept(patch: Patch) -> list[dict[str, Any]]:
    """The changes as JSON; what is not there is left out."""
    return [_kept(change) for change in patch]


def patch_of(data: Iterable[Mapping[str, Any]]) -> Patch:
    """The patch that `kept` gave."""
    return tuple(
        Change(
            path=tuple(one["path"]),
            before=one.get("before", MISSING),
            after=one.get("after", MISSING),
            was=one.get("was"),
            next=one.get("next"),
            move=bool(one.get("move")),
        )
        for one in data
    )


def _kept(change: Change) -> dict[str, Any]:
    found: dict[str, Any] = {"path": list(change.path)}
    for name in ("before", "after"):
        if (value := getattr(change, name)) is not MISSING:
            found[name] = value
    for name in ("was", "next"):
        if (value := getattr(change, name)) is not None:
            found[name] = value
    return {**found, "move": True} if change.move else found
