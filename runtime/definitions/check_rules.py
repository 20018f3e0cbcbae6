"""Checks of a form's conditions: such as can never hold, always hold, do nothing, or wait for each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import jsonschema_rs

from runtime.definitions.address import pointer
from runtime.definitions.codes import problem
from runtime.definitions.expand import members_of
from runtime.definitions.spots import ROWS, Path, Spot, Spots
from runtime.definitions.view import INNERMOST, View, as_list, as_map, nearest, strings
from runtime.errors import Problem
from runtime.language import gettext as _

_LOW, _HIGH = ("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")
_BOUNDS = (*_LOW, *_HIGH)
_BRANCHES = ("then", "else", "dependentSchemas", "oneOf", "anyOf")
_TESTED = frozenset({*_BOUNDS, "const", "enum", "type", "not", "multipleOf"})
"""Keywords of a test that can be tried out on values."""


def conditions(view: View, spots: Spots) -> Iterator[Problem]:
    """What is wrong with the `if`s of a form and with limits of its cells that cannot be met together."""
    for spot in list(spots.values()):
        yield from _limits(view, spot)
        for schema, place in spot.parts:
            if place is not None and "if" in schema:
                yield from _condition(view, spots, spot.path, schema, place)
    yield from _circles(view, spots)


def _condition(
    view: View, spots: Spots, path: Path, schema: dict[str, Any], place: str
) -> Iterator[Problem]:
    if not any(key in schema for key in ("then", "else")):
        text = _("Nothing hangs on this condition; add `then` or `else`, or take it out.")
        yield problem("rule-idle", text, view.address, place + "/if")
    asked = schema["if"]
    if asked is False or (isinstance(asked, dict) and asked.get("not") in (True, {})):
        yield _never(view, place + "/if", _("it is written so"))
    elif asked is True or asked == {}:
        text = _(
            "This condition always holds: it asks for nothing. Say what it asks for, or take it out."
        )
        yield problem("rule-always", text, view.address, place + "/if")
    else:
        yield from _tests(view, spots, path, asked, place + "/if", frozenset(), 0)


def _tests(
    view: View,
    spots: Spots,
    path: Path,
    asked: Any,
    place: str,
    needed: frozenset[str],
    depth: int,
) -> Iterator[Problem]:
    """The problems of what is asked of the cells below `path`; `needed` are those that must be there."""
    if not isinstance(asked, dict) or depth > INNERMOST:
        return
    needed |= frozenset(strings(asked.get("required")))
    for n, part in enumerate(as_list(asked.get("allOf"))):
        yield from _tests(view, spots, path, part, f"{place}/allOf/{n}", needed, depth + 1)
    named = {**dict.fromkeys(strings(asked.get("required"))), **as_map(asked.get("properties"))}
    for name, test in named.items():
        spot = spots.get((*path, name))
        written = "properties" if name in as_map(asked.get("properties")) else "required"
        here = (
            f"{place}/properties{pointer(name)}" if written == "properties" else f"{place}/required"
        )
        if spot is None or (not spot.parts and name not in spots[path].children):
            known = sorted(spots[path].children)
            text = _("This condition asks for `%(name)s`, which the form does not have.", name=name)
            yield problem("rule-unknown", text + nearest(name, known), view.address, here)
        elif isinstance(test, dict):
            yield from _of_cell(view, spot, test, here, name, must=name in needed)
            inner = {k: v for k, v in test.items() if k in ("properties", "required", "allOf")}
            if inner and spot.children:
                yield from _tests(view, spots, spot.path, inner, here, frozenset(), depth + 1)


def _of_cell(
    view: View, spot: Spot, test: dict[str, Any], place: str, name: str, *, must: bool
) -> Iterator[Problem]:
    tried = {key: value for key, value in test.items() if key in _TESTED}
    if not tried or "$ref" in test or not must:
        return
    values = _values(spot, tried)
    judge = _judge(tried)
    if not values or judge is None:
        return
    told = [value for value in values if judge.is_valid(value)]
    if not told:
        why = _("`%(name)s` is never like that", name=name)
        listed = _listed(spot)
        if listed:
            why += _(" (it is one of: %(known)s)", known=", ".join(map(str, listed[:12])))
        yield _never(view, place, why)
    elif len(told) == len(values) and _listed(spot) and set(tried) <= {"enum", "const"}:
        text = _(
            "This condition holds for each value that `%(name)s` can have; ask only that it is given.",
            name=name,
        )
        yield problem("rule-always", text, view.address, place)


def _never(view: View, place: str, why: str) -> Problem:
    text = _(
        "This condition never holds: %(why)s. Correct it, or take out what hangs on it.", why=why
    )
    return problem("rule-dead", text, view.address, place)


def _values(spot: Spot, test: dict[str, Any]) -> list[Any]:
    """Values that the cell can have: all of them where they are listed, else those at the edges of the test."""
    if listed := _listed(spot):
        return listed
    kind = spot.says("type")
    own = _judge(_own(spot))
    if own is None or kind not in ("string", "integer", "number", "boolean"):
        return []
    tried = [test["const"]] if "const" in test else list(as_list(test.get("enum")))
    if tried:
        fitting = [value for value in tried if own.is_valid(value)]
        return fitting or [_OTHER[kind]]
    if kind in ("integer", "number"):
        low, high = _ends(spot.parts)
        edges = [_number(test.get(key)) for key in _BOUNDS] + [low, high, Decimal(0)]
        near = {e + step for e in edges if e is not None for step in (-1, 0, 1)}
        return [int(n) if n == n.to_integral_value() else float(n) for n in sorted(near)
                if (low is None or n >= low) and (high is None or n <= high)]  # fmt: skip
    return []


_OTHER = {"string": "\x00other", "integer": 10**15 + 7, "number": 10**15 + 7, "boolean": None}
"""Of each type a value that no test names."""


def _listed(spot: Spot) -> list[Any]:
    """All values of a cell whose values are listed, by the shortest of the lists that speak of it."""
    if spot.says("type") == "boolean":
        return [True, False]
    found = [[member["const"] for member in members_of(schema)] for schema, _p in spot.parts]
    found += [list(as_list(schema.get("enum"))) for schema, _p in spot.parts]
    lists = [one for one in found if one]
    return min(lists, key=len) if lists else []


def _own(spot: Spot) -> dict[str, Any]:
    keys = ("type", "pattern", "minLength", "maxLength", *_BOUNDS)
    return {key: spot.says(key) for key in keys if spot.says(key) is not None}


def _judge(schema: dict[str, Any]) -> Any:
    try:
        return jsonschema_rs.Draft202012Validator(schema)
    except (ValueError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError):
        return None  # what is wrong with it is another check's business


def _number(value: Any) -> Decimal | None:
    fits = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    try:
        number = Decimal(str(value)) if fits else None
    except ArithmeticError:
        return None
    return (
        number
        if number is not None and number.is_finite() and abs(number.adjusted()) < 40
        else None
    )


def _ends(parts: list[tuple[dict[str, Any], str | None]]) -> tuple[Decimal | None, Decimal | None]:
    lows = [n for s, _p in parts for key in _LOW if (n := _number(s.get(key))) is not None]
    highs = [n for s, _p in parts for key in _HIGH if (n := _number(s.get(key))) is not None]
    return max(lows, default=None), min(highs, default=None)


def _limits(view: View, spot: Spot) -> Iterator[Problem]:
    """Limits in several places that no value meets; those of one place and its reference are told elsewhere."""
    firm = [(s, p) for s, p in spot.parts if p is None or not _conditional(p)]
    low, high = _ends(firm)
    if len(firm) < 2 or low is None or high is None or low <= high:
        return
    single = [_ends([(view.flat(schema), None)]) for schema, _p in firm]
    if any(a is not None and b is not None and a > b for a, b in single):
        return
    place = next(
        (p for s, p in reversed(firm) if p is not None and any(k in s for k in _BOUNDS)), None
    )
    if place is not None:
        text = _(
            "No value is at least %(low)s and at most %(high)s, as all that is said of this cell asks.",
            low=low, high=high,
        )  # fmt: skip
        yield problem("limits-empty", text, view.address, place)


def _conditional(place: str) -> bool:
    """Whether what stands there speaks of a cell under a condition only."""
    return any(step in _BRANCHES for step in place.split("/"))


def _circles(view: View, spots: Spots) -> Iterator[Problem]:
    """Cells that are there only under conditions which ask for each other."""
    waits: dict[Path, set[Path]] = defaultdict(set)
    places: dict[Path, str] = {}
    for spot in spots.values():
        for schema, place in spot.parts:
            if place is None or "if" not in schema:
                continue
            read = {(*spot.path, name) for name in _read(schema["if"], 0)}
            for branch in ("then", "else"):
                for name in as_map(as_map(schema.get(branch)).get("properties")):
                    path = (*spot.path, name)
                    if path in spots and _only_there(spots[path]):
                        waits[path] |= read
                        places.setdefault(path, f"{place}/{branch}/properties{pointer(name)}")
    for path, place in places.items():
        if ROWS not in path[-1:] and _reaches(waits, path):
            text = _("This cell is shown only once it is filled, directly or by way of others.")
            yield problem("rule-cycle", text, view.address, place)


def _read(asked: Any, depth: int) -> set[str]:
    if not isinstance(asked, dict) or depth > INNERMOST:
        return set()
    found = set(strings(asked.get("required")))
    for part in as_list(asked.get("allOf")):
        found |= _read(part, depth + 1)
    return found


def _only_there(spot: Spot) -> bool:
    return all(place is not None and _conditional(place) for _schema, place in spot.parts)


def _reaches(waits: dict[Path, set[Path]], start: Path) -> bool:
    waiting, seen = list(waits[start]), set[Path]()
    while waiting:
        path = waiting.pop()
        if path == start:
            return True
        if path not in seen:
            seen.add(path)
            waiting.extend(waits.get(path, ()))
    return False
