"""Keeping a draft that somebody else may have changed since it was opened. Not for what brings two texts together."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from builder.history import Clashing, Together, together
from runtime.api import Conflict, FormDraft, Library, Session, drafts
from runtime.api import gettext as _


@dataclass(frozen=True, slots=True)
class Opened:
    """What a designer began from, and what they say of whose changes stay."""

    text: str | None
    """None where the page has not sent it: then the draft's `revision` decides."""
    revision: int
    prefer: str = ""
    """`mine` or `theirs`; empty: both are to be shown where they meet."""
    shown: str = ""
    """The `mark` of the other's text that `prefer` was said of."""


def keep(
    session: Session, library: Library, address: str, text: str, opened: Opened, actor: int
) -> tuple[FormDraft, Together | None]:
    """Keep the draft, with what was changed elsewhere in the form since it was opened; and what that was.

    Whether anything was is told by the text that was opened and not by a number: drafts come and go with versions.
    Raises `Clashing`, and `Conflict` where it cannot be brought together.
    """
    there = drafts.find(session, address, to_change=True)
    revision = there.revision if there else 0
    current = drafts.text_of(session, library, address)
    both = brought(library, address, text, opened, current)
    if both is None:
        began = opened.revision if opened.text is None else revision
        return drafts.keep(session, address, text, began, actor), None
    return drafts.keep(session, address, both.text, revision, actor), both


def brought(
    library: Library, address: str, text: str, opened: Opened, current: str
) -> Together | None:
    """A text with what was changed since it was opened, the form being `current`; None where nothing was.

    Raises `Clashing`, and `Conflict` where it cannot be brought together.
    """
    if opened.text is None or opened.text == current:
        return None
    prefer = opened.prefer if opened.shown == mark(current) else ""
    both = together(library, address, opened.text, text, current, prefer)
    if both is None:
        raise Conflict(_("Somebody else has changed this form since you opened it."))
    if both.clashes:
        raise Clashing(both.clashes)
    return both


def mark(text: str) -> str:
    """By which the page that comes back tells which text it has shown."""
    return sha256(text.encode()).hexdigest()
