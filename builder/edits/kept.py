"""A patch as JSON text, to be kept and read again. Not for what a patch does."""

from __future__ import annotations

from builder.edits.data import kept, patch_of
from builder.edits.patch import Patch
from runtime.api import dumps, loads


def written(patch: Patch) -> str:
    """The JSON text of a patch."""
    return dumps(kept(patch))


def read(text: str) -> Patch:
    """The patch of a text that `written` made."""
    return patch_of(loads(text))
