"""Two people's changes to one entry brought together. Pure; not for storing the outcome.

What only one of them changed is taken from that one. What both changed, to different values, is a clash: then
nothing is to be written. Rows are followed when they were added, removed or moved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runtime.definitions.address import pointer as pointer_of
from runtime.entry.rows import aligned, in_place
from runtime.entry.shape import Shape
from runtime.fields.base import MISSING
from runtime.fields.choices import same


@dataclass(frozen=True, slots=True)
class Clash:
    """A place that both changed: what stood there, what I put, what the other put (each may be `MISSING`)."""

    pointer: str
    base: Any
    mine: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """The data with both sides' changes; with `clashes` it must not be used."""

    data: Any
    clashes: tuple[Clash, ...] = ()


def merge(shape: Shape, base: Any, mine: Any, theirs: Any) -> Merged:
    """My changes since `base` on top of theirs. Totals are theirs: they are computed anew in any case."""
    merger = _Merger()
    data = merger.value(shape, base, mine, theirs, "")
    return Merged(data, tuple(merger.clashes))


def merge_choices(
    base: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]
) -> tuple[dict[str, str], tuple[Clash, ...]]:
    """The branches picked by both; a clash names the place of the choice."""
    found: dict[str, str] = {}
    clashes = []
    for name in dict.fromkeys((*theirs, *mine)):
        three = [side.get(name, MISSING) for side in (base, mine, theirs)]
        value = three[2] if same(three[1], three[0]) else three[1]
        if value is three[1] and not same(three[2], three[0]) and not same(three[1], three[2]):
            clashes.append(Clash(name.partition("#")[0], *three))
        if isinstance(value, str):
            found[name] = value
    return found, tuple(clashes)


class _Merger:
    def __init__(self) -> None:
        self.clashes: list[Clash] = []

    def value(self, shape: Shape, base: Any, mine: Any, theirs: Any, pointer: str) -> Any:
        if shape.total:
            return theirs
        if isinstance(mine, dict) and isinstance(theirs, dict) and not shape.cell:
            known = base if isinstance(base, dict) else {}
            return self._members(shape, known, mine, theirs, pointer)
        if isinstance(base, dict) and not shape.cell and _emptied(mine, theirs):
            sides = ({} if mine is MISSING else mine, {} if theirs is MISSING else theirs)
            return self._members(shape, base, *sides, pointer) or MISSING
        if same(mine, base) or same(mine, theirs):
            return theirs
        if same(theirs, base):
            return mine
        if isinstance(mine, list) and isinstance(theirs, list) and not shape.cell:
            if shape.places:
                places = base if isinstance(base, list) else []
                return self._places(shape, places, mine, theirs, pointer)
            if isinstance(base, list):
                return self._rows(shape, base, mine, theirs, pointer, 0)
        return self._clash(pointer, base, mine, theirs)

    def _clash(self, pointer: str, base: Any, mine: Any, theirs: Any) -> Any:
        self.clashes.append(Clash(pointer, base, mine, theirs))
        return theirs

    def _members(
        self,
        shape: Shape,
        base: dict[str, Any],
        mine: dict[str, Any],
        theirs: dict[str, Any],
        pointer: str,
    ) -> dict[str, Any]:
        found = {}
        for name in dict.fromkeys((*theirs, *mine)):
            value = self.value(
                shape.step(name),
                base.get(name, MISSING),
                mine.get(name, MISSING),
                theirs.get(name, MISSING),
                pointer + pointer_of(name),
            )
            if value is not MISSING:
                found[name] = value
        return found

    def _places(
        self, shape: Shape, base: list[Any], mine: list[Any], theirs: list[Any], pointer: str
    ) -> Any:
        """A list of places, each merged by itself; what follows them are rows."""
        count = len(shape.places)
        found: list[Any] = []
        for n in range(max(len(mine[:count]), len(theirs[:count]))):
            three = [_element(side, n, null=shape.places[n]) for side in (base, mine, theirs)]
            value = self.value(shape.step(str(n)), three[0], three[1], three[2], f"{pointer}/{n}")
            found.append(value)
        while found and found[-1] is MISSING:
            found.pop()
        found = [None if value is MISSING else value for value in found]
        sides = (base[count:], mine[count:], theirs[count:])
        if same(sides[1], sides[2]) or same(sides[1], sides[0]):
            return found + sides[2]
        if same(sides[2], sides[0]):
            return found + sides[1]
        rest = self._rows(shape, *sides, pointer, count)
        return found + rest if isinstance(rest, list) else rest

    def _rows(
        self,
        shape: Shape,
        base: list[Any],
        mine: list[Any],
        theirs: list[Any],
        pointer: str,
        start: int,
    ) -> Any:
        """Rows of both; where both moved or removed some, nobody can say what is meant."""
        my_rows, their_rows = aligned(base, mine), aligned(base, theirs)
        if in_place(my_rows, len(base)):
            leading, leads, following = theirs, their_rows, mine
        elif in_place(their_rows, len(base)):
            leading, leads, following = mine, my_rows, theirs
        else:
            return self._clash(pointer, base, mine, theirs)
        removed = set(range(len(base))).difference(leads)
        if any(not same(following[old], base[old]) for old in removed):
            return self._clash(pointer, base, mine, theirs)
        rows = []
        for n, (row, old) in enumerate(zip(leading, leads, strict=True)):
            if old is None:
                rows.append(row)
                continue
            my_row, their_row = (row, following[old]) if leading is mine else (following[old], row)
            three = (base[old], my_row, their_row)
            at = start + n
            rows.append(self.value(shape.step(str(at)), *three, f"{pointer}/{at}"))
        known = [row for row, old in zip(leading, leads, strict=True) if old is None]
        return _with_added(rows, known, following[len(base) :])


def _element(side: list[Any], n: int, *, null: bool) -> Any:
    """What stands at a place; nothing where null only says that it was left out."""
    there = side[n] if n < len(side) else MISSING
    return there if null or there is not None else MISSING


def _emptied(mine: Any, theirs: Any) -> bool:
    """Whether one side has nothing left of an object that the other side still has."""
    return (mine is MISSING and isinstance(theirs, dict)) or (
        theirs is MISSING and isinstance(mine, dict)
    )


def _with_added(rows: list[Any], known: list[Any], added: list[Any]) -> list[Any]:
    """The rows and those that the other side added, unless they are there: the same request sent twice."""
    return rows if same(known[: len(added)], added) else [*rows, *added]
