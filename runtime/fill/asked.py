"""What forms ask of the subjects of a register, and how much of it is missing or old of one. Counts facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from runtime.definitions.plan import Cell, ListRule, Plan, Rows, Rule
from runtime.facts.freshness import stale_from
from runtime.facts.timeline import Timeline
from runtime.fill.known import nodes
from runtime.rules.derive import Derive, comes_from, compile_derive
from runtime.rules.where import Predicate, compile_where

Derived = Mapping[str, Mapping[str, Any]]
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Wish:
    """Fields that are asked of each subject for which `holds`: without them it is in no row, or its row has a gap."""

    fields: frozenset[str]
    needs: frozenset[str]
    """Fields without which it cannot hold: most subjects are told apart by these alone."""
    holds: Predicate
    derive: Derive


@dataclass(slots=True)
class Asked:
    """What is asked of one register: `ages` of the fields that are read and may grow old, and what must be there."""

    ages: dict[str, str] = field(default_factory=dict)
    wishes: list[_Wish] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)

    def lacking(self, timeline: Timeline, day: date) -> list[str]:
        """The fields asked of a subject with this timeline that are missing or have grown old by `day`."""
        text, said, document = day.isoformat(), dict[str, str](), dict[str, Any]()
        for since, patch in timeline:
            if since > text:
                break
            document.update(patch)
            said.update(dict.fromkeys(patch, since))
        known = {name for name, value in document.items() if value is not None}
        old = [n for n, age in self.ages.items() if n in known and _is_old(said[n], age, text)]
        return sorted({*old, *self._missing(document, known, day)})

    def _missing(self, document: Mapping[str, Any], known: set[str], day: date) -> Iterator[str]:
        there = {name: document[name] for name in known if name[:1] != "_"}
        for wish in self.wishes:
            gaps = wish.fields - known
            if gaps and wish.needs <= known and wish.holds(wish.derive(there, day)):
                yield from gaps


@cache
def _is_old(said: str, age: str, day: str) -> bool:
    return date.fromisoformat(day) >= stale_from(date.fromisoformat(said), age)


def asked_of(plans: Iterable[Plan], registers: Mapping[str, Schema]) -> dict[str, Asked]:
    """What these forms ask, by register; `registers` holds the schemas by their short names.

    Asked are the fields that a figure counts by or reads, and the cells of rows that are filled. Missing is only what
    leaves a gap: a breakdown's field of somebody who is counted, a cell to be filled in somebody's row.
    """
    found: dict[str, Asked] = {}
    for plan in plans:
        for rule in plan.rules.values():
            _add_rule(found, rule)
        for root in (plan.root, *plan.parts.values()):
            for node in nodes(root):
                if isinstance(node, Rows) and node.fill:
                    _add_list(found, node, node.fill)
    for name, asked in found.items():
        fields = registers.get(name, {}).get("properties", {})
        asked.fields &= fields.keys()
        ages = {f: str(fields[f].get("maxAge") or "") for f in sorted(asked.fields)}
        asked.ages = {f: age for f, age in ages.items() if age}
    return found


def _add_rule(found: dict[str, Asked], rule: Rule) -> None:
    asked = found.setdefault(rule.register, Asked())
    by = _base([one.field for one in rule.by], rule.derive)
    read = [n for n in (rule.field, rule.on) if n]
    asked.fields.update(by, _base([*_names(rule.where), *read], rule.derive))
    if by and rule.kind == "stock":
        asked.wishes.append(_wish(by, rule.where, rule.derive))


def _add_list(found: dict[str, Asked], rows: Rows, rule: ListRule) -> None:
    asked = found.setdefault(rule.register, Asked())
    cells = [n for n in nodes(rows.item) if isinstance(n, Cell) and n.fact is not None]
    shown = [c for c in cells if c.fact and c.fact.register == rule.register]
    open_ones = frozenset(c.fact.field for c in shown if c.fact and not c.read_only)
    every = [c.fact.field for c in shown if c.fact]
    read = [rule.on] if rule.on else []
    asked.fields.update(_base([*_names(rule.where), *every, *read], rule.derive))
    if open_ones and not rule.on:
        asked.wishes.append(_wish(open_ones, rule.where, rule.derive))


def _wish(fields: frozenset[str], where: Any, derive: Derived) -> _Wish:
    required = where.get("required", ()) if isinstance(where, Mapping) else ()
    return _Wish(fields, _base(required, derive), compile_where(where), compile_derive(derive))


def _base(names: Sequence[str], derive: Derived) -> frozenset[str]:
    """The fields of the register that these come from."""
    return frozenset(one for name in names for one in comes_from(derive, name))


def _names(where: Any) -> Iterator[str]:
    """The fields that a condition speaks of."""
    if isinstance(where, Mapping):
        for key, value in where.items():
            if key == "properties" and isinstance(value, Mapping):
                yield from value
            elif key == "not":
                yield from _names(value)
            elif key in ("allOf", "anyOf"):
                for part in value:
                    yield from _names(part)
