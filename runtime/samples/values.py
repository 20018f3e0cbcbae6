"""Values that one cell could hold, likeliest or widest first. Not for whole entries."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from random import Random
from typing import Any

import jsonschema_rs
import rstr
from stdnum.cn import ric, uscc

from runtime import clock
from runtime.definitions.plan import Cell
from runtime.fields.catalogue import field_types
from runtime.fields.choices import value_of
from runtime.fields.numbers import exact
from runtime.fields.text import LONG
from runtime.language import current, say
from runtime.samples.words import phrases, wide

WIDEST_LINE = 120
"""Characters of the widest text in a line whose length nothing limits."""
WIDEST_TEXT = 600
"""The same of a longer text; no sample is longer, whatever its limit."""
LONGEST_TEXT = 10_000
"""What must be longer yet has no sample: a page would not hold it."""
_LARGEST = 9_999_999
"""The largest number where nothing limits it: more than a city has people."""
_PATTERNS = 24
"""So many texts are tried for a pattern."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The cell that a value is wanted for: its place, and whether it should be as wide as may be."""

    node: Cell
    pointer: str
    worst: bool = False

    @property
    def name(self) -> str:
        """The last step of the pointer that is no number of a row."""
        steps = [step for step in self.pointer.split("/") if step and not step.isdigit()]
        return steps[-1] if steps else ""

    @property
    def turn(self) -> int:
        """A number of its own, the same each time."""
        return turn_of(self.pointer)


def turn_of(pointer: str) -> int:
    """A number for a place: what else is chance comes from it, and is the same each time."""
    return int.from_bytes(hashlib.blake2b(pointer.encode(), digest_size=4).digest(), "big")


def candidates(asked: Asked) -> list[Any]:
    """Values that the cell's type carries and its limits allow, best first; none where nobody knows any."""
    options = asked.node.options
    if choices := options.get("choices"):
        found = list(_of_choices(asked, choices))
    else:
        make = _MAKERS.get(asked.node.field, _of_unknown)
        found = list(make(asked, options))
    if options.get("nullable"):
        found.append(None)
    return found


def _of_choices(asked: Asked, choices: Any) -> Iterator[Any]:
    values = [value_of(choice) for choice in choices]
    if asked.worst:
        longest = sorted(choices, key=lambda choice: -len(say(choice["title"])))
        values = [value_of(choice) for choice in longest]
    else:
        start = asked.turn % len(values)
        values = values[start:] + values[:start]
    if asked.node.field != "multiple-choice":
        yield from values
        return
    least = asked.node.options.get("minItems", 1)
    most = min(asked.node.options.get("maxItems", len(values)), len(values))
    for count in dict.fromkeys((most if asked.worst else max(1, least), least, most)):
        yield values[:count]


def _texts(asked: Asked, options: Mapping[str, Any]) -> Iterator[str]:
    known = phrases(asked.name, say(asked.node.words.title), current())
    start = asked.turn % len(known)
    kind = options.get("input", "text")
    if kind != "text":
        wanted = list(_TYPED.get(kind, ()))
    elif asked.worst:
        long = asked.node.field == "long-text"
        most = int(min(options.get("maxLength", WIDEST_TEXT), WIDEST_TEXT))
        roomy = most if long or "maxLength" in options else WIDEST_LINE
        wanted = [wide(min(roomy, most), asked.turn + n) for n in range(3)]
    else:
        wanted = [*known[start:], *known[:start]]
    yield from _fitting(wanted, options)


_TYPED = {
    "email": ("lin.xiaoyun@community.example", "a@b.example"),
    "url": ("https://community.example/notices/12",),
    "tel": ("0991-555 0100", "09915550100"),
}


def _fitting(wanted: list[str], options: Mapping[str, Any]) -> Iterator[str]:
    """Those of the texts that fit, cut or drawn out to their length; then what the pattern makes."""
    least, most = options.get("minLength", 0), options.get("maxLength", WIDEST_TEXT)
    if least > LONGEST_TEXT:
        return
    sized = [_sized(text, least, most) for text in wanted]
    pattern = options.get("pattern")
    if not isinstance(pattern, str):
        yield from dict.fromkeys(sized)
        return
    fits = _matcher(pattern, least, most)
    yield from dict.fromkeys(
        text for text in (*sized, *_by_pattern(pattern)) if fits.is_valid(text)
    )


def _sized(text: str, least: int, most: int) -> str:
    while len(text) < least:
        text += text or "·"
    return text[: max(least, min(most, len(text)))] if len(text) > most else text


@lru_cache(256)
def _matcher(pattern: str, least: int, most: int) -> Any:
    try:
        return jsonschema_rs.Draft202012Validator(
            {"pattern": pattern, "minLength": least, "maxLength": max(least, most)}
        )
    except (ValueError, jsonschema_rs.ValidationError):
        return jsonschema_rs.Draft202012Validator(False)


@lru_cache(256)
def _by_pattern(pattern: str) -> tuple[str, ...]:
    """Texts that a pattern might mean; the validator has the last word."""
    made = rstr.Rstr(Random(len(pattern)))  # noqa: S311 - the same each time, no secret
    try:
        return tuple(made.xeger(pattern) for _n in range(_PATTERNS))
    except Exception:  # what Python cannot read as an expression, the library answers in many ways
        return ()


def _numbers(asked: Asked, options: Mapping[str, Any]) -> Iterator[int | Decimal]:
    low, high = _ends(options)
    digits = 0 if asked.node.field == "integer" else int(options.get("digits", 2))
    step = exact(options.get("multipleOf")) or _exact_text(options.get("multipleOf"))
    years = asked.name == "age" or asked.name.startswith("age_")
    usual: list[int | Decimal] = [asked.turn % 60 + 30] if years else []
    usual += [asked.turn % 40 + 2, asked.turn % 7 + 1, 100, 10, 1, 0]
    if digits:
        usual.insert(0, Decimal(asked.turn % 4_000 + 500).scaleb(-min(digits, 2)))
    if asked.worst:
        most = 150 if years else _LARGEST if high is None else high
        usual = [most, _LARGEST, *usual]
    ends = [end for end in (low, high) if end is not None]
    middle = [low + (high - low) / 2] if low is not None and high is not None else []
    if low is not None:
        ends += [low + 1, low + (step or 1)]
    if high is not None:
        ends += [high - 1, high - (step or 1)]
    for number in dict.fromkeys([*usual, *middle, *ends]):
        for one in _stepped(Decimal(number), step, digits):
            if _within(one, low, high, options):
                yield int(one) if one == one.to_integral_value() else one


def _ends(options: Mapping[str, Any]) -> tuple[Decimal | None, Decimal | None]:
    lows = [_exact_text(options.get(k)) for k in ("minimum", "exclusiveMinimum")]
    highs = [_exact_text(options.get(k)) for k in ("maximum", "exclusiveMaximum")]
    low = max((n for n in lows if n is not None), default=None)
    return low, min((n for n in highs if n is not None), default=None)


def _exact_text(value: Any) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except ArithmeticError:
        return None


def _stepped(number: Decimal, step: Decimal | int | None, digits: int) -> Iterator[Decimal]:
    """The number as the cell can show it, and the nearest multiples of its step."""
    try:
        if step:
            times = (number / step).to_integral_value()
            yield from (times * step, (times + 1) * step, (times - 1) * step)
        elif number.adjusted() < 18:
            yield (
                number.quantize(Decimal(1).scaleb(-digits))
                if digits
                else number.to_integral_value()
            )
        else:
            yield number
    except ArithmeticError:
        yield number


def _within(
    number: Decimal, low: Decimal | None, high: Decimal | None, options: Mapping[str, Any]
) -> bool:
    if (low is not None and number < low) or (high is not None and number > high):
        return False
    excluded = (options.get("exclusiveMinimum"), options.get("exclusiveMaximum"))
    return all(number != _exact_text(end) for end in excluded if end is not None)


def _days(asked: Asked, options: Mapping[str, Any]) -> Iterator[str]:
    today = clock.today()
    born = "birth" in asked.name or "born" in asked.name
    back = 365 * 20 + asked.turn % 18_000 if born else asked.turn % 60
    yield (today - timedelta(days=back)).isoformat()
    if asked.worst:
        yield date(today.year, 12 if not options.get("latest") else 1, 28).isoformat()


def _months(asked: Asked, options: Mapping[str, Any]) -> Iterator[str]:
    yield from (day[:7] for day in _days(asked, options))


def _identifiers(asked: Asked, options: Mapping[str, Any]) -> Iterator[str]:
    serial = asked.turn % 1_000
    if options.get("format") == "cn-uscc":
        body = f"91990100{asked.turn % 10**8:08}0"
        yield body + uscc.calc_check_digit(body)
        return
    day = date(1940, 1, 1) + timedelta(days=asked.turn % 25_000)
    body = f"110000{day:%Y%m%d}{serial:03}"
    yield body + ric.calc_check_digit(body + "0")


def _times(_asked: Asked, options: Mapping[str, Any]) -> Iterator[str]:
    yield from ["14:30:00+08:00"] if options.get("zone") else ["14:30", "14:30:00"]


def _moments(_asked: Asked, _options: Mapping[str, Any]) -> Iterator[str]:
    yield "2026-10-05T14:30:00+08:00"


def _attachments(asked: Asked, _options: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    name = wide(80, asked.turn) + ".jpg" if asked.worst else "IMG_0012.jpg"
    yield {
        "id": f"sample-{asked.turn}",
        "name": name,
        "mediaType": "image/jpeg",
        "size": 48_213,
        "digest": hashlib.sha256(name.encode()).hexdigest(),
    }


def _of_unknown(asked: Asked, options: Mapping[str, Any]) -> Iterator[Any]:
    """Of a plugin's type: what it reads from the usual spellings of a sheet."""
    if asked.node.field not in field_types:
        return
    kind = field_types[asked.node.field]
    for raw in ("1", "10", "2026-10-05", "A", *phrases(asked.name, "", current()), "X" * LONG):
        try:
            value = kind.read(raw, options)
        except (ValueError, TypeError, LookupError):
            continue
        if kind.carries(value, options):
            yield value


_MAKERS: dict[str, Callable[[Asked, Mapping[str, Any]], Iterator[Any]]] = {
    "text": _texts,
    "long-text": _texts,
    "phone": _texts,
    "integer": _numbers,
    "decimal": _numbers,
    "money": _numbers,
    "computed": _numbers,
    "date": _days,
    "month": _months,
    "time": _times,
    "date-time": _moments,
    "identifier": _identifiers,
    "attachment": _attachments,
}
