"""A definition as its controls were posted: each value put where it stands in the schema, or what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from werkzeug.datastructures import MultiDict

from builder.dictionary.controls import LIMITS, SHAPES, Control, parts_of, shape_of
from runtime.api import Library
from runtime.api import gettext as _

_OF_SHAPE = ("type", "format", "$ref")


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
    for key, shapes in LIMITS.items():
        if shape not in shapes and key in form and not form[key].strip():
            schema.pop(key, None)


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
