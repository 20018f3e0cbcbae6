"""Values of an entry that another version has no place for, or works out itself: found, and taken out. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from runtime.definitions.address import pointer as pointer_of
from runtime.definitions.address import tokens
from runtime.definitions.place import Placed, place, walk
from runtime.definitions.plan import Cell, Locked, Plan
from runtime.definitions.values import MISSING, is_index, value_at, with_value
from runtime.definitions.verdict import problems
from runtime.entry.totals import with_totals
from runtime.fields.choices import same
from runtime.language import Texts
from runtime.language import gettext as _
from runtime.publishing.differing import shown


@dataclass(frozen=True, slots=True)
class Left:
    """A value that has no place in the version, or does not fit there."""

    pointer: str
    title: Texts
    value: str
    why: str
    replaced: bool = False
    """Whether the version works out another value there: it cannot stay, so somebody must let it go."""


def left_in(plan: Plan, data: Any, choices: Mapping[str, str], old: Plan | None) -> Iterator[Left]:
    """The values that `plan` has no place for, or that do not fit; titles as the form had them before."""
    parts = list(walk(place(plan, data, choices)))
    titles = _titles(old, data, choices) if old is not None else {}
    known = {one.pointer for one in parts if isinstance(one.node, Cell)}
    wrong = {p.pointer: p.message for p in problems(plan, data, choices) if p.code != "required"}
    before = set(_wrong(old, data, choices)) if old is not None else set()
    for part in parts:
        if part.value is MISSING or _is_worked_out(part):
            continue
        for pointer, cell, value in _values(part, titles):
            words = cell.words.title if cell is not None else {"en": pointer.rpartition("/")[2]}
            if part.locked and isinstance(part.node, Locked):
                why = _("the new version has no place for it")
            elif part.locked:
                why = _("another kind of value is wanted there now")
            elif pointer in wrong and pointer in known and pointer not in before:
                why = wrong[pointer]
            else:
                continue
            yield Left(pointer, words, shown(cell, value) if cell else str(value), why)


def _values(part: Placed, titles: Mapping[str, Placed]) -> Iterator[tuple[str, Cell | None, Any]]:
    """The single values at and below a part, each with the cell that it stood in."""
    node = part.node
    if isinstance(node, Cell):
        was = titles.get(part.pointer)
        cell = was.node if was is not None and part.locked else node
        yield part.pointer, cell if isinstance(cell, Cell) else node, part.value
    elif isinstance(node, Locked):
        for pointer, value in _leaves(part.value, part.pointer):
            was = titles.get(pointer)
            yield (
                pointer,
                was.node if was is not None and isinstance(was.node, Cell) else None,
                value,
            )


def _leaves(value: Any, place_of: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from _leaves(inner, place_of + pointer_of(name))
    elif isinstance(value, list) and value:
        for n, inner in enumerate(value):
            yield from _leaves(inner, f"{place_of}/{n}")
    else:
        yield place_of, value


def _titles(plan: Plan, data: Any, choices: Mapping[str, str]) -> dict[str, Placed]:
    return {part.pointer: part for part in walk(place(plan, data, choices)) if part.pointer}


def _wrong(plan: Plan, data: Any, choices: Mapping[str, str]) -> Iterator[str]:
    for found in problems(plan, data, choices):
        yield found.pointer


def replaced_in(
    old: Plan, new: Plan, before: Any, data: Any, choices: Mapping[str, str]
) -> Iterator[Left]:
    """What stands in `data` and is replaced once `new` works out its cells, where `old` has not worked it out.

    `before` is the data as it was with `old`.
    """
    after = with_totals(new, data, choices)
    titles = _titles(old, before, choices)
    worked = {one.pointer for one in titles.values() if _is_worked_out(one)}
    for pointer, value in _leaves(data, ""):
        now = value_at(after, pointer)
        if pointer in worked or value is None or (now is not MISSING and same(value, now)):
            continue
        part = titles.get(pointer)
        cell = part.node if part is not None and isinstance(part.node, Cell) else None
        words = cell.words.title if cell is not None else {"en": pointer.rpartition("/")[2]}
        yield Left(pointer, words, _said(cell, value), _why_replaced(cell, now), replaced=True)


def _why_replaced(cell: Cell | None, now: Any) -> str:
    if now is MISSING or now is None:
        return _("the new version works it out itself; by now that is nothing")
    return _("the new version works it out itself: %(value)s", value=_said(cell, now))


def _said(cell: Cell | None, value: Any) -> str:
    return shown(cell, value) if cell is not None else str(value)


def _is_worked_out(part: Placed) -> bool:
    """Whether its value follows from others at every save, whatever stands there."""
    return isinstance(part.node, Cell) and part.node.computed and part.locked in ("", "value")


def without(data: Any, pointers: Collection[str]) -> Any:
    """`data` without these values, and without the objects that have nothing left because of it; never raises."""
    steps = {tokens(pointer) for pointer in pointers}
    for one in sorted(steps, key=_in_order, reverse=True):  # what follows in a list keeps its index
        try:
            data = _without_one(data, one)
        except LookupError:
            continue  # nothing stands there
    return data


def _in_order(steps: tuple[str, ...]) -> tuple[tuple[int, int, str], ...]:
    return tuple((1, int(s), "") if is_index(s) else (0, 0, s) for s in steps)


def _without_one(data: Any, steps: tuple[str, ...]) -> Any:
    in_list = isinstance(value_at(data, pointer_of(*steps[:-1])), list)
    data = with_value(data, pointer_of(*steps), MISSING)
    above = () if in_list else steps[:-1]
    while above and value_at(data, pointer_of(*above)) == {}:
        if isinstance(value_at(data, pointer_of(*above[:-1])), list):
            break
        data, above = with_value(data, pointer_of(*above), MISSING), above[:-1]
    return data
