"""A definition as controls of a page, and back: texts in each language, who answers for it, what values it has.

What the controls do not know stays in the schema as it is. Not for drawing them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from werkzeug.datastructures import MultiDict

from builder.dictionary.wording import duration, limit_titles, shape_title
from runtime.api import Library, say, short_name, texts_of
from runtime.api import gettext as _

LANGUAGES = ("zh-CN",)
"""Besides the source language."""
DURATIONS = ("P1M", "P3M", "P6M", "P1Y", "P2Y", "P3Y", "P5Y", "P10Y", "P30Y")
SHAPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "long-text": {"type": "string", "format": "long-text"},
    "phone": {"type": "string", "format": "phone"},
    "cn-ric": {"type": "string", "format": "cn-ric"},
    "cn-uscc": {"type": "string", "format": "cn-uscc"},
}
_OF_SHAPE = ("type", "format", "$ref")
_LIMITS = {
    "minimum": ("integer", "number"),
    "maximum": ("integer", "number"),
    "digits": ("number",),
    "minLength": ("text", "long-text", "phone"),
    "maxLength": ("text", "long-text", "phone"),
}


@dataclass(frozen=True, slots=True)
class Control:
    """One control: `kind` is text, long, list, choice, number or tick; `value` what it shows."""

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    language: str = ""
    required: bool = False
    help: str = ""
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Controls that stand together under a title."""

    title: str
    controls: tuple[Control, ...]


def parts_of(
    library: Library, kind: str, schema: Mapping[str, Any], stewards: Mapping[str, str]
) -> list[Part]:
    """The controls of a field, derived field, indicator, register, group or code list; `stewards` by code."""
    parts = [Part(_("What it is called"), tuple(_names(kind, schema)))]
    if kind in ("field", "indicator"):
        parts.append(Part(_("Who answers for it"), tuple(_care(kind, schema, stewards))))
    if kind in ("register", "group", "codes"):
        own = tuple(_care(kind, schema, {"": _("– (whoever answers for most of it)"), **stewards}))
        parts.append(Part(_("Who answers for it"), own))
    if kind == "field":
        parts.append(Part(_("Which values it has"), tuple(_values(library, schema))))
    if kind == "derived":
        unit = tuple(_texts(schema, "unit", _("Unit of measure")))
        parts.append(Part(_("Which values it has"), unit))
    if kind == "indicator":
        parts.append(Part(_("What kind of figure it is"), tuple(_figure(schema))))
    return parts


def posted(
    library: Library,
    kind: str,
    form: MultiDict[str, str],
    base: Mapping[str, Any],
    stewards: Mapping[str, str],
) -> tuple[dict[str, Any], dict[str, str]]:
    """The definition as posted over `base`, and what is wrong by the name of the control."""
    schema, wrong = dict(base), {}
    for part in parts_of(library, kind, base, stewards):
        for control in part.controls:
            if control.locked or (control.name not in form and control.kind != "tick"):
                continue
            try:
                _set(schema, control, form)
            except ValueError as error:
                wrong[control.name] = str(error)
    if kind in ("field", "indicator") and "shape" in form:
        _shape(schema, form, wrong)
    if not schema.get("title"):
        wrong["title"] = _("Say what it is called.")
    return _ordered(schema), wrong


def as_typed(parts: list[Part], form: MultiDict[str, str]) -> list[Part]:
    """The controls with what was typed, so that nothing of it is lost."""

    def typed(control: Control) -> Control:
        if control.locked or (control.name not in form and control.kind != "tick"):
            return control
        value = form.get(control.name, "")
        return Control(
            control.name, control.label, control.kind, value, control.choices, control.language,
            control.required, control.help,
        )  # fmt: skip

    return [Part(part.title, tuple(map(typed, part.controls))) for part in parts]


def shape_of(schema: Mapping[str, Any]) -> str:
    """The name of the kind of value; `codes` for a code list, `other` for what is no single value."""
    if isinstance(schema.get("$ref"), str):
        return "codes" if "code-lists/" in schema["$ref"] else "other"
    for name, shape in SHAPES.items():
        if all(schema.get(key) == value for key, value in shape.items()):
            if name == "text" and "format" in schema:
                continue
            return name
    return "other"


def _names(kind: str, schema: Mapping[str, Any]) -> Iterator[Control]:
    yield from _texts(schema, "title", _("Title"), required=True)
    yield from _texts(schema, "definition", _("Definition (what exactly is meant)"), "long")
    if kind in ("field", "indicator", "derived"):
        yield from _texts(schema, "synonyms", _("Other names, separated by commas"), "list")
    if kind in ("field", "indicator"):
        yield from _texts(schema, "help", _("Help for whoever fills it in"))
    if kind == "codes":
        yield Control("source", _("Standard that it follows"), value=str(schema.get("source", "")))


def _care(kind: str, schema: Mapping[str, Any], stewards: Mapping[str, str]) -> Iterator[Control]:
    own = str(schema.get("steward", ""))
    known = {**stewards, **({own: stewards.get(own, own)} if own else {})}
    yield Control(
        "steward",
        _("Looked after by"),
        "choice",
        own,
        tuple(known.items()),
        required="" not in known,
    )
    if kind != "field":
        return
    names = [
        ("", "–"),
        ("public", _("public")),
        ("internal", _("internal")),
        ("personal", _("personal")),
        ("sensitive", _("sensitive")),
    ]
    yield Control(
        "sensitivity", _("Sensitivity"), "choice", str(schema.get("sensitivity", "")), tuple(names)
    )
    yield from _texts(schema, "purpose", _("What it is kept for"))
    yield Control("legalBasis", _("Legal basis"), value=str(schema.get("legalBasis", "")))
    for name, label in (
        ("retention", _("Kept after leaving for")),
        ("maxAge", _("Grows old after")),
    ):
        value = str(schema.get(name, ""))
        choices = [("", _("never")), *((one, duration(one)) for one in DURATIONS)]
        if value and value not in DURATIONS:
            choices.append((value, duration(value)))
        yield Control(name, label, "choice", value, tuple(choices))


def _values(library: Library, schema: Mapping[str, Any]) -> Iterator[Control]:
    shape = shape_of(schema)
    names = [(name, shape_title(name)) for name in SHAPES]
    names.append(("codes", _("a code of a list")))
    locked = shape == "other"
    if locked:
        names = [("other", _("as written in JSON"))]
    yield Control("shape", _("Kind of value"), "choice", shape, tuple(names), locked=locked)
    home = str(schema.get("$ref", "")) if shape == "codes" else ""
    own = home.rpartition("/")[2].removesuffix(".json")
    lists = [("", "–"), *sorted(_code_lists(library, own), key=lambda one: one[1])]
    yield Control("codes", _("Code list"), "choice", own, tuple(lists))
    yield from _texts(schema, "unit", _("Unit of measure"))
    for name, label in limit_titles().items():
        if schema.get("title") and shape not in _LIMITS[name] and name not in schema:
            continue
        yield Control(name, label, "number", _number_text(schema.get(name)))
    yield Control("latest", _("No later than today"), "tick", "1" if schema.get("latest") else "")


def _figure(schema: Mapping[str, Any]) -> Iterator[Control]:
    kinds = (("stock", _("as of the last day of the period")), ("flow", _("within the period")))
    yield Control("kind", _("Counted"), "choice", str(schema.get("kind", "stock")), kinds)
    yield from _texts(schema, "unit", _("Unit of measure"))
    yield Control(
        "digits", _("Digits after the point"), "number", _number_text(schema.get("digits"))
    )


def _texts(
    schema: Mapping[str, Any], key: str, label: str, kind: str = "text", required: bool = False
) -> Iterator[Control]:
    yield Control(key, label, kind, _text(schema.get(key)), required=required)
    translations = schema.get("translations")
    for tag in LANGUAGES:
        texts = translations.get(tag) if isinstance(translations, Mapping) else None
        value = texts.get(key) if isinstance(texts, Mapping) else None
        yield Control(f"{key}@{tag}", label, kind, _text(value), language=tag)


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _set(schema: dict[str, Any], control: Control, form: MultiDict[str, str]) -> None:
    key, _at, tag = control.name.partition("@")
    if (
        key in ("shape", "codes")
        or form.get(control.name, "").replace("\r\n", "\n") == control.value
    ):
        return
    text = form.get(control.name, "").strip()
    value: Any = " ".join(text.split()) if control.kind == "text" else text.replace("\r\n", "\n")
    if control.kind == "list":
        value = [one for part in re.split("[,，、;；\n]", text) if (one := part.strip())]
    elif control.kind == "number":
        value = _number(text)
    elif control.kind == "tick":
        value = "today" if text else ""
    elif (
        control.kind == "choice" and text and text not in dict(control.choices) and control.choices
    ):
        raise ValueError(_("Choose one of the list."))
    if tag:
        _translate(schema, tag, key, value)
    else:
        _put(schema, key, value)


def _put(schema: dict[str, Any], key: str, value: Any) -> None:
    if value in ("", [], None):
        schema.pop(key, None)
    else:
        schema[key] = value


def _translate(schema: dict[str, Any], tag: str, key: str, value: Any) -> None:
    translations = dict(schema.get("translations") or {})
    texts = dict(translations.get(tag) or {})
    _put(texts, key, value)
    _put(translations, tag, texts or "")
    _put(schema, "translations", translations or "")


_MOST_DIGITS = 30
"""Before or after the point: `1e999999999` written out would fill the memory."""


def _number(text: str) -> Any:
    if not text:
        return ""
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(_("This is not a number.")) from None
    if not number.is_finite() or not -_MOST_DIGITS < number.adjusted() < _MOST_DIGITS:
        raise ValueError(_("This is not a number."))
    return int(number) if number == number.to_integral_value() else number


def _number_text(value: Any) -> str:
    return "" if value is None or isinstance(value, bool) else str(value)


def _shape(schema: dict[str, Any], form: MultiDict[str, str], wrong: dict[str, str]) -> None:
    """Another kind of value, with the limits that make sense of it only."""
    shape = form["shape"]
    if shape == "other" or (shape not in SHAPES and shape != "codes"):
        return
    if shape != shape_of(schema):
        for key in _OF_SHAPE:
            schema.pop(key, None)
        schema.update(SHAPES.get(shape, {}))
    if shape == "codes":
        name = form.get("codes", "")
        if not re.fullmatch("[a-z0-9][a-z0-9_-]*", name):
            wrong["codes"] = _("Choose the code list.")
        elif not str(schema.get("$ref", "")).endswith(f"/{name}.json"):
            schema["$ref"] = f"../code-lists/{name}.json"
    for key, shapes in _LIMITS.items():
        if shape not in shapes and key in form and not form[key].strip():
            schema.pop(key, None)


def _code_lists(library: Library, kept: str) -> Iterator[tuple[str, str]]:
    for address in library.addresses("code-list"):
        document = library.source(address)
        if document.get("deprecated") is True and short_name(address) != kept:
            continue
        yield short_name(address), say(texts_of(document)) or short_name(address)


def _ordered(schema: dict[str, Any]) -> dict[str, Any]:
    """New keywords where readers look for them: what it is first, translations last."""
    last: dict[str, Any] = {
        key: schema[key] for key in ("fromNumber", "by", "fill", "translations") if key in schema
    }
    first: dict[str, Any] = {
        key: schema[key] for key in ("kind", "$ref", "title", "definition") if key in schema
    }
    rest = {key: value for key, value in schema.items() if key not in first and key not in last}
    return {**first, **rest, **last}
