"""Text in its kinds: a line, a longer text, and text with a format such as an e-mail address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from runtime.fields.base import MISSING, ExcelCell, Options
from runtime.fields.coercion import CoercingType, fits_html, is_missing, one, require_storable
from runtime.language import Texts

LONG = 200
"""From this `maxLength` on a text gets more than one line."""

_INPUTS = {"email": "email", "idn-email": "email", "uri": "url", "iri": "url"}
_TRIMMED = ("email", "url", "tel")


def line_ends(text: str) -> str:
    """`text` with every line end as one newline."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class Text(CoercingType):
    """One line of text."""

    name = "text"
    title: ClassVar[Texts] = {"en": "Line of text", "zh-CN": "一行文字"}
    beginning: ClassVar[dict[str, Any]] = {"type": "string"}
    control = "text"
    option_schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {
            "minLength": {
                "type": "integer",
                "minimum": 0,
                "title": "Shortest length",
                "translations": {"zh-CN": {"title": "最短字数"}},
            },
            "maxLength": {
                "type": "integer",
                "minimum": 1,
                "title": "Longest length",
                "translations": {"zh-CN": {"title": "最长字数"}},
            },
            "pattern": {
                "type": "string",
                "title": "Pattern",
                "translations": {"zh-CN": {"title": "格式（正则表达式）"}},
            },
        },
    }

    def claims(self, schema: Mapping[str, Any]) -> int:
        """Any string, where nothing fits better."""
        return 1 if schema.get("type") == "string" else 0

    def options(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """The lengths, and the kind of input that the format asks for."""
        kept = {k: schema[k] for k in ("minLength", "maxLength", "pattern") if k in schema}
        kind = _INPUTS.get(str(schema.get("format", "")), "text")
        return kept if kind == "text" else {**kept, "input": kind}

    def carries(self, value: Any, options: Options) -> bool:
        """A string without line breaks, or, where browsers trim, without outer spaces."""
        if not isinstance(value, str) or not fits_html(value) or "\n" in value or "\r" in value:
            return False
        return options.get("input") not in _TRIMMED or value == value.strip()

    def encode(self, value: Any, options: Options) -> list[str]:
        """The text as it is."""
        return [value if isinstance(value, str) else ""]

    def coerce(self, posted: Sequence[str], options: Options) -> Any:
        """The text in one line; emptied is missing. Raises `WrongInput` for what cannot be kept."""
        text = one(posted).replace("\r", "").replace("\n", "")
        require_storable(text)
        if options.get("input") in _TRIMMED:
            text = text.strip()
        return text or MISSING

    def display(self, value: Any, options: Options) -> str:
        """The text as it is."""
        return "" if is_missing(value) else str(value)

    def excel(self, value: Any, options: Options) -> ExcelCell:
        """Text, never a number or a formula."""
        return ExcelCell(self.display(value, options), "@")

    def read(self, raw: Any, options: Options) -> Any:
        """Any cell of a sheet as text; a whole number without its `.0`."""
        if isinstance(raw, float) and raw.is_integer():
            raw = int(raw)
        return self.decode(["" if raw is None else str(raw).strip()], options)


class LongText(Text):
    """Text in several lines."""

    name = "long-text"
    title: ClassVar[Texts] = {"en": "Long text", "zh-CN": "多行文字"}
    beginning: ClassVar[dict[str, Any]] = {"type": "string", "format": "long-text"}
    control = "textarea"

    def claims(self, schema: Mapping[str, Any]) -> int:
        """A string of format `long-text`, or one that may grow long."""
        if schema.get("type") != "string" or schema.get("format", "long-text") != "long-text":
            return 0
        long = isinstance(schema.get("maxLength"), int) and schema["maxLength"] > LONG
        return 5 if schema.get("format") == "long-text" else 3 if long else 0

    def carries(self, value: Any, options: Options) -> bool:
        """Any string that a page can carry; line ends of other kinds come back as they were if untouched."""
        return isinstance(value, str) and fits_html(value)

    def encode(self, value: Any, options: Options) -> list[str]:
        """The text with plain newlines."""
        return [line_ends(value) if isinstance(value, str) else ""]

    def coerce(self, posted: Sequence[str], options: Options) -> Any:
        """The text with plain newlines; emptied is missing. Raises `WrongInput` for what cannot be kept."""
        require_storable(text := line_ends(one(posted)))
        return text or MISSING
