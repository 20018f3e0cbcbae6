"""Which members of an object are rows with a name, and whether a name that somebody types may be one. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from runtime.definitions.judge import holds
from runtime.definitions.plan import Condition, Named, Plan
from runtime.fields.coercion import fits_html

ANY_NAME = frozenset({"", ".", ".*", ".+", "^.*$", "^.+$", "^(.*)$", "^(.+)$", "^.*", "^.+"})
"""Patterns that every name fits, or all but the empty one."""


def pattern_told(named: Named) -> str:
    """The pattern that names must fit, where that says anything."""
    return named.wanted if named.pattern in ANY_NAME else named.pattern


def members_of(plan: Plan, named: Named, value: Mapping[str, Any]) -> Iterator[str]:
    """The names of the members that are rows, in the order of the data."""
    for name in value:
        if name not in named.declared and fits(plan, named, name):
            yield name


def fits(plan: Plan, named: Named, name: str) -> bool:
    """Whether the pattern of these rows fits the name, or, where all others are meant, no other pattern does."""
    if named.pattern:
        return _matches(plan, named.pattern, name)
    return not any(_matches(plan, pattern, name) for pattern in named.but)


def is_allowed(plan: Plan, named: Named, name: str) -> bool:
    """Whether the schema lets a member have this name, its pattern aside."""
    return all(holds(plan, rule, name) for rule in named.rules)


def is_typed(name: str) -> bool:
    """Whether a box can hold the name and give it back unchanged."""
    return bool(name) and fits_html(name) and "\n" not in name and "\r" not in name


def _matches(plan: Plan, pattern: str, name: str) -> bool:
    """By the validator itself, so that both always agree on what a pattern means."""
    return holds(plan, _condition(pattern), {name: 0})


@lru_cache(maxsize=4096)
def _condition(pattern: str) -> Condition:
    """One and the same for each pattern: validators are kept by it."""
    return Condition(schema={"patternProperties": {pattern: False}}, negate=True)
