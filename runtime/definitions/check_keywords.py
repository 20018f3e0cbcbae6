"""Checks of keywords by the meta-schemas, worded for people; misspelt ones; limits. Not of references."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import unquote

import jsonschema_rs

from runtime.definitions import dialect
from runtime.definitions.address import SCHEMAS, at, pointer, tokens
from runtime.definitions.codes import problem
from runtime.definitions.view import View, as_map, nearest
from runtime.errors import Problem
from runtime.fields.formats import FORMATS
from runtime.language import gettext as _

KNOWN_FORMATS = frozenset(FORMATS) | {
    "date", "date-time", "time", "duration", "email", "idn-email", "hostname", "idn-hostname",
    "ipv4", "ipv6", "uri", "uri-reference", "iri", "iri-reference", "uri-template", "uuid",
    "json-pointer", "relative-json-pointer", "regex",
}  # fmt: skip
"""Formats that are asserted in our dialect: those of the standard, and our own."""

_ELSEWHERE = frozenset({"definitions", "dependencies", "id", "examples", "format", "$recursiveRef"})
_NUMBERS = (int, float, Decimal)


def keywords(view: View) -> Iterator[Problem]:
    """What the meta-schema of its kind says against the definition, and what merely looks wrong."""
    yield from _dialect(view)
    yield from _by_meta_schema(view)
    for place, schema in view.schemas:
        yield from _misspelt(view, place, schema)
        yield from _format(view, place, schema)
        yield from _limits(view, place, schema)


def _dialect(view: View) -> Iterator[Problem]:
    wanted = f"{SCHEMAS}{view.kind}.json"
    named = view.source.get("$schema")
    if named is None:
        text = _(
            'Begin the file with "$schema": "%(wanted)s", so that editors can help.', wanted=wanted
        )
        yield problem("dialect-missing", text, view.address)
    elif named != wanted:
        text = _("`$schema` must be %(wanted)s for what lies here.", wanted=wanted)
        yield problem("dialect", text, view.address, "/$schema")


def _by_meta_schema(view: View) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    judged: list[tuple[str, dict[str, Any]]] = [(view.kind, view.document)]
    if "extends" in view.source and view.kind == "form":
        own = {k: v for k, v in view.source.items() if k in ("extends", "remove", "place")}
        judged.insert(0, ("extension", own))
    for kind, document in judged:
        for error in _validator(kind).iter_errors(_unwritten(view, document)):
            for found in _worded(view, error):
                placed = found.pointer.startswith("/layout/") and not view.written("/layout")
                if placed and any(place.startswith("/place/") for place, _code in seen):
                    continue  # the item is wrong where it stands, and that has been said
                if (found.pointer, found.code) not in seen:
                    seen.add((found.pointer, found.code))
                    yield found


@cache
def _validator(kind: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        {"$ref": f"{SCHEMAS}{kind}.json"}, registry=dialect.rust_registry(), validate_formats=True
    )


def _unwritten(view: View, document: dict[str, Any]) -> dict[str, Any]:
    """Without what `by` was written out to, which is right and large."""
    if view.kind != "indicators":
        return document
    inner = as_map(document.get("properties"))
    source = as_map(view.source.get("properties"))
    kept = {name: {k: v for k, v in one.items() if k != "properties" or k in as_map(source.get(name))}
            if isinstance(one, dict) else one for name, one in inner.items()}  # fmt: skip
    return {**document, "properties": kept} if "properties" in document else document


def _worded(view: View, error: jsonschema_rs.ValidationError) -> Iterator[Problem]:
    place = pointer(*error.instance_path)
    kind: Any = error.kind  # one class for each keyword, with attributes of its own
    keyword = kind.name
    name = str(error.instance_path[-1]) if error.instance_path else brief_kind(view.kind)
    if keyword in ("additionalProperties", "unevaluatedProperties"):
        known = _known_at(error)
        for key in kind.unexpected:
            text = _("%(key)s is not known here; take it out or correct it.", key=_quoted(key))
            yield problem(
                "keyword-unknown", text + nearest(key, known), view.address, place + pointer(key)
            )
    elif keyword == "required":
        text = _("%(key)s is missing here; add it.", key=_quoted(kind.property))
        yield problem("keyword-missing", text, view.address, place)
    else:
        code, text = _sentence(keyword, name, error)
        yield problem(code, text, view.address, place)


def _sentence(keyword: str, name: str, error: jsonschema_rs.ValidationError) -> tuple[str, str]:
    kind: Any = error.kind
    named = {"name": _quoted(name), "value": _shown(error.instance)}
    if keyword == "type" or (keyword == "anyOf" and name == "type"):
        if name == "type":
            known = _("null, boolean, object, array, number, string, integer")
            return "keyword-value", _("`type` may be one of: %(known)s.", known=known)
        wanted = " / ".join(_type_words(kind.types))
        return "keyword-type", _(
            "%(name)s must be %(wanted)s, not %(value)s.", wanted=wanted, **named
        )
    if keyword == "enum":
        options = [str(option) for option in kind.options]
        text = _(
            "%(name)s may be one of: %(known)s; not %(value)s.", known=", ".join(options), **named
        )
        return "keyword-value", text + nearest(str(error.instance), options)
    if keyword == "const":
        wanted = _shown(kind.expected_value)
        return "keyword-value", _("%(name)s must be %(wanted)s here.", wanted=wanted, **named)
    if keyword == "propertyNames":
        return "keyword-value", _(
            "One of the names in %(name)s has a form that is not allowed.", **named
        )
    if keyword in ("pattern", "format"):
        return "keyword-value", _("%(value)s does not have the form that %(name)s needs.", **named)
    if keyword == "uniqueItems":
        return "keyword-value", _("%(name)s names something twice.", **named)
    if keyword in ("minItems", "minLength", "minProperties"):
        return "keyword-value", _("%(name)s is empty or too short.", **named)
    if keyword in ("maxItems", "maxLength", "maxProperties"):
        return "keyword-value", _("%(name)s is too long.", **named)
    if keyword in ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"):
        return "keyword-value", _("%(value)s is out of range for %(name)s.", **named)
    return "keyword-value", _("%(name)s cannot be %(value)s.", **named)


def brief_kind(kind: str) -> str:
    """A word for the definition as a whole."""
    return {
        "register": _("the register"), "indicators": _("the group of indicators"), "form": _("the form"),
        "code-list": _("the code list"), "department": _("the department"),
    }.get(kind, kind)  # fmt: skip


def _type_words(types: list[str]) -> list[str]:
    words = {
        "object": _("an object in braces"), "array": _("a list in brackets"), "string": _("a text"),
        "integer": _("a whole number"), "number": _("a number"), "boolean": _("true or false"),
        "null": _("null"),
    }  # fmt: skip
    return [words.get(one, one) for one in types]


def _known_at(error: jsonschema_rs.ValidationError) -> list[str]:
    """The keys that the closed object knows, from the meta-schema that refused it."""
    address, _mark, fragment = (error.absolute_keyword_location or "").partition("#")
    closed = pointer(*tokens(unquote(fragment))[:-1])
    try:
        return list(as_map(at(dialect.documents().get(address), closed + "/properties")))
    except LookupError:
        return []


@cache
def known_keywords() -> frozenset[str]:
    """The keywords of the standard and of our kinds of definitions."""
    found: set[str] = set(_ELSEWHERE)
    documents = list(dialect.documents().values())
    standard = (
        r.contents
        for uri in dialect.registry()
        if "2020-12" in uri
        for r in [dialect.registry()[uri]]
    )
    for document in [*documents, *standard]:
        whole = as_map(as_map(as_map(document).get("$defs")).get("whole"))
        found |= set(as_map(as_map(document).get("properties"))) | set(
            as_map(whole.get("properties"))
        )
    return frozenset(found)


def _misspelt(view: View, place: str, schema: dict[str, Any]) -> Iterator[Problem]:
    known = known_keywords()
    for key in schema:
        if key in known or key.startswith("x-") or not view.written(place, key):
            continue
        meant = nearest(key, known)
        if meant:
            text = _("No keyword is called %(key)s.", key=_quoted(key)) + meant
            yield problem("misspelt", text, view.address, place + pointer(key))


def _format(view: View, place: str, schema: dict[str, Any]) -> Iterator[Problem]:
    named = schema.get("format")
    if isinstance(named, str) and named not in KNOWN_FORMATS and view.written(place, "format"):
        text = _(
            "There is no format %(name)s; the validator would refuse it.", name=_quoted(named)
        ) + nearest(named, KNOWN_FORMATS)
        yield problem("format-unknown", text, view.address, place + "/format")


def _limits(view: View, place: str, schema: dict[str, Any]) -> Iterator[Problem]:
    flat = view.flat(schema)
    for low, high in (
        ("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems"),
        ("minProperties", "maxProperties"),
    ):  # fmt: skip
        least, most = flat.get(low), flat.get(high)
        if not (isinstance(least, _NUMBERS) and isinstance(most, _NUMBERS) and least > most):
            continue
        if low in schema or high in schema:
            text = _(
                "No value is at least %(least)s and at most %(most)s; correct `%(low)s` or `%(high)s`.",
                least=least, most=most, low=low, high=high,
            )  # fmt: skip
            yield problem(
                "limits-empty", text, view.address, place + pointer(low if low in schema else high)
            )
    for key in ("digits", "currency"):
        if key in schema and flat.get("type") not in ("number", "integer", "object", None):
            text = _("`%(key)s` says something of numbers only; take it out.", key=key)
            yield problem("digits-type", text, view.address, place + pointer(key))
    if "latest" in schema and flat.get("format") not in ("date", "month"):
        text = _("`latest` says something of days and months only; take it out.")
        yield problem("latest-type", text, view.address, place + pointer("latest"))


def _quoted(name: str) -> str:
    return f"`{name}`"


def _shown(value: Any) -> str:
    text = str(value) if not isinstance(value, str) else f"“{value}”"
    return text if len(text) <= 60 else text[:57] + "…"
