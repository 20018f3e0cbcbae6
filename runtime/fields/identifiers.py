"""Numbers by which people, organisations and telephones are known: text with a check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from runtime.fields.base import MISSING, Options, WrongInput
from runtime.fields.coercion import one, plain
from runtime.fields.formats import FORMATS, is_phone
from runtime.fields.text import Text
from runtime.language import Texts
from runtime.language import gettext as _


class Identifier(Text):
    """A national identifier: of residents (`cn-ric`) or of organisations (`cn-uscc`)."""

    name = "identifier"
    beginning: ClassVar[dict[str, Any]] = {}
    control = "text"

    def claims(self, schema: Mapping[str, Any]) -> int:
        """A string of format `cn-ric` or `cn-uscc`."""
        fits = schema.get("type") == "string" and schema.get("format") in ("cn-ric", "cn-uscc")
        return 5 if fits else 0

    def options(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """Which identifier it is."""
        return {**super().options(schema), "format": schema["format"]}

    def coerce(self, posted: Sequence[str], options: Options) -> Any:
        """The number without spaces and dashes, in capitals, if its check character is right."""
        text = plain(one(posted)).upper().replace(" ", "").replace("-", "")
        if not text:
            return MISSING
        if not FORMATS[options["format"]](text):
            raise WrongInput(_wrong(options["format"], text))
        return text


def _wrong(kind: str, typed: str) -> str:
    if kind == "cn-ric":
        return _(
            "“%(typed)s” is not a resident identity number: 18 characters,"
            " the last of them a check character. Compare it with the card.",
            typed=typed,
        )
    return _(
        "“%(typed)s” is not a unified social credit code: 18 characters,"
        " the last of them a check character. Compare it with the licence.",
        typed=typed,
    )


class Phone(Text):
    """A telephone number."""

    name = "phone"
    title: ClassVar[Texts] = {"en": "Telephone number", "zh-CN": "电话号码"}
    beginning: ClassVar[dict[str, Any]] = {"type": "string", "format": "phone"}
    control = "text"

    def claims(self, schema: Mapping[str, Any]) -> int:
        """A string of format `phone`."""
        return 5 if schema.get("type") == "string" and schema.get("format") == "phone" else 0

    def options(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """A number pad on telephones."""
        return {**super().options(schema), "input": "tel"}

    def coerce(self, posted: Sequence[str], options: Options) -> Any:
        """The number as it was typed, full-width digits made narrow."""
        text = plain(one(posted))
        if text and not is_phone(text):
            raise WrongInput(
                _("“%(typed)s” is not a telephone number, such as 010-1234 5678.", typed=text)
            )
        return text or MISSING
