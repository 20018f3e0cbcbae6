"""One sentence for each kind of error that a validator finds. Not for where it is or what the cell is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from runtime.fields.base import Options
from runtime.fields.numbers import exact, plain_number
from runtime.language import gettext as _
from runtime.language import ngettext, say

_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Wrong:
    """What a validator says is wrong (`kind`, as jsonschema-rs has it), the value, and the cell's options."""

    kind: Any
    value: Any
    options: Options


Word = Callable[[Wrong], str]


def wording(wrong: Wrong) -> str:
    """What is wrong with the value, and what would be right, without the cell's title."""
    word = _WORDS.get(wrong.kind.name)
    return word(wrong) if word else _("is not as the form asks for it")


def typed(value: Any) -> str:
    """`value` as it is repeated to the person who typed it; empty for what nobody types."""
    number = exact(value)
    text = plain_number(number) if number is not None else value if isinstance(value, str) else ""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _said(sentence: str, value: Any) -> str:
    text = typed(value)
    return _("%(what)s; you typed %(typed)s", what=sentence, typed=text) if text else sentence


def _limit(sentence: str) -> Word:
    def word(wrong: Wrong) -> str:
        limit = exact(wrong.kind.limit)
        text = plain_number(limit) if limit is not None else str(wrong.kind.limit)
        return _said(_(sentence, limit=text), wrong.value)

    return word


def _type(wrong: Wrong) -> str:
    if wrong.value is None:
        return _("must be filled in")
    names = {
        "string": _("text"),
        "integer": _("a whole number"),
        "number": _("a number"),
        "boolean": _("yes or no"),
        "object": _("a group of values"),
        "array": _("a list"),
        "null": _("empty"),
    }
    wanted = [names.get(t, t) for t in wrong.kind.types if t != "null"] or [names["null"]]
    return _said(_("must be %(wanted)s", wanted=_(" or ").join(wanted)), wrong.value)


def _one_of(wrong: Wrong) -> str:
    labels = [say(choice["title"]) for choice in wrong.options.get("choices", ())]
    if 0 < len(labels) <= 12:
        return _said(_("must be one of: %(choices)s", choices=_(", ").join(labels)), wrong.value)
    return _said(_("must be one of the choices"), wrong.value)


def _const(wrong: Wrong) -> str:
    wanted = wrong.kind.expected_value
    text = typed(wanted) or {True: _("Yes"), False: _("No")}.get(wanted is True, "")
    if isinstance(wanted, (dict, list)) or wanted is None:
        return _("has another value than the only one that is allowed")
    return _said(_("must be %(wanted)s", wanted=text), wrong.value)


def _multiple(wrong: Wrong) -> str:
    step = exact(wrong.kind.multiple_of)
    power = Decimal(step).normalize() if step is not None else Decimal(0)
    if power and power.as_tuple().digits == (1,) and int(power.as_tuple().exponent) < 0:
        places = -int(power.as_tuple().exponent)
        return _said(
            ngettext(
                "may have %(n)s decimal place at most",
                "may have %(n)s decimal places at most",
                places,
            ),
            wrong.value,
        )
    text = plain_number(step) if step is not None else str(wrong.kind.multiple_of)
    return _said(_("must be a multiple of %(step)s", step=text), wrong.value)


def _format(wrong: Wrong) -> str:
    wanted = {
        "date": _("a date, such as 2026-10-05"),
        "month": _("a month, such as 2026-10"),
        "time": _("a time with its zone, such as 14:30:00+08:00"),
        "local-time": _("a time, such as 14:30"),
        "date-time": _("a day and time with its zone, such as 2026-10-05T14:30:00+08:00"),
        "email": _("an e-mail address, such as name@example.org"),
        "uri": _("a web address, such as https://example.org"),
        "phone": _("a telephone number, such as 010-1234 5678"),
        "cn-ric": _("a resident identity number of 18 characters with the right check character"),
        "cn-uscc": _(
            "a unified social credit code of 18 characters with the right check character"
        ),
    }.get(wrong.kind.format)
    if wanted is None:
        return _said(
            _("is not written as “%(format)s” asks for it", format=wrong.kind.format), wrong.value
        )
    return _said(_("must be %(wanted)s", wanted=wanted), wrong.value)


def _length(least: bool) -> Word:
    def word(wrong: Wrong) -> str:
        have = len(wrong.value) if isinstance(wrong.value, str) else 0
        if least:
            return _(
                "must have %(limit)s characters or more; it has %(have)s",
                limit=wrong.kind.limit,
                have=have,
            )
        return _(
            "may have %(limit)s characters at most; it has %(have)s",
            limit=wrong.kind.limit,
            have=have,
        )

    return word


def _plain(sentence: str) -> Word:
    return lambda _wrong: _(sentence)


def _same(sentence: str) -> str:
    """Marks a sentence for translation that is only looked up when it is said."""
    return sentence


_WORDS: dict[str, Word] = {
    "type": _type,
    "minimum": _limit(_same("must be %(limit)s or more")),
    "maximum": _limit(_same("must be %(limit)s or less")),
    "exclusiveMinimum": _limit(_same("must be more than %(limit)s")),
    "exclusiveMaximum": _limit(_same("must be less than %(limit)s")),
    "minLength": _length(least=True),
    "maxLength": _length(least=False),
    "minItems": _limit(_same("needs %(limit)s entries or more")),
    "maxItems": _limit(_same("may have %(limit)s entries at most")),
    "minProperties": _limit(_same("needs %(limit)s values or more")),
    "maxProperties": _limit(_same("may have %(limit)s values at most")),
    "multipleOf": _multiple,
    "enum": _one_of,
    "const": _const,
    "format": _format,
    "pattern": lambda wrong: _said(
        _("must match the pattern %(pattern)s", pattern=wrong.kind.pattern), wrong.value
    ),
    "required": _plain(_same("must be filled in")),
    "uniqueItems": _plain(_same("holds the same entry twice; take one out")),
    "contains": _plain(_same("lacks an entry that the form asks for")),
    "additionalProperties": _plain(_same("is not part of the form; take it out")),
    "unevaluatedProperties": _plain(_same("is not part of the form; take it out")),
    "unevaluatedItems": _plain(_same("is not part of the form; take it out")),
    "additionalItems": _plain(_same("has more entries than the form allows")),
    "propertyNames": _plain(_same("holds a name that the form does not allow")),
    "falseSchema": _plain(_same("may not be given here; take it out")),
    "not": _plain(_same("may not have this value")),
    "oneOf": _one_of,
    "anyOf": _one_of,
}
