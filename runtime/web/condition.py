"""What a figure counts, in words: “Disability grade: Grade 2; Sex: Female; Age: 18 to 59”. Not for counting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from runtime.definitions.load import Library
from runtime.definitions.plan import By, CellFill, Rule
from runtime.language import current
from runtime.language import gettext as _
from runtime.web.asking import site
from runtime.web.described import faces_of

_TOTAL = "total"
_SAID = {"type", "properties", "required"}
"""Of a condition with other keywords nothing is told: half of it would be wrong."""
_TESTS = {"type", "const", "enum", "minimum", "maximum"}


def condition_words(rule: Rule, fill: CellFill) -> str:
    """The condition of the figure `fill` of `rule`; empty where it counts everybody, or cannot be told in short."""
    where: Any = rule.where if isinstance(rule.where, Mapping) else {}
    tests = where.get("properties", {})
    if set(where) - _SAID or not all(map(_is_plain, tests.values())):
        return ""
    by = {one.field: (one, code) for one, code in zip(rule.by, fill.codes, strict=True)}
    said = [_broken_down(rule, one, code) for one, code in by.values() if code != _TOTAL]
    told = {field for field, (_one, code) in by.items() if code != _TOTAL}
    said += [_tested(rule, field, test) for field, test in tests.items() if field not in told]
    said += _known(rule, where.get("required", ()), {*tests, *told})
    return _("; ").join(one for one in said if one)


def _is_plain(test: Any) -> bool:
    return isinstance(test, Mapping) and not set(test) - _TESTS


def _known(rule: Rule, required: Any, told: set[str]) -> Iterator[str]:
    for field in required:
        if field not in told:
            yield _("%(field)s is known", field=_title(rule, field))


def _broken_down(rule: Rule, by: By, code: str) -> str:
    low, high = by.bands.get(code, (None, None))
    words = _range(low, high) if code in by.bands else _shown(rule, by.field, code)
    return _pair(rule, by.field, words)


def _tested(rule: Rule, field: str, test: Mapping[str, Any]) -> str:
    values = [test["const"]] if "const" in test else list(test.get("enum", ()))
    if values:
        words = _(" or ").join(_shown(rule, field, value) for value in values)
    else:
        words = _range(test.get("minimum"), test.get("maximum"))
    return _pair(rule, field, words)


def _range(low: Any, high: Any) -> str:
    if low is not None and high is not None:
        return _("%(low)s to %(high)s", low=low, high=high)
    if low is not None:
        return _("%(low)s or more", low=low)
    return _("%(high)s or less", high=high) if high is not None else ""


def _pair(rule: Rule, field: str, words: str) -> str:
    title = _title(rule, field)
    return _("%(field)s: %(value)s", field=title, value=words) if words else ""


def _shown(rule: Rule, field: str, value: Any) -> str:
    """A value as people read it; a breakdown spells its codes as texts."""
    face = faces_of(rule.register).get(field)
    if face is None:
        return str(value)
    if value in ("true", "false"):
        value = value == "true"
    return str(face[1].display(value)) or str(value)


def _title(rule: Rule, field: str) -> str:
    face = faces_of(rule.register).get(field)
    return face[0] if face else _derived(rule.register, site().library, current()).get(field, field)


@lru_cache(maxsize=64)
def _derived(register: str, library: Library, language: str) -> dict[str, str]:
    """The titles of a register's derived fields."""
    found = {}
    for name, node in library.register(register).get("derive", {}).items():
        told = node.get("translations", {}).get(language, {})
        found[name] = str(told.get("title") or node.get("title") or name)
    return found
