"""A definition as controls of a page: texts in each language, who answers for it, what values it has.

What the controls do not know stays in the schema as it is. Not for drawing them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
LIMITS = {
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
        if schema.get("title") and shape not in LIMITS[name] and name not in schema:
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


def _code_lists(library: Library, kept: str) -> Iterator[tuple[str, str]]:
    for address in library.addresses("code-list"):
        document = library.source(address)
        if document.get("deprecated") is True and short_name(address) != kept:
            continue
        yield short_name(address), say(texts_of(document)) or short_name(address)


def _number_text(value: Any) -> str:
    return "" if value is None or isinstance(value, bool) else str(value)
