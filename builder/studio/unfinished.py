"""A text that is no form yet, kept beside the form with the text from which it was begun. Not for what it is worth."""

from __future__ import annotations

from dataclasses import dataclass

from builder.keeping import mark
from runtime.api import FormDraft, NotJson, dumps, loads


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What was typed last, and the form's text as it was when that was begun: what it is brought together from."""

    text: str
    base: str


def packed(waiting: Unfinished) -> str:
    """As the draft keeps it; never empty, since an empty text waits like any other."""
    return dumps([waiting.base, waiting.text])


def waited(draft: FormDraft | None) -> str:
    """The `mark` of the text that waits; empty where none does."""
    found = waiting(draft)
    return "" if found is None else mark(found.text)


def waiting(draft: FormDraft | None) -> Unfinished | None:
    """The unfinished text of a draft; None where none waits."""
    if draft is None or not draft.unfinished:
        return None
    try:
        base, text = loads(draft.unfinished)
    except (NotJson, ValueError, TypeError):
        return Unfinished(draft.unfinished, draft.source)
    return Unfinished(str(text), str(base))
