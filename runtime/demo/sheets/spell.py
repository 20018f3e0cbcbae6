"""How clerks spell values: dates, codes, ticks, money, numbers with spaces. Untidy on purpose, never wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from runtime.imports.fields import Field
from runtime.language import say

_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_EPOCH = date(1899, 12, 30)


def spelled(rng: Random, field: Field, value: Any, spelling: str) -> Any:
    """A value of the field as somebody typed it."""
    if value is None:
        return rng.choice(("", "", "/", "—"))
    kind = field.type.name
    if kind == "date":
        return _date(rng, str(value), spelling)
    if isinstance(value, bool):
        return ("√" if value else "×") if spelling == "√" else ("是" if value else "否")
    if field.spellings:
        return value if spelling == "code" else _label(rng, field, value)
    if kind == "identifier":
        return _identifier(rng, str(value))
    if kind == "phone":
        return _phone(rng, str(value))
    if isinstance(value, int | Decimal | float):
        return _number(rng, value, spelling)
    return f" {value} " if rng.random() < 0.03 else value


def _date(rng: Random, iso: str, spelling: str) -> Any:
    day = date.fromisoformat(iso)
    if rng.random() < 0.04:  # one in many is typed otherwise than the rest
        spelling = rng.choice(("-", "/", ".", "年", "compact"))
    if spelling == "serial":
        return (day - _EPOCH).days
    if spelling == "年":
        return f"{day.year}年{day.month}月{day.day}日"
    if spelling == "compact":
        return f"{day:%Y%m%d}"
    sign = spelling or "-"
    return f"{day.year}{sign}{day.month}{sign}{day.day}"


def _label(rng: Random, field: Field, value: Any) -> str:
    choice = next(c for c in field.schema["oneOf"] if c["const"] == value)
    label = choice["translations"]["zh-CN"]["title"]
    if rng.random() < 0.05:
        return f"{value}-{label}" if str(value).isdigit() else f"{label} "
    return str(label)


def _identifier(rng: Random, text: str) -> str:
    if rng.random() < 0.06:
        return text[:6] + " " + text[6:14] + " " + text[14:]
    return text.lower() if rng.random() < 0.5 else text


def _phone(rng: Random, text: str) -> str:
    if rng.random() < 0.08 and len(text) == 11:
        return f"{text[:3]}-{text[3:7]}-{text[7:]}"
    return text.translate(_WIDE) if rng.random() < 0.02 else text


def _number(rng: Random, value: Any, spelling: str) -> Any:
    if spelling == "yuan":
        return f"{value:,.2f}" + ("元" if rng.random() < 0.3 else "")
    if rng.random() < 0.05:
        return str(value).translate(_WIDE)
    return value if isinstance(value, int) else float(value)


def title_of(titles: Any) -> str:
    """A title as a clerk writes it: in Chinese."""
    return say(titles, "zh-CN")
