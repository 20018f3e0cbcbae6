"""Exact JSON: numbers keep their digits, a key stands once, and one canonical form. Not for files or addresses."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, NoReturn

import simplejson

DEEPEST = 200
"""Levels of nesting that are read; deeper is refused before Python's own limit is reached."""

_WIDEST = 40
"""Digits before and after the point that the canonical form writes out; beyond that it takes an exponent."""

_LARGE = 10**_WIDEST
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}:,]', re.DOTALL)
_NUMBER = re.compile(
    r'"(?:[^"\\]|\\.)*"|NaN|-?Infinity|-?[0-9]{4000,}|[0-9.]+[eE][+-]?[0-9]{9,}', re.DOTALL
)
"""Strings, to be passed over, and what no number of ours may be."""


class NotJson(ValueError):
    """The text is not JSON as we read it; `line` and `column` count from 1, `reason` is a short code."""

    def __init__(self, reason: str, line: int, column: int, detail: str = "") -> None:
        super().__init__(f"{reason} at line {line} column {column} {detail}".rstrip())
        self.reason = reason
        self.line = line
        self.column = column
        self.detail = detail


class _Repeated(ValueError):
    """A key stands twice in one object."""


def loads(text: str) -> Any:
    """The value of a JSON text; numbers that are not integers become `Decimal`.

    Raises `NotJson`, also for what many readers let pass: a key that stands twice, `NaN`, and nesting beyond
    `DEEPEST`.
    """
    _refuse_deep(text)
    try:
        return simplejson.loads(
            text, use_decimal=True, object_pairs_hook=_pairs, parse_constant=_refuse_constant
        )
    except simplejson.JSONDecodeError as error:
        raise NotJson("syntax", error.lineno, error.colno, error.msg) from None
    except _Repeated as error:
        raise NotJson("repeated", *_repeated_at(text), detail=str(error)) from None
    except (ValueError, ArithmeticError) as error:
        raise NotJson("number", *_number_at(text), detail=str(error)) from None


def dumps(value: Any, *, indent: int | None = None) -> str:
    """`value` as JSON text; `Decimal` keeps its digits, keys their order, Chinese its characters."""
    separators = (",", ": ") if indent else (",", ":")
    return simplejson.dumps(
        value,
        use_decimal=True,
        ensure_ascii=False,
        allow_nan=False,
        indent=indent,
        separators=separators,
        tuple_as_array=True,
        namedtuple_as_object=False,
    )


def canonical(value: Any) -> bytes:
    """The one form of `value`: UTF-8, no spaces, keys sorted by code point, equal numbers written alike.

    1.50, 1.5 and 15e-1 are all `1.5`; 2.0 is `2`, as JSON Schema holds it for the integer. A lone surrogate
    is written as its escape. Raises `ValueError` for what JSON has no form for (`NaN`).
    """
    text = simplejson.dumps(
        _in_one_form(value),
        ensure_ascii=False,
        allow_nan=False,
        separators=(",", ":"),
        sort_keys=True,
        tuple_as_array=True,
        namedtuple_as_object=False,
    )
    return text.encode("utf-8", "backslashreplace")


def _in_one_form(value: Any) -> Any:
    """`value` with each number that could be written in several ways as the text that is right."""
    if isinstance(value, dict):
        return {key: _in_one_form(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_in_one_form(part) for part in value]
    if isinstance(value, (float, Decimal)) or (type(value) is int and abs(value) >= _LARGE):
        return simplejson.RawJSON(_number(value))
    return value


def _number(value: float | Decimal) -> str:
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not exact.is_finite():
        raise ValueError(f"{value} has no form in JSON")
    sign, digits, exponent = exact.as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    kept = text.rstrip("0")
    if not kept:
        return "0"
    power = int(exponent) + len(text) - len(kept)
    return ("-" if sign else "") + _written(kept, power)


def _written(digits: str, power: int) -> str:
    """`digits` times ten to `power`, written out where that is not absurdly long."""
    whole = len(digits) + power
    if power < -_WIDEST or whole > _WIDEST:
        return f"{digits}E{power}"
    if power >= 0:
        return digits + "0" * power
    if whole > 0:
        return f"{digits[:whole]}.{digits[whole:]}"
    return f"0.{'0' * -whole}{digits}"


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _value in pairs:
            if key in seen:
                raise _Repeated(key)
            seen.add(key)
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _refuse_deep(text: str) -> None:
    depth = 0
    if text.count("{") + text.count("[") <= DEEPEST:
        return
    for token in _TOKEN.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth > DEEPEST:
                raise NotJson("deep", *_place(text, token.start()))
        elif token[0] in "]}":
            depth -= 1


def _repeated_at(text: str) -> tuple[int, int]:
    """Where the first key stands that its object has already."""
    open_objects: list[set[str] | None] = []
    last = None
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in "[{":
            open_objects.append(set() if mark == "{" else None)
        elif mark in "]}":
            open_objects.pop()
        elif mark == ":" and last is not None and open_objects and open_objects[-1] is not None:
            key = simplejson.loads(last[0])
            if key in open_objects[-1]:
                return _place(text, last.start())
            open_objects[-1].add(key)
        last = token
    return 1, 1


def _number_at(text: str) -> tuple[int, int]:
    """Where the first number stands that cannot be read: `NaN`, an infinity, or one of absurdly many digits."""
    found = next((one for one in _NUMBER.finditer(text) if one[0][0] != '"'), None)
    return _place(text, found.start() if found else 0)


def _place(text: str, position: int) -> tuple[int, int]:
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)
