"""Every text of a form in all languages, as rows of a grid; and setting some of them. Pure. Not for pages or files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from builder.edits.spots import (
    ChangedMeanwhile,
    Document,
    Refused,
    Steps,
    all_items,
    at,
    find,
    layout_of,
    pointer_of,
    schema_at,
    with_at,
    with_items,
)
from builder.edits.texts import text_in, with_text
from builder.studio.shapes import Shapes
from runtime.api import LANGUAGES, NotJson, dumps, loads, say, texts_of
from runtime.api import gettext as _

WORDS = ("title", "description", "help", "unit", "text", "corner")
"""The keywords that hold texts for people."""


def keyword_words() -> dict[str, str]:
    """What these are called on pages."""
    return {
        "title": _("title"),
        "description": _("description"),
        "help": _("help"),
        "unit": _("unit of measure"),
        "text": _("text"),
        "corner": _("corner"),
    }


LONGEST = 10_000
"""Letters of one text that are taken."""
_MAPS = ("properties", "patternProperties", "$defs", "dependentSchemas")
_LISTS = ("oneOf", "anyOf", "allOf", "prefixItems")
_ONES = ("items", "then", "else", "additionalProperties")


@dataclass(frozen=True, slots=True)
class Place:
    """What holds a text: an item of the layout by its id (empty: the form itself), and the steps within it."""

    item: str
    steps: Steps
    kind: str

    @property
    def key(self) -> str:
        """As pages and files name it."""
        return dumps([self.item, *self.steps])

    @property
    def pointer(self) -> str:
        """The pointer of the entry that it speaks of; empty where it is layout."""
        found: list[str] = []
        for step, following in zip(self.steps, (*self.steps[1:], None), strict=True):
            if step == "properties" and following is not None:
                found.append(str(following))
            elif step == "items":
                found.append("*")
        return "" if self.item else pointer_of(found)


@dataclass(frozen=True, slots=True)
class Row:
    """One text: `texts` are the form's own by language, `known` the dictionary's where the form has none."""

    place: Place
    word: str
    name: str
    """What it is the text of, in the language in force."""
    texts: Mapping[str, str]
    known: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_own(self) -> bool:
        """Whether the form says it; else it comes from the dictionary, and is changed there."""
        return not self.known

    @property
    def missing(self) -> tuple[str, ...]:
        """The languages in which it is not said."""
        return tuple(tag for tag in LANGUAGES if self.is_own and not self.texts.get(tag))


@dataclass(frozen=True, slots=True)
class Said:
    """One text that somebody wants to be otherwise; `was` is what they saw, None where they do not say."""

    key: str
    word: str
    language: str
    text: str
    was: str | None = None


class Clash(ChangedMeanwhile):
    """Texts that somebody else has set meanwhile: for each what is wanted, and what stands there now."""

    def __init__(self, cells: Sequence[tuple[Said, str]]) -> None:
        said, now = cells[0]
        super().__init__(
            _(
                "This text is “%(now)s” by now, set by somebody else; you wanted “%(value)s”. Set it again.",
                now=now,
                value=said.text,
            )
        )
        self.cells = tuple(cells)


def rows(document: Document, shapes: Shapes) -> list[Row]:
    """All texts of a form, in its order: the form's own, the layout's, then the cells'."""
    found = list(_rows_of(document, Place("", (), "form"), shapes))
    for item in _items(document):
        for place, node in _of_item(item):
            found += _rows_of(node, place, shapes, _shown_by(document, item))
    for place, node in _schemas(document):
        found += _rows_of(node, place, shapes)
    return found


def said(document: Document, wanted: Sequence[Said]) -> Document:
    """The document with these texts. Raises `Clash` for what others have set since, `Refused` for what is gone."""
    clashes: list[tuple[Said, str]] = []
    for one in wanted:
        now = now_at(document, one)
        if one.was is not None and now not in (one.was, one.text):
            clashes.append((one, now))
        document = _with(document, one)
    if clashes:
        raise Clash(clashes)
    return document


def now_at(document: Document, one: Said) -> str:
    """What stands where a text is to be set. Raises `Refused` where there is no such place any more."""
    return text_in(_node(document, one), one.word, one.language)


def _node(document: Document, one: Said) -> Mapping[str, Any]:
    item, steps = _place(one.key)
    node = at(find(document, item).item if item else document, steps)
    if not isinstance(node, Mapping) or one.word not in WORDS or one.language not in LANGUAGES:
        raise ChangedMeanwhile(_("This part of the form is no longer there."))
    return node


def _with(document: Document, one: Said) -> Document:
    item, steps = _place(one.key)
    node = _node(document, one)
    text = one.text.strip()
    if len(text) > LONGEST:
        raise Refused(_("A text may have %(n)s letters at most.", n=LONGEST))
    fresh = with_text(node, one.word, one.language, text)
    if not item:
        return with_at(document, steps, fresh)  # type: ignore[no-any-return]
    holding = find(document, item)
    changed = with_at(holding.item, steps, fresh)

    def exchanged(items: list[Any]) -> list[Any]:
        return [changed if each is holding.item else each for each in items]

    return with_items(document, holding.holder, exchanged)


def _place(key: str) -> tuple[str, Steps]:
    try:
        item, *steps = loads(key)
    except (NotJson, ValueError, TypeError):
        item, steps = None, []
    plain = all(isinstance(step, str) or type(step) is int for step in steps)
    if not isinstance(item, str) or not plain:
        raise Refused(_("This part of the form is no longer there."))
    return item, tuple(steps)


def _items(document: Document) -> list[Mapping[str, Any]]:
    try:
        layout_of(document)
        return list(all_items(document))
    except Refused:
        return []


def _of_item(item: Mapping[str, Any]) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    name = item["id"]
    yield Place(name, (), str(item.get("kind", ""))), item
    waiting: list[Steps] = [("columns", "items"), ("rows", "items")]
    while waiting:
        steps = waiting.pop()
        headers = at(item, steps)
        if not isinstance(headers, list):
            continue
        inner: list[Steps] = []
        for n, header in enumerate(headers):
            if isinstance(header, Mapping):
                yield Place(name, (*steps, n), "header"), header
                inner.append((*steps, n, "items"))
        waiting += inner[::-1]


def _schemas(document: Document) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    waiting: list[tuple[Steps, Mapping[str, Any], str]] = [((), document, "form")]
    while waiting:
        steps, schema, kind = waiting.pop()
        if steps:
            yield Place("", steps, kind), schema
        inner = [one for one in _below(steps, schema) if isinstance(one[1], Mapping)]
        waiting += inner[::-1]


def _below(steps: Steps, schema: Mapping[str, Any]) -> Iterator[tuple[Steps, Any, str]]:
    for keyword in _MAPS:
        held = schema.get(keyword)
        for name, inner in held.items() if isinstance(held, Mapping) else ():
            kind = "cell" if keyword == "properties" else "part"
            yield (*steps, keyword, name), inner, kind
    for keyword in _LISTS:
        listed = schema.get(keyword)
        for n, inner in enumerate(listed if isinstance(listed, list) else ()):
            is_choice = keyword in ("oneOf", "anyOf")
            yield (*steps, keyword, n), inner, "choice" if is_choice else "part"
    for keyword in _ONES:
        if isinstance(schema.get(keyword), Mapping):
            yield (*steps, keyword), schema[keyword], "part"


def _shown_by(document: Document, item: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of the cell or table that an item places; empty where it places none."""
    pointer = item.get("at")
    try:
        found = schema_at(document, pointer) if isinstance(pointer, str) else {}
    except Refused:
        return {}
    return found if isinstance(found, Mapping) else {}


def _rows_of(
    node: Mapping[str, Any], place: Place, shapes: Shapes, shown: Mapping[str, Any] | None = None
) -> Iterator[Row]:
    name = shapes.title(node) or shapes.title(shown or {}) or say(texts_of(dict(node), "text"))[:40]
    name = name or _last(place)
    for word in WORDS:
        texts = {tag: text for tag, text in texts_of(dict(node), word).items() if text}
        if texts or (word == "title" and _must_be_titled(node, place)):
            yield Row(place, word, name, texts)
        elif word == "title" and isinstance(node.get("$ref"), str) and place.kind == "cell":
            known = texts_of(dict(shapes.of_reference(node["$ref"])))
            if known:
                yield Row(place, word, name, {}, known)


def _must_be_titled(node: Mapping[str, Any], place: Place) -> bool:
    if place.kind in ("form", "section"):
        return True
    if place.item and place.kind != "header":
        return False
    if place.kind == "choice":
        return "const" in node
    return place.kind in ("cell", "header") and "$ref" not in node


def _last(place: Place) -> str:
    return str(place.steps[-1]) if place.steps else place.item


def missing(found: Sequence[Row]) -> int:
    """How many texts are not said in one of the languages."""
    return sum(len(row.missing) for row in found)
