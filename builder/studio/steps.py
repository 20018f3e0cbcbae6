"""Steps on a draft carried out, taken back and done again; each kept with the draft. Not for what a step changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from builder.edits.kept import read as read_patch
from builder.edits.kept import written
from builder.edits.patch import Overtaken, Patch, applied, difference, inverse
from builder.edits.sentences import sentences
from builder.edits.spots import ChangedMeanwhile, Document, Refused, find
from builder.history import rules_in, titles_of
from builder.studio.documents import document_of, text_of
from builder.studio.whole import own_of, whole_of
from runtime.api import FormDraft, Library, Session, draft_steps, drafts
from runtime.api import gettext as _

Step = Callable[[Document], Document]
TOLD = 4
"""Sentences of one step that are said."""


@dataclass
class Done:
    """What a step did: the document before and after, and what to say of it, which takes longer than to keep it."""

    before: Document
    after: Document
    draft: FormDraft | None
    change: Patch = ()
    library: Library | None = None
    address: str = ""

    @cached_property
    def said(self) -> str:
        """The step in sentences; asked for when the database is free again."""
        if not self.change or self.library is None:
            return ""
        return _said(self.library, self.address, self.before, self.after, self.change)


@dataclass(frozen=True, slots=True)
class Worked:
    """A step worked out on the form as it was read, which is `own`; nothing of it is kept yet."""

    own: Document
    before: Document
    after: Document
    change: Patch
    text: str
    patch: str


def worked_out(
    session: Session, library: Library, address: str, step: Step, moved: str = ""
) -> Worked:
    """Do a step without keeping it. Raises `Refused` where it cannot be done.

    `moved` is the id of the item that it is about: of two that change places, that one has moved.
    """
    own = current(session, library, address)
    before = whole_of(library, address, own)
    after = step(before)
    change = _about(difference(before, after), after, moved)
    if not change:
        return Worked(own, before, before, (), "", "")
    kept = own_of(library, address, own, after)
    patch = change if own is before else difference(own, kept)
    return Worked(own, before, after, change, text_of(kept), written(patch))


def carry_out(
    session: Session,
    library: Library,
    address: str,
    step: Step,
    actor: int | None,
    moved: str = "",
    ahead: Worked | None = None,
) -> Done:
    """Do a step on the draft as it stands now, whoever has changed it since it was shown.

    `ahead`: the same step `worked_out` before the database was locked; it counts where the form is still the same.
    Raises `Refused` where it cannot be done; then nothing is kept. A step that changes nothing keeps nothing.
    """
    drafts.find(session, address, to_change=True)
    done = ahead
    if done is None or done.own is not current(session, library, address):
        done = worked_out(session, library, address, step, moved)
    if not done.change:
        return Done(done.before, done.after, drafts.find(session, address))
    draft = _keep(session, address, done.text, actor)
    draft_steps.add(session, draft, done.patch, actor)
    return Done(done.before, done.after, draft, done.change, library, address)


def undo(session: Session, library: Library, address: str, actor: int | None) -> Done:
    """Take back the last step of this designer; what others have done stays. Raises `Refused`."""
    draft = drafts.find(session, address, to_change=True)
    step = draft_steps.last(session, draft, actor) if draft else None
    if draft is None or step is None:
        raise Refused(_("There is nothing to take back."))
    patch = inverse(read_patch(step.patch))
    done = _again(session, library, address, patch, actor)
    step.taken_back = True
    return done


def redo(session: Session, library: Library, address: str, actor: int | None) -> Done:
    """Do again what this designer took back last. Raises `Refused`."""
    draft = drafts.find(session, address, to_change=True)
    step = draft_steps.next_again(session, draft, actor) if draft else None
    if draft is None or step is None:
        raise Refused(_("There is nothing to do again."))
    done = _again(session, library, address, read_patch(step.patch), actor)
    step.taken_back = False
    return done


def set_text(
    session: Session, library: Library, address: str, text: str, actor: int | None
) -> FormDraft:
    """Make the form this text, letter by letter, as one step. What waits unfinished stays."""
    draft = drafts.find(session, address, to_change=True)
    before = drafts.text_of(session, library, address)
    unfinished = draft.unfinished if draft else ""
    kept = drafts.keep(session, address, text, draft.revision if draft else 0, actor)
    kept.unfinished = unfinished
    note(session, kept, before, actor)
    return kept


def note(session: Session, draft: FormDraft, before: str, actor: int | None) -> None:
    """Keep what was changed elsewhere than by a step, such as in the JSON, so that it can be taken back too."""
    old, new = document_of(before), document_of(draft.source)
    if old is not None and new is not None and (patch := difference(old, new)):
        draft_steps.add(session, draft, written(patch), actor)


def can(session: Session, draft: FormDraft | None, actor: int | None) -> tuple[bool, bool]:
    """Whether this designer has something to take back, and something to do again."""
    if draft is None:
        return False, False
    return (
        draft_steps.last(session, draft, actor) is not None,
        draft_steps.next_again(session, draft, actor) is not None,
    )


def current(session: Session, library: Library, address: str) -> Document:
    """The form as it stands. Raises `Refused` where it is no object that could be put together."""
    document = document_of(drafts.text_of(session, library, address))
    if document is None:
        raise Refused(_("This form is not a JSON object; only its JSON can be changed."))
    return document


def _about(patch: Patch, after: Document, moved: str) -> Patch:
    """The same patch, told of the item `moved` where it is one of two that changed places."""
    if len(patch) != 1 or not patch[0].move or moved in ("", patch[0].path[-1]):
        return patch
    one = patch[0]
    if one.path[0] != "layout":
        return patch
    order = [str(item.get("id")) for item in find(after, one.path[-1]).siblings]
    before = [key for key in order if key != one.path[-1]]
    before.insert(before.index(one.was) if one.was in before else len(before), one.path[-1])
    if moved not in order or one.path[-1] not in order:
        return patch
    fresh = replace(
        one, path=(*one.path[:-1], moved), was=_next(before, moved), next=_next(order, moved)
    )
    return (fresh,)


def _next(keys: list[str], key: str) -> str | None:
    return dict(pairwise(keys)).get(key)


def _again(
    session: Session, library: Library, address: str, patch: Patch, actor: int | None
) -> Done:
    own = current(session, library, address)
    try:
        kept = applied(own, patch)
    except Overtaken:
        raise ChangedMeanwhile(
            _("This cannot be taken back or done again: the same place was changed since.")
        ) from None
    draft = _keep(session, address, text_of(kept), actor)
    before, after = (whole_of(library, address, one) for one in (own, kept))
    change = patch if before is own else difference(before, after)
    return Done(before, after, draft, change, library, address)


def _keep(session: Session, address: str, text: str, actor: int | None) -> FormDraft:
    draft = drafts.find(session, address, to_change=True)
    unfinished = draft.unfinished if draft else ""
    kept = drafts.keep(session, address, text, draft.revision if draft else 0, actor)
    kept.unfinished = unfinished
    return kept


def _said(library: Library, address: str, before: Document, after: Document, patch: Patch) -> str:
    titles, rules = titles_of(library, address), rules_in(library, address)
    found = sentences(before, after, patch, titles, rules)
    more = [_("and more")] if len(found) > TOLD else []
    return _("; ").join([*found[:TOLD], *more])
