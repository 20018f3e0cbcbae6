"""Derived fields of a register as of a day: whole years, months, days, and comparisons. Not for figures.

A rule is `{"whole": "years" | "months" | "days", "since" | "until": field}` or
`{"compare": [field, operator, field]}`. `runtime.rules.whole` says when a month or year is full, and
`runtime.rules.breakpoints` on which days an answer turns.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from runtime.errors import DefinitionError, Problem
from runtime.language import gettext as _
from runtime.rules.breakpoints import breakpoints
from runtime.rules.where import exact, is_number
from runtime.rules.whole import day_of, whole

__all__ = ["breakpoints", "comes_from", "compile_derive", "whole"]

Document = dict[str, Any]
Derive = Callable[[Mapping[str, Any], date], Document]
Value = Callable[[Mapping[str, Any], date], Any]

_ABSENT = None  # no derived field is ever null

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}


def compile_derive(rules: Mapping[str, Mapping[str, Any]]) -> Derive:
    """A function that gives a document, as of a day, with its derived fields added.

    `rules` holds name -> rule, or name -> the whole definition with the rule in its `rule`. A field is absent
    when what it comes from is absent or no date, and `since` also before its date. `until` counts below zero
    after its date (a whole year past is -1). A rule may use those above it. Raises `DefinitionError`.
    """
    values = [(name, _compiled(name, rule.get("rule", rule))) for name, rule in rules.items()]

    def derive(document: Mapping[str, Any], day: date) -> Document:
        found = dict(document)
        for name, value in values:
            if (answer := value(found, day)) is _ABSENT:
                found.pop(name, None)
            else:
                found[name] = answer
        return found

    return derive


def comes_from(rules: Mapping[str, Mapping[str, Any]], name: str) -> tuple[str, ...]:
    """The fields of the register that a field comes from: itself, unless it is derived."""
    definition = rules.get(name)
    if definition is None:
        return (name,)
    rule = definition.get("rule", definition)
    names = (rule.get("since"), rule.get("until"), *rule.get("compare", ())[::2])
    above = {key: value for key, value in rules.items() if key != name}
    found = (comes_from(above, one) for one in names if isinstance(one, str))
    return tuple(dict.fromkeys(field for fields in found for field in fields))


def _compiled(name: str, rule: Mapping[str, Any]) -> Value:
    match dict(rule):
        case {"whole": "years" | "months" | "days" as measure, "since": str(field)}:
            return _since(measure, field)
        case {"whole": "years" | "months" | "days" as measure, "until": str(field)}:
            return _until(measure, field)
        case {"compare": [str(left), str(sign), str(right)]} if sign in _COMPARE:
            return _comparison(left, _COMPARE[sign], right)
    message = _("The derived field “%(name)s” has no rule that we know.", name=name)
    raise DefinitionError(message, (Problem("derive", message, f"/derive/{name}/rule"),))


def _since(measure: str, field: str) -> Value:
    def value(document: Mapping[str, Any], day: date) -> int | None:
        start = day_of(document.get(field))
        return whole(measure, start, day) if start and start <= day else _ABSENT

    return value


def _until(measure: str, field: str) -> Value:
    def value(document: Mapping[str, Any], day: date) -> int | None:
        end = day_of(document.get(field))
        return whole(measure, day, end) if end else _ABSENT

    return value


def _comparison(left: str, compare: Callable[[Any, Any], bool], right: str) -> Value:
    def value(document: Mapping[str, Any], _day: date) -> bool | None:
        pair = _comparable(document.get(left), document.get(right))
        return bool(compare(*pair)) if pair else _ABSENT

    return value


def _comparable(left: Any, right: Any) -> tuple[Any, Any] | None:
    """Two numbers, or two texts (dates and times are texts that sort as they should)."""
    if isinstance(left, str) and isinstance(right, str):
        return left, right
    if is_number(left) and is_number(right):
        return exact(left), exact(right)
    return None
