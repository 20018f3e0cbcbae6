"""Keeping what is typed in the JSON tab: as the form where it is one, beside it where it is none yet. Not for pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache

from builder.edits.kept import read as read_patch
from builder.edits.kept import written
from builder.edits.patch import Overtaken, Patch, applied, difference, inverse
from builder.history import Together
from builder.keeping import Opened, brought, keep, mark
from builder.studio.documents import document_of
from builder.studio.typed import Typed
from builder.studio.unfinished import Unfinished, packed, waiting
from runtime.api import Conflict, DraftStep, FormDraft, Library, Session, draft_steps, drafts
from runtime.api import gettext as _

TOGETHER = timedelta(minutes=2)
"""What is typed within so long is one step: taken back at once."""


@dataclass(frozen=True, slots=True)
class Begun(Opened):
    """What a designer began from, with the unfinished text that they saw and the step that their typing is part of."""

    waited: str = ""
    """The `mark` of the unfinished text that was shown; empty: none waited."""
    step: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """The draft, what it was brought together with, and the step that was kept or added to."""

    draft: FormDraft
    both: Together | None = None
    step: int = 0

    @property
    def theirs(self) -> str:
        """What somebody else did meanwhile, in words; asked for when the database is free again."""
        return self.both.theirs if self.both else ""


class Waits(Conflict):
    """Somebody else's unfinished text waits; `text` is it."""

    def __init__(self, text: str) -> None:
        super().__init__(
            _("Somebody else has typed a text here meanwhile that is no form yet; both cannot be.")
        )
        self.text = text


def keep_text(
    session: Session, library: Library, address: str, typed: Typed, begun: Begun, actor: int
) -> Kept:
    """Keep a text. Raises `Clashing`, `Waits` and `Conflict`; then nothing is kept."""
    draft = drafts.find(session, address, to_change=True)
    waits = waiting(draft)
    is_mine = waits is None or _is_mine(begun, waits, typed)
    if typed.document is None:
        if waits is not None and not is_mine and begun.prefer != "mine":
            raise Waits(waits.text)
        return _beside(session, library, address, typed.text, begun, actor)
    before = drafts.text_of(session, library, address)
    if draft is not None and waits is None and typed.text == before:
        return Kept(draft, step=begun.step)
    begun = _from(begun, waits, typed)
    unfinished = draft.unfinished if draft and not is_mine else ""
    kept, both = keep(session, library, address, typed.text, begun, actor)
    kept.unfinished = unfinished
    return Kept(kept, both, _noted(session, kept, before, begun.step, actor))


def look_ahead(
    session: Session, library: Library, address: str, typed: Typed, begun: Begun, actor: int
) -> None:
    """Do what takes long in keeping a text, before the database is locked: what is found is remembered for then."""
    draft = drafts.find(session, address)
    if typed.document is None:
        return
    before = drafts.text_of(session, library, address)
    try:
        both = brought(library, address, typed.text, _from(begun, waiting(draft), typed), before)
    except Conflict:
        return  # told when it is to be kept
    step = _added_to(session, draft, begun.step, actor) if draft else None
    patch_of(before, both.text if both else typed.text, step.patch if step else "")


def _is_mine(begun: Begun, waits: Unfinished, typed: Typed) -> bool:
    return mark(waits.text) == begun.waited or waits.text == typed.text


def _from(begun: Begun, waits: Unfinished | None, typed: Typed) -> Begun:
    """What the typing was begun from, where the page does not say it: the text beside which its own waits."""
    if waits is None or begun.text is not None or not _is_mine(begun, waits, typed):
        return begun
    return replace(begun, text=waits.base)


def drop(session: Session, address: str, shown: str, actor: int) -> None:
    """Throw the unfinished text away that was shown. Raises `Waits` where it is another by now."""
    draft = drafts.find(session, address, to_change=True)
    waits = waiting(draft)
    if draft is None or waits is None:
        return
    if mark(waits.text) != shown:
        raise Waits(waits.text)
    drafts.keep(session, address, draft.source, draft.revision, actor)


def _beside(
    session: Session, library: Library, address: str, text: str, begun: Begun, actor: int
) -> Kept:
    draft = drafts.find(session, address, to_change=True)
    waits = waiting(draft)
    if waits is not None and mark(waits.text) == begun.waited:
        base = waits.base if begun.text is None else begun.text
    else:
        base = begun.text if begun.text is not None else drafts.text_of(session, library, address)
    revision = draft.revision if draft else 0
    unfinished = packed(Unfinished(text, base))
    return Kept(
        drafts.keep_unfinished(session, library, address, unfinished, revision, actor),
        step=begun.step,
    )


def _noted(session: Session, draft: FormDraft, before: str, step: int, actor: int) -> int:
    """The id of the step that now says what was typed: the one that typing is part of, or one more."""
    newest = _added_to(session, draft, step, actor)
    if newest is not None and draft.updated_at - newest.made_at < TOGETHER:
        whole = patch_of(before, draft.source, newest.patch)
        if whole is not None:
            return _added(session, newest, whole)
    patch = patch_of(before, draft.source, "")
    if patch is None:
        return 0
    return draft_steps.add(session, draft, written(patch), actor).id if patch else step


def _added_to(session: Session, draft: FormDraft, step: int, actor: int) -> DraftStep | None:
    """The step that typing is part of, where nobody has done one since."""
    newest = next(iter(draft_steps.standing(session, draft, 1)), None)
    is_own = newest is not None and newest.id == step and newest.made_by == actor
    return newest if is_own else None


@lru_cache(maxsize=16)
def patch_of(before: str, after: str, step: str) -> Patch | None:
    """What makes one text of the form of another, with what a step has done before; None where it cannot be said."""
    old, new = document_of(before), document_of(after)
    if old is None or new is None:
        return None
    try:
        return difference(applied(old, inverse(read_patch(step))) if step else old, new)
    except Overtaken:
        return None


def _added(session: Session, step: DraftStep, patch: Patch) -> int:
    """The step says this now; one that in the end changes nothing goes."""
    if not patch:
        draft_steps.forget(session, step)
        return 0
    step.patch = written(patch)
    return step.id
