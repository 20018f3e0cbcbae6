"""Whole numbers, decimals and money: exact, however large, as `int` and `Decimal`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from runtime.fields.base import MISSING, ExcelCell, Options, WrongInput
from runtime.fields.coercion import CoercingType, is_missing, one, plain
from runtime.language import Texts
from runtime.language import gettext as _

_NUMBER = re.compile(
    r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)?(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?"
)
_MOST_DIGITS = 400
_LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_MINUSES = str.maketrans({"−": "-", "–": "-", "﹣": "-", "，": ",", "。": "."})


def exact(value: Any) -> int | Decimal | None:
    """`value` as an exact number, or None where it is none (booleans, NaN and infinity are none)."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        value = Decimal(repr(value))
    return value if isinstance(value, Decimal) and value.is_finite() else None


def plain_number(value: int | Decimal) -> str:
    """`value` without grouping or, where that stays short, exponent: what stands in the control."""
    if isinstance(value, Decimal) and abs(value.adjusted()) <= _MOST_DIGITS:
        return format(value, "f")
    return str(value)


def parse_number(text: str, example: str = "1234.5") -> Decimal:
    """The number that a person typed: `1,234.5`, `１２３`, `−3`. Raises `WrongInput`."""
    typed = re.sub(r"(?<=[0-9])[ \u00a0\u202f](?=[0-9]{3})", "", plain(text).translate(_MINUSES))
    if not typed.strip("+-") or len(typed) > _MOST_DIGITS or not _NUMBER.fullmatch(typed):
        raise WrongInput(
            _(
                "“%(typed)s” is not a number. Use digits, such as %(example)s.",
                typed=text.strip(),
                example=example,
            )
        )
    try:
        return Decimal(typed.replace(",", ""))
    except InvalidOperation:
        raise WrongInput(_("“%(typed)s” is not a number.", typed=text.strip())) from None


def _limit(value: Any) -> int | str | None:
    number = exact(value)
    return number if isinstance(number, int) or number is None else plain_number(number)


class Number(CoercingType):
    """A decimal number; `digits` says how many places it has."""

    name = "decimal"
    title: ClassVar[Texts] = {"en": "Number with decimals", "zh-CN": "小数"}
    beginning: ClassVar[dict[str, Any]] = {"type": "number", "digits": 2}
    control = "number"
    numeric = True
    option_schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {
            "digits": {
                "type": "integer",
                "minimum": 0,
                "maximum": 9,
                "title": "Decimal places",
                "translations": {"zh-CN": {"title": "小数位数"}},
            },
            "unit": {
                "type": "string",
                "title": "Unit",
                "translations": {"zh-CN": {"title": "计量单位"}},
            },
            "minimum": {
                "type": "number",
                "title": "Smallest",
                "translations": {"zh-CN": {"title": "最小值"}},
            },
            "maximum": {
                "type": "number",
                "title": "Largest",
                "translations": {"zh-CN": {"title": "最大值"}},
            },
        },
    }

    def claims(self, schema: Mapping[str, Any]) -> int:
        """Any number."""
        return 2 if schema.get("type") == "number" else 0

    def options(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """Digits, and the limits as exact texts or whole numbers."""
        limits = {k: _limit(schema[k]) for k in _LIMITS if k in schema}
        kept: dict[str, Any] = {k: v for k, v in limits.items() if v is not None}
        if isinstance(schema.get("digits"), int):
            kept["digits"] = schema["digits"]
        return kept

    def carries(self, value: Any, options: Options) -> bool:
        """Any finite number."""
        return exact(value) is not None

    def encode(self, value: Any, options: Options) -> list[str]:
        """Plain digits with a point."""
        number = exact(value)
        return ["" if number is None else plain_number(number)]

    def coerce(self, posted: Sequence[str], options: Options) -> Any:
        """An `int` where no fraction was typed, else a `Decimal` of at most `digits` places."""
        text = one(posted)
        if not text.strip():
            return MISSING
        number = parse_number(text)
        places = -int(number.as_tuple().exponent)
        digits = options.get("digits")
        if digits is not None and places > digits:
            number = _shortened(number, digits, text)
        return int(number) if places <= 0 and number.adjusted() < _MOST_DIGITS else number

    def display(self, value: Any, options: Options) -> str:
        """Grouped by thousands, with as many places as `digits` says."""
        number = exact(value)
        if number is None:
            return "" if is_missing(value) else str(value)
        digits = options.get("digits")
        if digits is not None:
            return f"{_at_least(number, digits):,f}"
        return f"{number:,}" if isinstance(number, int) else f"{number:,f}"

    def excel(self, value: Any, options: Options) -> ExcelCell:
        """The number itself; one that Excel would round goes as text."""
        number = exact(value)
        if number is None:
            return ExcelCell(self.display(value, options), align="end")
        if len(Decimal(number).as_tuple().digits) > 15:
            return ExcelCell(plain_number(number), "@", align="end")
        return ExcelCell(number, _number_format(number, options.get("digits")), align="end")

    def read(self, raw: Any, options: Options) -> Any:
        """A number of a sheet, or its usual spellings as text."""
        number = exact(raw)
        if number is not None:
            return self.decode([plain_number(number)], options)
        return self.decode(["" if raw is None else str(raw)], options)


class Integer(Number):
    """A whole number."""

    name = "integer"
    title: ClassVar[Texts] = {"en": "Whole number", "zh-CN": "整数"}
    beginning: ClassVar[dict[str, Any]] = {"type": "integer", "minimum": 0}
    option_schema: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {
            k: v for k, v in Number.option_schema["properties"].items() if k != "digits"
        },
    }

    def claims(self, schema: Mapping[str, Any]) -> int:
        """Any integer."""
        return 2 if schema.get("type") == "integer" else 0

    def options(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """The limits."""
        return {k: v for k, v in super().options(schema).items() if k != "digits"}

    def carries(self, value: Any, options: Options) -> bool:
        """Any number without a fraction."""
        number = exact(value)
        return number is not None and number == number.__trunc__()

    def encode(self, value: Any, options: Options) -> list[str]:
        """Plain digits."""
        number = exact(value)
        if number is None or (isinstance(number, Decimal) and number.adjusted() > _MOST_DIGITS):
            return ["" if number is None else str(number)]
        return [str(int(number))]

    def coerce(self, posted: Sequence[str], options: Options) -> Any:
        """An `int`."""
        text = one(posted)
        if not text.strip():
            return MISSING
        number = parse_number(text, "1234")
        if number != number.__trunc__():
            raise WrongInput(
                _(
                    "must be a whole number, without decimals; you typed %(typed)s",
                    typed=text.strip(),
                )
            )
        return int(number)


class Money(Number):
    """An amount of money in one currency; two places where nothing else is said."""

    name = "money"
    title: ClassVar[Texts] = {"en": "Amount of money", "zh-CN": "金额"}
    beginning: ClassVar[dict[str, Any]] = {"type": "number", "currency": "CNY", "digits": 2}

    def claims(self, schema: Mapping[str, Any]) -> int:
        """A number with a `currency`."""
        return 6 if schema.get("type") in ("number", "integer") and schema.get("currency") else 0

    def options(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """The currency with its digits and limits."""
        kept = {"digits": 2, **super().options(schema), "currency": str(schema["currency"])}
        return {**kept, "digits": 0} if schema.get("type") == "integer" else kept


def _shortened(number: Decimal, digits: int, typed: str) -> Decimal:
    short = number.quantize(Decimal(1).scaleb(-digits)) if number.adjusted() < 20 else number
    if short != number:
        raise WrongInput(
            _(
                "may have %(digits)s decimal places at most; you typed %(typed)s",
                digits=digits,
                typed=typed.strip(),
            )
        )
    return short


def _at_least(number: int | Decimal, digits: int) -> Decimal:
    wide = Decimal(number)
    places = max(digits, -int(wide.as_tuple().exponent))
    if wide.adjusted() + places >= 28:
        return wide
    return wide.quantize(Decimal(1).scaleb(-places))


def _number_format(number: int | Decimal, digits: int | None) -> str:
    if digits is None:
        digits = max(0, -int(Decimal(number).as_tuple().exponent))
    return "#,##0" + ("." + "0" * digits if digits else "")
