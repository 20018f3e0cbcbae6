"""Values to choose from: yes or no, one of a few, one of many codes, several of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

import simplejson

from runtime.fields.base import MISSING, ExcelCell, Options, WrongInput
from runtime.fields.coercion import CoercingType, fits_html, is_missing, one, plain
from runtime.language import Texts, say
from runtime.language import gettext as _

RADIO = 6
"""Up to so many choices are radio buttons, more a list to open."""
TOLD = 8
"""Up to so many choices are named to whoever gives none of them."""
SEARCH = 25
"""From so many choices on there is a search."""


def same(left: Any, right: Any) -> bool:
    """Whether two JSON values are equal as JSON Schema means it: 1 and 1.0 are, 1 and true are not."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(v, right[k]) for k, v in left.items())
    if isinstance(left, float) or isinstance(right, float):
        left, right = _exact(left), _exact(right)
    comparable = type(left) is type(right) or _numbers(left, right)
    return comparable and bool(left == right)


def _exact(value: Any) -> Any:
    return Decimal(repr(value)) if isinstance(value, float) else value


def _numbers(left: Any, right: Any) -> bool:
    return isinstance(left, int | Decimal) and isinstance(right, int | Decimal)


def texts_of(schema: Mapping[str, Any], keyword: str = "title") -> Texts:
    """A text of a schema in all its languages."""
    texts: Texts = {}
    if isinstance(schema.get(keyword), str):
        texts["en"] = schema[keyword]
    translations = schema.get("translations")
    if isinstance(translations, Mapping):
        for language, node in translations.items():
            if isinstance(node, Mapping) and isinstance(node.get(keyword), str):
                texts[language] = node[keyword]
    return texts


def choices_of(schema: Mapping[str, Any]) -> list[tuple[Any, Texts]] | None:
    """The values that a merged schema allows, with their labels; None where it does not list them."""
    for keyword in ("oneOf", "anyOf"):
        listed = schema.get(keyword)
        if isinstance(listed, list) and listed and all(_is_labelled(b) for b in listed):
            return [(b["const"], texts_of(b)) for b in listed]
    if isinstance(schema.get("enum"), list) and schema["enum"]:
        names = schema.get("enumNames")
        labels = names if isinstance(names, list) and len(names) == len(schema["enum"]) else None
        return [
            (value, {"en": str(labels[i])} if labels else {})
            for i, value in enumerate(schema["enum"])
        ]
    return [(schema["const"], {})] if "const" in schema else None


def _is_labelled(branch: Any) -> bool:
    return isinstance(branch, Mapping) and "const" in branch


def listed_options(choices: list[tuple[Any, Texts]]) -> list[dict[str, Any]]:
    """The choices as plain data: key (what is posted), value (or `json`, its text), title."""
    words = [value for value, _texts in choices]
    readable = all(isinstance(w, str) and w and w == w.strip() and _postable(w) for w in words)
    readable = readable and len(set(words)) == len(words)
    return [
        {
            "key": value if readable else str(index),
            **_kept(value),
            "title": texts or {"en": _spelled(value)},
        }
        for index, (value, texts) in enumerate(choices)
    ]


def _postable(text: str) -> bool:
    return fits_html(text) and "\n" not in text and "\r" not in text


def _kept(value: Any) -> dict[str, Any]:
    if value is None or isinstance(value, str | bool | int):
        return {"value": value}
    return {"json": simplejson.dumps(value, use_decimal=True, ensure_ascii=False)}


def _spelled(value: Any) -> str:
    if isinstance(value, str):
        return value
    return str(simplejson.dumps(value, use_decimal=True, ensure_ascii=False))


def value_of(choice: Mapping[str, Any]) -> Any:
    """The JSON value of one of `options["choices"]`."""
    if "value" in choice:
        return choice["value"]
    return simplejson.loads(choice["json"], use_decimal=True)


def _find(value: Any, options: Options) -> Mapping[str, Any] | None:
    choices: Sequence[Mapping[str, Any]] = options["choices"]
    if isinstance(value, str):  # the usual case, met for every cell of every page
        return next((c for c in choices if c.get("value") == value), None)
    return next((c for c in choices if same(value_of(c), value)), None)


def _not_one(typed: str, options: Options) -> str:
    """What is wrong, with the choices where they are few, else with where they stand."""
    titles = [say(choice["title"]) for choice in options["choices"]]
    if len(titles) <= TOLD:
        known = _(", ").join(titles)
        return _("“%(typed)s” is not one of the choices: %(known)s.", typed=typed, known=known)
    return _(
        "“%(typed)s” is not one of the choices; the field lists all %(n)s of them where it is filled in by hand.",
        typed=typed,
        n=len(titles),
    )


class OneOf(CoercingType):
    """One of a few values; the control is radio buttons or a list, as `options["style"]` says."""

    name = "choice"
    title: ClassVar[Texts] = {"en": "One of several", "zh-CN": "单选"}
    beginning: ClassVar[dict[str, Any]] = {
        "type": "string",
        "oneOf": [{"const": "1", "title": "1"}, {"const": "2", "title": "2"}],
    }
    control = "choice"

    def claims(self, schema: Mapping[str, Any]) -> int:
        """Whatever lists its values."""
        return 10 if choices_of(schema) is not None else 0

    def options(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """The choices, and how they are drawn."""
        choices = listed_options(choices_of(schema) or [])
        style = "radio" if len(choices) <= RADIO else "select"
        return {"choices": choices, "style": style}

    def carries(self, value: Any, options: Options) -> bool:
        """One of the values."""
        return _find(value, options) is not None

    def encode(self, value: Any, options: Options) -> list[str]:
        """The key chosen; an untouched list posts an empty one, radio buttons nothing."""
        found = _find(value, options) if value is not MISSING else None
        if found is not None:
            return [str(found["key"])]
        return [] if options.get("style") == "radio" else [""]

    def coerce(self, posted: Sequence[str], options: Options) -> Any:
        """The value chosen."""
        key = one(posted)
        if key == "":
            return MISSING
        for choice in options["choices"]:
            if choice["key"] == key:
                return value_of(choice)
        raise WrongInput(_not_one(key, options))

    def display(self, value: Any, options: Options) -> str:
        """The label."""
        if value is MISSING:
            return ""
        found = _find(value, options)
        if found is not None:
            return say(found["title"])
        return "" if value is None else _spelled(value)

    def excel(self, value: Any, options: Options) -> ExcelCell:
        """The label, with the list to choose from."""
        labels = tuple(say(choice["title"]) for choice in options["choices"])
        return ExcelCell(self.display(value, options), "@", labels)

    def read(self, raw: Any, options: Options) -> Any:
        """A code or a label in any language."""
        if isinstance(raw, float) and raw.is_integer():
            raw = int(raw)
        text = "" if raw is None else plain(str(raw))
        if not text:
            return MISSING
        for choice in options["choices"]:
            if text in _spellings(choice):
                return value_of(choice)
        raise WrongInput(_not_one(text, options))


def _spellings(choice: Mapping[str, Any]) -> Iterator[str]:
    yield _spelled(value_of(choice))
    for text in choice["title"].values():
        yield plain(text)


class CodeList(OneOf):
    """One of many codes, found by typing."""

    name = "code-list"
    beginning: ClassVar[dict[str, Any]] = {}
    control = "search"

    def claims(self, schema: Mapping[str, Any]) -> int:
        """What lists many values."""
        choices = choices_of(schema)
        return 11 if choices is not None and len(choices) >= SEARCH else 0

    def options(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """The choices; drawn as a list with a search."""
        return {**super().options(schema), "style": "search"}


class YesNo(OneOf):
    """Yes or no, or not said."""

    name = "yes-no"
    title: ClassVar[Texts] = {"en": "Yes or no", "zh-CN": "是否"}
    beginning: ClassVar[dict[str, Any]] = {"type": "boolean"}
    control = "choice"

    def claims(self, schema: Mapping[str, Any]) -> int:
        """A boolean without labels of its own."""
        return 4 if schema.get("type") == "boolean" else 0

    def options(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """The two choices."""
        return {
            "choices": [
                {"key": "true", "value": True, "title": {"en": "Yes", "zh-CN": "是"}},
                {"key": "false", "value": False, "title": {"en": "No", "zh-CN": "否"}},
            ],
            "style": "radio",
        }

    def read(self, raw: Any, options: Options) -> Any:
        """`是`, `yes`, `1`, `√` and their like."""
        text = "" if raw is None else plain(str(raw)).casefold()
        if text in ("true", "yes", "y", "1", "1.0", "是", "有", "对", "√", "✓"):
            return True
        if text in ("false", "no", "n", "0", "0.0", "否", "无", "不是", "没有", "×", "x"):
            return False
        return super().read(raw, options)


class Several(CoercingType):
    """Any number of the values listed, each once."""

    name = "multiple-choice"
    title: ClassVar[Texts] = {"en": "Several of a list", "zh-CN": "多选"}
    beginning: ClassVar[dict[str, Any]] = {
        "type": "array",
        "uniqueItems": True,
        "items": {
            "type": "string",
            "oneOf": [{"const": "1", "title": "1"}, {"const": "2", "title": "2"}],
        },
    }
    control = "checkboxes"

    def claims(self, schema: Mapping[str, Any]) -> int:
        """An array of unique values that are listed."""
        items = schema.get("items")
        fits = schema.get("type") == "array" and schema.get("uniqueItems") is True
        return 10 if fits and isinstance(items, Mapping) and choices_of(items) else 0

    def options(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """The choices, and how many may be taken."""
        kept = {k: schema[k] for k in ("minItems", "maxItems") if k in schema}
        choices = listed_options(choices_of(schema["items"]) or [])
        return {"choices": choices, "style": "checkboxes", **kept}

    def carries(self, value: Any, options: Options) -> bool:
        """A list of such values, each once."""
        if not isinstance(value, list):
            return False
        found = [_find(element, options) for element in value]
        keys = [choice["key"] for choice in found if choice is not None]
        return len(keys) == len(value) == len(set(keys))

    def encode(self, value: Any, options: Options) -> list[str]:
        """The hidden empty input, then the ticked keys in the order in which they are drawn."""
        ticked = value if isinstance(value, list) else []
        return [
            "",
            *(
                str(choice["key"])
                for choice in options["choices"]
                if any(same(value_of(choice), element) for element in ticked)
            ),
        ]

    def coerce(self, posted: Sequence[str], options: Options) -> Any:
        """The values ticked, in the order of the list; none ticked is missing."""
        keys = {key for key in posted if key}
        known = {choice["key"] for choice in options["choices"]}
        if not keys <= known:
            raise WrongInput(_not_one(min(keys - known), options))
        taken = [value_of(c) for c in options["choices"] if c["key"] in keys]
        return taken or MISSING

    def display(self, value: Any, options: Options) -> str:
        """The labels, separated as the language does it."""
        if is_missing(value):
            return ""
        if not isinstance(value, list):
            return _spelled(value)
        found = ((_find(element, options), element) for element in value)
        return _(", ").join(say(c["title"]) if c else _spelled(e) for c, e in found)

    def excel(self, value: Any, options: Options) -> ExcelCell:
        """The labels as one text."""
        return ExcelCell(self.display(value, options), "@")

    def read(self, raw: Any, options: Options) -> Any:
        """Codes or labels separated by comma, semicolon or 、."""
        text = "" if raw is None else plain(str(raw))
        for sign in ("，", "、", ";", "；", "\n"):
            text = text.replace(sign, ",")
        one_of = OneOf()
        values = [one_of.read(part, options) for part in text.split(",") if part.strip()]
        return values or MISSING
