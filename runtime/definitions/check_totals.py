"""Checks of totals: that the cells which they add up exist, are numbers, and do not add up the total itself."""

from __future__ import annotations

from collections.abc import Iterator

from runtime.definitions.address import pointer, tokens
from runtime.definitions.codes import problem
from runtime.definitions.compile_own import formula_fill
from runtime.definitions.spots import ROWS, Path, Spots
from runtime.definitions.view import View, as_map, strings
from runtime.errors import Problem
from runtime.language import gettext as _


def totals(view: View, spots: Spots) -> Iterator[Problem]:
    """What is wrong with the totals that the form declares itself."""
    adds: dict[Path, set[Path]] = {}
    for spot in spots.values():
        for schema, place in spot.parts:
            if place is None:
                continue
            if formula := formula_fill(as_map(schema.get("fill"))):
                found = [p for r in formula.parts.values() for p in summands(spots, spot.path, r)]
                adds.setdefault(spot.path, set()).update(found)
            if "totalOf" not in schema:
                continue
            if not spot.number():
                text = _("A total is a number; give it `type` integer or number.")
                yield problem("total-type", text, view.address, place + "/totalOf")
            for n, relative in enumerate(strings(schema["totalOf"])):
                found = summands(spots, spot.path, relative)
                adds.setdefault(spot.path, set()).update(found)
                yield from _judged(view, spots, place + pointer("totalOf", n), relative, found)
    for path in adds:
        if _reaches(adds, path):
            text = _("The total is, directly or by way of others, a part of itself.")
            place = spots[path].place or ""
            end = "/fill/formula" if spots[path].says("totalOf") is None else "/totalOf"
            yield problem("total-cycle", text, view.address, place + end)


def summands(spots: Spots, path: Path, relative: str) -> list[Path]:
    """The places that a relative JSON pointer names as seen from `path`."""
    up, _slash, rest = relative.partition("/")
    if not up.isdecimal() or len(up) > 3 or int(up) > len(path):
        return []
    start = path[: len(path) - int(up)]
    wanted = (*start, *(tokens("/" + rest) if _slash else ()))
    return [other for other in spots if other != path and _matches(other, wanted)]


def _matches(path: Path, wanted: Path) -> bool:
    if len(path) != len(wanted):
        return False
    return all(
        have == want or want == ROWS or (have == ROWS and want.isdecimal())
        for have, want in zip(path, wanted, strict=True)
    )


def _judged(
    view: View, spots: Spots, place: str, relative: str, found: list[Path]
) -> Iterator[Problem]:
    if not found:
        text = _(
            "%(pointer)s leads to no other cell, as seen from here; correct it.", pointer=relative
        )
        yield problem("total-pointer", text, view.address, place)
        return
    wrong = [path for path in found if not spots[path].number()]
    if wrong and (ROWS not in relative or len(wrong) == len(found)):
        text = _("%(pointer)s leads to something that is not a number.", pointer=relative)
        yield problem("total-type", text, view.address, place)


def _reaches(adds: dict[Path, set[Path]], start: Path) -> bool:
    waiting, seen = list(adds[start]), set[Path]()
    while waiting:
        path = waiting.pop()
        if path == start:
            return True
        if path not in seen:
            seen.add(path)
            waiting.extend(adds.get(path, ()))
    return False
