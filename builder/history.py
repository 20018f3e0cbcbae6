"""What was changed from version to version of a form and in its draft; and what two designers changed at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import Any

from referencing.exceptions import Unresolvable

from builder.edits.merge import merged
from builder.edits.patch import Change, difference
from builder.edits.sentences import Rules, RulesOf, sentences
from builder.edits.told import TitleOf
from builder.rules.cells import Cells
from builder.rules.of_form import FormRules
from runtime.api import Conflict, Library, NotJson, current_language, dumps, loads, say, texts_of
from runtime.api import gettext as _

MOST = 60
"""Sentences of one difference that are told."""


@dataclass(frozen=True, slots=True)
class Told:
    """The sentences of a difference, and how many more there are."""

    sentences: tuple[str, ...]
    more: int = 0


Clashes = tuple[tuple[str, str], ...]
"""What I did and what somebody else did, wherever both cannot be."""


class Clashing(Conflict):
    """Two designers have changed the same place; `clashes` says what each of them did there."""

    def __init__(self, clashes: Clashes) -> None:
        super().__init__(_("Somebody else has changed the same place of this form meanwhile."))
        self.clashes = clashes


@dataclass
class Together:
    """The text with what both have changed, or, where it clashes, none and what each of them did there."""

    text: str
    clashes: Clashes = ()
    tell: Callable[[], Told | None] = lambda: None

    @cached_property
    def theirs(self) -> str:
        """What the other has changed, in sentences; asked for when the database is free again."""
        told = self.tell()
        return _("; ").join(told.sentences) if told else ""


def steps(library: Library, address: str, texts: Sequence[str]) -> list[Told | None]:
    """For each text of a form, oldest first, what makes it of the one before; None for the first, and for no JSON."""
    documents = [read(text) for text in texts]
    titles, rules = titles_of(library, address), rules_in(library, address)
    before = [None, *documents[:-1]]
    return [_told(old, new, titles, rules) for old, new in zip(before, documents, strict=True)]


def together(
    library: Library, address: str, base: str, mine: str, theirs: str, prefer: str = ""
) -> Together | None:
    """Bring together what was made of `base` by two; None where one of the texts is not JSON.

    Where both cannot be, `prefer` says whose stays (`mine`, `theirs`); without it they are told. What was found
    lately is remembered: it is asked before the database is locked, and once more then.
    """
    return _together(library, address, (base, mine, theirs), prefer, current_language())


@lru_cache(maxsize=8)
def _together(
    library: Library, address: str, texts: tuple[str, str, str], prefer: str, _language: str
) -> Together | None:
    old, own, other = (read(text) for text in texts)
    if old is None or own is None or other is None:
        return None
    titles = titles_of(library, address)
    found = merged(old, own, other)
    if found.clashes and not prefer:
        pairs = [
            (_said(old, own, one.mine, titles), _said(old, other, one.theirs, titles))
            for one in found.clashes
        ]
        return Together("", tuple(dict.fromkeys(pairs)))
    if prefer == "mine":
        found = merged(old, other, own)
    tell = partial(_told, old, other, titles, rules_in(library, address))
    return Together(dumps(found.document, indent=2), tell=tell)


def read(text: str) -> dict[str, Any] | None:
    """The document of a text; None where it is none."""
    try:
        document = loads(text)
    except NotJson:
        return None
    return document if isinstance(document, dict) else None


def titles_of(library: Library, address: str) -> TitleOf:
    """What a field is called that refers to the dictionary from the form at `address`."""
    resolver = library.registry.resolver(address)

    def title_of(node: Mapping[str, Any]) -> str:
        reference = node.get("$ref")
        if not isinstance(reference, str):
            return ""
        try:
            found = resolver.lookup(reference).contents
        except (Unresolvable, ValueError, TypeError, LookupError):  # a draft may refer to anything
            return ""
        return say(texts_of(found)) if isinstance(found, Mapping) and "title" in found else ""

    return title_of


def rules_in(library: Library, address: str) -> RulesOf:
    """The rules of a document at `address` as sentences, each with how it is written."""

    def rules_of(document: Any) -> Rules:
        if not isinstance(document, dict):
            return {}
        return FormRules(Cells(library, address, document)).sentences

    return rules_of


def _told(before: Any, after: Any, titles: TitleOf, rules: RulesOf | None = None) -> Told | None:
    if before is None or after is None:
        return None
    found = sentences(before, after, difference(before, after), titles, rules)
    return Told(tuple(found[:MOST]), max(0, len(found) - MOST))


def _said(before: Any, after: Any, change: Change, titles: TitleOf) -> str:
    return "".join(sentences(before, after, (change,), titles))
