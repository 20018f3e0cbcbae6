"""At which whole numbers of a derived field a rule may answer differently. Not for the days on which that is.

With `rules.breakpoints` this says on which days the calendar alone moves a subject in or out of a figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from runtime.definitions.plan import By, Rule
from runtime.errors import DefinitionError, Problem
from runtime.language import gettext as _
from runtime.rules.where import exact, is_number

Found = Iterator[tuple[str, int | None]]
"""A field that is spoken of, and one of its thresholds; None: by its name alone."""


def thresholds_of(rule: Rule) -> dict[str, frozenset[int]]:
    """For each derived field that the rule speaks of, the n at which its answer may change between n - 1 and n.

    0 is always among those of a number counted `since` a date: from that day on it is there. A comparison has none,
    and is named all the same. Raises `DefinitionError` for a rule that adds up or compares a number which moves
    with the calendar (the average age): its figure may change on any day.
    """
    if _moves(rule.derive.get(rule.field)):
        raise _every_day(rule)
    found: dict[str, set[int]] = {}
    spoken = [(rule.field, None), *_subject(rule.where, rule.derive), *_breakdowns(rule.by)]
    for name, number in spoken:
        if name not in rule.derive:
            continue
        numbers = found.setdefault(name, {0} if _moves(rule.derive[name]) else set())
        if number is not None and _moves(rule.derive[name]):
            numbers.add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


def _moves(definition: Mapping[str, Any] | None) -> bool:
    return definition is not None and "whole" in definition.get("rule", definition)


def _every_day(rule: Rule) -> DefinitionError:
    message = _(
        "“%(name)s” changes with the calendar, so that this figure may change on any day.",
        name=rule.field,
    )
    return DefinitionError(message, (Problem("thresholds", message, "/fill/field"),))


def _subject(where: Any, derive: Iterable[str]) -> Found:
    """What a condition on the subject speaks of; where it lists whole documents, that is every field."""
    if not isinstance(where, Mapping):
        return
    for name in where.get("required", ()):
        yield name, None
    for name, test in where.get("properties", {}).items():
        yield name, None
        for number in _field(test):
            yield name, number
    for part in _inner(where):
        yield from _subject(part, derive)
    for document in _listed(where):
        yield from ((name, None) for name in derive)
        for name, value in document.items() if isinstance(document, Mapping) else ():
            for number in _equal(value):
                yield name, number


def _field(test: Any) -> Iterator[int]:
    """The thresholds of a condition on one number."""
    if not isinstance(test, Mapping):
        return
    for word, value in test.items():
        if word in _LIMITS and is_number(value):
            rounding, more = _LIMITS[word]
            yield _whole(value, rounding) + more
    for value in _listed(test):
        yield from _equal(value)
    for part in _inner(test):
        yield from _field(part)


def _inner(schema: Mapping[str, Any]) -> Iterator[Any]:
    for word in ("allOf", "anyOf"):
        yield from schema.get(word, ())
    if "not" in schema:
        yield schema["not"]


def _listed(schema: Mapping[str, Any]) -> Iterable[Any]:
    return [*([schema["const"]] if "const" in schema else ()), *schema.get("enum", ())]


def _equal(value: Any) -> tuple[int, ...]:
    if not is_number(value) or exact(value) != (number := _whole(value, ROUND_FLOOR)):
        return ()
    return (number, number + 1)


def _breakdowns(breakdowns: Iterable[By]) -> Found:
    for by in breakdowns:
        yield by.field, None
        for low, high in by.bands.values():
            if low is not None:
                yield by.field, low
            if high is not None:
                yield by.field, high + 1
        for code in () if by.bands else by.codes:
            for number in _coded(code):
                yield by.field, number


def _coded(code: str) -> tuple[int, ...]:
    """The thresholds of a code that is a whole number's text."""
    digits = code.removeprefix("-")
    return _equal(int(code)) if digits.isascii() and digits.isdigit() else ()


def _whole(value: Any, rounding: str) -> int:
    return int(Decimal(exact(value)).to_integral_value(rounding))


_LIMITS = {
    "minimum": (ROUND_CEILING, 0),
    "maximum": (ROUND_FLOOR, 1),
    "exclusiveMinimum": (ROUND_FLOOR, 1),
    "exclusiveMaximum": (ROUND_CEILING, 0),
}
"""How a limit rounds to the last number on this side, and how far from there the next one is."""
