"""Keeping what is typed in the JSON tab: as the form where it is one, beside it where it is none yet. Not for pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from builder.edits.kept import read as read_patch
from builder.edits.kept import written
from builder.edits.patch import Overtaken, Patch, applied, difference, inverse
from builder.keeping import Opened, keep, mark
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
    """The draft, what somebody else did meanwhile in words, and the step that was kept or added to."""

    draft: FormDraft
    theirs: str = ""
    step: int = 0


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
    is_mine = waits is None or mark(waits.text) == begun.waited or waits.text == typed.text
    if typed.document is None:
        if waits is not None and not is_mine and begun.prefer != "mine":
            raise Waits(waits.text)
        return _beside(session, library, address, typed.text, begun, actor)
    before = drafts.text_of(session, library, address)
    if draft is not None and waits is None and typed.text == before:
        return Kept(draft, step=begun.step)
    if begun.text is None and waits is not None and is_mine:
        begun = replace(begun, text=waits.base)
    unfinished = draft.unfinished if draft and not is_mine else ""
    kept, theirs = keep(session, library, address, typed.text, begun, actor)
    kept.unfinished = unfinished
    return Kept(kept, theirs, _noted(session, kept, before, begun.step, actor))


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
    old, new = document_of(before), document_of(draft.source)
    if old is None or new is None:
        return 0
    newest = next(iter(draft_steps.standing(session, draft, 1)), None)
    if newest is not None and newest.id == step and newest.made_by == actor:
        try:
            begun = applied(old, inverse(read_patch(newest.patch)))
        except Overtaken:
            begun = None
        if begun is not None and draft.updated_at - newest.made_at < TOGETHER:
            return _added(session, newest, difference(begun, new))
    patch = difference(old, new)
    if not patch:
        return step
    return draft_steps.add(session, draft, written(patch), actor).id


def _added(session: Session, step: DraftStep, patch: Patch) -> int:
    """The step says this now; one that in the end changes nothing goes."""
    if not patch:
        draft_steps.forget(session, step)
        return 0
    step.patch = written(patch)
    return step.id
