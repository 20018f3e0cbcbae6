"""What an answer may be, by the type of an XLSForm's question: its schema, and what of it cannot be said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from builder.exchange.conditions import Schema, number
from builder.exchange.survey import Item
from builder.exchange.xpath import NotRead
from runtime.api import gettext as _

Choices = Mapping[str, list[dict[str, Any]]]
"""The lists by name: each choice as `{const, title …}`."""

_POINT = r"^-?[0-9.]+ -?[0-9.]+( -?[0-9.]+ [0-9.]+)?$"
_MEDIA = {"image": ["image/*"], "audio": ["audio/*"], "video": ["video/*"], "file": None}


def answer(item: Item, choices: Choices) -> None:
    """Say in `item` what its answer may be, and what is lost, or why it is only kept."""
    made = _PLAIN.get(item.type)
    if made:
        item.kind, schema = made
        item.schema = dict(schema)
    elif item.type in _MAKERS:
        _MAKERS[item.type](item, choices)
    elif item.type.startswith(("select_", "rank_")):
        item.kept = _("its choices are in a file or sheet of their own, which no form here reads")
    elif item.type in _METADATA:
        item.kept = _("the device notes it; here the entry itself tells who filled it and when")
    else:
        item.kept = _kept_types().get(
            item.type, _("there is no type “%(type)s” here", type=item.type)
        )


_PLAIN: dict[str, tuple[str, Schema]] = {
    "text": ("text", {"type": "string"}),
    "integer": ("integer", {"type": "integer"}),
    "decimal": ("decimal", {"type": "number"}),
    "date": ("date", {"type": "string", "format": "date"}),
    "time": ("other", {"type": "string", "format": "local-time"}),
    "dateTime": ("other", {"type": "string", "format": "date-time"}),
    "acknowledge": (
        "yes",
        {
            "type": "boolean",
            "oneOf": [{"const": True, "title": "OK", "translations": {"zh-CN": {"title": "确认"}}}],
        },
    ),
}


def _one(item: Item, choices: Choices) -> None:
    item.kind = "one"
    _listed(item, choices, lambda listed: {"type": "string", "oneOf": listed})


def _many(item: Item, choices: Choices) -> None:
    item.kind = "many"
    _listed(
        item,
        choices,
        lambda listed: {
            "type": "array",
            "uniqueItems": True,
            "items": {"type": "string", "oneOf": listed},
        },
    )


def _rank(item: Item, choices: Choices) -> None:
    def ranked(listed: list[dict[str, Any]]) -> Schema:
        item.losses.append(_("that each choice stands once is not checked"))
        return {
            "type": "array",
            "items": {"type": "string", "oneOf": listed},
            "minItems": len(listed),
            "maxItems": len(listed),
        }

    _listed(item, choices, ranked)


def _listed(item: Item, choices: Choices, made: Callable[[list[dict[str, Any]]], Schema]) -> None:
    listed = list(choices.get(item.list_name, ()))
    if item.list_name.startswith("${"):
        item.kept = _("its choices are the answers of a repeat")
    elif not listed:
        item.kept = _("there is no list “%(name)s” of choices", name=item.list_name)
    else:
        if item.other:
            listed.append(
                {"const": "other", "title": "Other", "translations": {"zh-CN": {"title": "其他"}}}
            )
        item.schema = made(listed)


def _range(item: Item, _choices: Choices) -> None:
    start, end, step = _bounds(item.text("parameters"))
    if start is None or end is None or step is None or step == 0:
        item.kept = _("its parameters are no numbers")
        return
    whole = all(isinstance(value, int) for value in (start, end, step))
    item.kind = "integer" if whole else "decimal"
    schema: Schema = {"type": "integer" if whole else "number", "minimum": min(start, end)}
    schema["maximum"] = max(start, end)
    stride = abs(Decimal(step))
    if stride != 1 and Decimal(start) % stride == 0:
        schema["multipleOf"] = abs(step)
    elif stride != 1:
        item.losses.append(_("its steps do not begin at nought and are not checked"))
    item.schema = schema


def _bounds(text: str) -> list[int | Decimal | None]:
    given = parameters(text)
    return [_figure(given.get(k, d)) for k, d in (("start", "0"), ("end", "10"), ("step", "1"))]


def _figure(text: str) -> int | Decimal | None:
    try:
        return number(text)
    except NotRead:
        return None


def parameters(text: str) -> dict[str, str]:
    """`start=1 end=10`, or separated by commas or semicolons, as names and values."""
    pairs = (part.partition("=") for part in text.replace(",", " ").replace(";", " ").split())
    return {key.strip().lower(): value.strip() for key, _sign, value in pairs}


def _file(item: Item, _choices: Choices) -> None:
    kinds = _MEDIA[item.type]
    item.schema = {"type": "object", "format": "attachment"}
    if kinds:
        item.schema["mediaTypes"] = kinds
    if item.text("parameters"):
        item.losses.append(_("its parameters are kept and have no effect"))


def _point(item: Item, _choices: Choices) -> None:
    item.kind = "text"
    item.schema = {"type": "string", "pattern": _POINT}
    item.losses.append(_("the place is typed as latitude and longitude, not taken from the device"))


def _barcode(item: Item, _choices: Choices) -> None:
    item.kind = "text"
    item.schema = {"type": "string"}
    item.losses.append(_("the code is typed, not scanned"))


_MAKERS: dict[str, Callable[[Item, Choices], None]] = {
    "select_one": _one,
    "select_multiple": _many,
    "rank": _rank,
    "range": _range,
    "geopoint": _point,
    "barcode": _barcode,
    **dict.fromkeys(_MEDIA, _file),
}


_METADATA = frozenset(
    {
        "start", "end", "today", "deviceid", "phonenumber", "phone_number", "username", "email", "simserial",
        "subscriberid", "audit", "start-geopoint", "start_geopoint", "background-audio", "background_audio",
    }
)  # fmt: skip


def _kept_types() -> dict[str, str]:
    outline = _("lines and areas on a map are drawn on no page here")
    elsewhere = _("it names a file beside the form, which no form here reads")
    return {
        "geotrace": outline,
        "geoshape": outline,
        "osm": outline,
        "csv-external": elsewhere,
        "xml-external": elsewhere,
        "hidden": _("it is hidden from whoever fills the form"),
        "begin_loop": _("a loop writes the same questions for each choice of a list"),
    }
