"""What programs supply for the cells of an entry: each asked once, its values judged before they are taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from runtime.definitions.place import with_value
from runtime.definitions.plan import Cell, Plan
from runtime.definitions.verdict import problems
from runtime.fill.provenance import Note, Provenance
from runtime.fill.sources import sources
from runtime.hooks import Asked, Supplied
from runtime.rules.where import exact, is_number


def supplied(
    plan: Plan,
    data: Any,
    choices: Mapping[str, str],
    empty: list[tuple[str, Cell]],
    about: Asked,
) -> tuple[dict[str, Any], dict[str, Note]]:
    """The values for these empty cells by pointer, and for each that was answered or failed the reason."""
    by_source: dict[str, dict[str, str]] = defaultdict(dict)
    for pointer, node in empty:
        by_source[node.source][pointer] = node.definition
    values: dict[str, Any] = {}
    told: dict[str, Provenance] = {}
    for name, pointers in by_source.items():
        answer = sources.ask(name, replace(about, cells=pointers))
        known = {p: one for p, one in answer.supplied.items() if p in pointers}
        values |= {p: _exact(one.value) for p, one in known.items()}
        told |= {p: _told(name, one, about) for p, one in known.items()}
        if answer.failed:
            # What an exception says may name anything, a person too: it is for the log, not for the entry.
            words = answer.words if answer.failed == "refused" else ""
            told |= {p: _failure(name, answer.failed, words) for p in pointers}
    for pointer in _wrong(plan, data, choices, values):
        told[pointer] = _failure(told[pointer]["source"], "wrong", str(values.pop(pointer))[:60])
    return values, {pointer: Note(one) for pointer, one in told.items()}


def _told(name: str, one: Supplied, about: Asked) -> Provenance:
    note = {"note": one.note} if one.note else {}
    return {"kind": "source", "source": name, "asOf": (one.as_of or about.last).isoformat(), **note}


def _failure(name: str, code: str, words: str) -> Provenance:
    note = {"note": words} if words else {}
    return {"kind": "source", "source": name, "failed": code, **note}


def _wrong(
    plan: Plan, data: Any, choices: Mapping[str, str], values: Mapping[str, Any]
) -> list[str]:
    """Of the values those that their cell's schema does not take."""
    for pointer, value in values.items():
        data = with_value(data, pointer, value)
    found = {
        p.pointer
        for p in (problems(plan, data, choices) if values else ())
        if p.severity == "error" and p.code != "required"
    }
    return [v for v in values if any(p == v or p.startswith(v + "/") for p in found)]


def _exact(value: Any) -> Any:
    return exact(value) if is_number(value) else value
