"""What was done to a form, told: its versions, the draft's steps, the difference of any two. Not for pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from builder.edits.kept import read as read_patch
from builder.edits.patch import Overtaken, Patch, applied, difference, inverse
from builder.edits.sentences import sentences
from builder.history import MOST, Told, read, steps, titles_of
from builder.studio.documents import document_of
from builder.studio.opened import Opened
from runtime.api import draft_steps, dumps, name_of
from runtime.api import gettext as _

STEPS = 50
"""Steps of a draft that are told."""
DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Moment:
    """A version, or a step of the draft: who made it, when, and what it changed (None: there is nothing before it)."""

    name: str
    by: str
    at: datetime | None
    told: Told | None


def versions_of(one: Opened) -> list[Moment]:
    """The versions, newest first, with what each changed; before them the draft, if there is one."""
    oldest_first = list(reversed(one.versions))
    texts = [version.source for version in oldest_first]
    told = steps(one.library, one.address, [*texts, one.draft.source] if one.draft else texts)
    found = [
        Moment(str(v.number), name_of(v.published_by), v.published_at, what)
        for v, what in zip(oldest_first, told, strict=False)
    ]
    if one.draft:
        what = told[-1] if one.versions else None
        found.append(Moment(DRAFT, name_of(one.draft.updated_by), one.draft.updated_at, what))
    return found[::-1]


def steps_of(one: Opened) -> list[Moment]:
    """The steps of the draft that stand, newest first."""
    if one.draft is None:
        return []
    after, titles = document_of(one.text) or {}, titles_of(one.library, one.address)
    found = []
    for step in draft_steps.standing(one.session, one.draft, STEPS):
        patch = read_patch(step.patch)
        try:
            before = applied(after, inverse(patch))
        except (
            Overtaken
        ):  # what came later was taken back, or lies over it: it is told all the same
            before = after
        said = sentences(before, after, patch, titles)
        told = Told(tuple(said[:5]), max(0, len(said) - 5))
        found.append(Moment(str(step.id), name_of(step.made_by), step.made_at, told))
        after = before
    return found


def text_named(one: Opened, name: str) -> str | None:
    """The text of the draft or of a version by its number; None where there is no such."""
    if name == DRAFT:
        return one.draft.source if one.draft else None
    return next((v.source for v in one.versions if str(v.number) == name), None)


def difference_of(one: Opened, before: str, after: str) -> Told | None:
    """What makes one text of the form of the other, in sentences; None where one is no form."""
    old, new = read(before), read(after)
    if old is None or new is None:
        return None
    found = _said(one, old, new, difference(old, new))
    return Told(tuple(found[: 3 * MOST]), max(0, len(found) - 3 * MOST))


def in_order(text: str) -> str:
    """A text with each value on a line, so that only what it says is compared."""
    document = document_of(text)
    return text if document is None else dumps(document, indent=2)


def named(name: str) -> str:
    """What a version or the draft is called."""
    return _("the draft") if name == DRAFT else _("version %(n)s", n=name)


def pair(names: Sequence[str], old: str, new: str) -> tuple[str, str]:
    """The two that are compared: those that were asked for, else the newest and what came before it."""
    newest = names[0] if names else ""
    after = new if new in names else newest
    follows = names.index(after) + 1 if after in names else 0
    before = names[follows] if follows < len(names) else after
    return (old if old in names else before), after


def _said(one: Opened, old: object, new: object, patch: Patch) -> list[str]:
    return sentences(old, new, patch, titles_of(one.library, one.address))
