"""One thing that can be set of a part of a form: how it is read, drawn and written. Not for which part has which."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from builder.edits.spots import Document, Refused, SetMeanwhile, find, with_items
from builder.edits.texts import text_in, with_text
from builder.studio.canvas import Part
from runtime.api import LANGUAGES, MISSING
from runtime.api import gettext as _

Get = Callable[[Document, Part], str]
Set = Callable[[Document, Part, str], Document]
Node = Mapping[str, Any]
Change = Callable[[Node], dict[str, Any]]
Reach = Callable[[Document, Part, Change], Document]
"""Changes the node of the document that holds a part's texts."""
WIDEST = 30
"""Digits before or after the point of a number that is typed."""


@dataclass(frozen=True, slots=True)
class Property:
    """One control of the panel; `group` is the heading under which it stands."""

    name: str
    label: str
    get: Get
    set: Set
    control: str = "text"
    """`text`, `textarea`, `number`, `select`, `check`."""
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    """What holds where nothing is said here."""
    help: str = ""
    group: str = ""
    language: str = ""


def changed(
    document: Document, part: Part, properties: Sequence[Property], posted: Mapping[str, str]
) -> Document:
    """The document with what was posted otherwise than it was shown (`was.<name>`). Raises `Refused`.

    What somebody else has set since, to something else, is refused and not written over.
    """
    for one in properties:
        value = posted.get(one.name, "" if one.control == "check" else None)
        was = posted.get(f"was.{one.name}")
        if value is None or was is None or value.strip() == was.strip():
            continue
        now = one.get(document, part)
        if now not in (was, value.strip()):
            words = _(
                "“%(label)s” is “%(now)s” by now, set by somebody else; you wanted “%(value)s”. Set it again.",
                label=one.label,
                now=now,
                value=value,
            )
            raise SetMeanwhile(words, one.name, now)
        document = one.set(document, part, value.replace("\r\n", "\n").strip())
    return document


def texts(
    keyword: str, label: str, reach: Reach, hints: Mapping[str, str], control: str = "text"
) -> list[Property]:
    """A text in each language of the site."""

    def one(tag: str, name: str) -> Property:
        def get(_document: Document, part: Part) -> str:
            return text_in(part.own, keyword, tag)

        def put(document: Document, part: Part, value: str) -> Document:
            return reach(document, part, lambda node: with_text(node, keyword, tag, value))

        label_ = _("%(what)s (%(language)s)", what=label, language=name)
        return Property(
            f"{keyword}.{tag}", label_, get, put, control, hint=hints.get(tag, ""), language=tag
        )

    return [one(tag, name) for tag, name in LANGUAGES.items()]


def keyword(
    name: str,
    label: str,
    reach: Reach,
    *,
    of: str = "string",
    choices: tuple[tuple[str, str], ...] = (),
    hint: str = "",
    empty: bool = True,
) -> Property:
    """A keyword with one plain value: a text, a whole number, a number, or one of several."""  # fmt: skip

    def get(_document: Document, part: Part) -> str:
        return shown(part.own.get(name, MISSING))

    def put(document: Document, part: Part, value: str) -> Document:
        fresh = typed(value, of, label)
        return reach(document, part, lambda node: with_keyword(node, name, fresh))

    control = "select" if choices else "number" if of in ("integer", "number") else "text"
    options = (("", hint or "–"), *choices) if choices and empty else choices
    return Property(name, label, get, put, control, options, hint)


def flag(
    name: str,
    label: str,
    get: Callable[[Document, Part], bool],
    put: Callable[[Document, Part, bool], Document],
) -> Property:
    """Yes or no."""
    return Property(
        name,
        label,
        lambda document, part: "1" if get(document, part) else "",
        lambda document, part, value: put(document, part, bool(value)),
        "check",
    )


def with_keyword(node: Node, name: str, value: Any) -> dict[str, Any]:
    """The node with another value of a keyword; `MISSING` takes it away."""
    found = (
        {k: v for k, v in node.items() if k != name} if value is MISSING else {**node, name: value}
    )
    return dict(found)


def shown(value: Any) -> str:
    """A plain value as its control has it."""
    if isinstance(value, bool):
        return "1" if value else ""
    return "" if value is MISSING else str(value)


def typed(value: str, of: str, label: str) -> Any:
    """What was typed, as the keyword wants it; `MISSING` for nothing. Raises `Refused`."""
    if not value:
        return MISSING
    try:
        number = Decimal(value) if of in ("integer", "number") else None
    except InvalidOperation:
        number = Decimal("NaN")
    if number is None:
        return value
    if not _is_usual(number) or (of == "integer" and number != int(number)):
        raise Refused(_("“%(label)s” must be a number.", label=label))
    return int(number) if number == int(number) else number


def _is_usual(number: Decimal) -> bool:
    """Whether it can be written out: a number with a million digits is typed in nine letters."""
    return number.is_finite() and abs(number.adjusted()) <= WIDEST


def item_reach(document: Document, part: Part, change: Change) -> Document:
    """Changes a part's layout item."""
    found = find(document, part.key)

    def with_it(items: list[Any]) -> list[Any]:
        return [change(one) if one is found.item else one for one in items]

    return with_items(document, found.holder, with_it)


def form_reach(document: Document, _part: Part, change: Change) -> Document:
    """Changes the form itself."""
    return change(document)
