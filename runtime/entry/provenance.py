"""Where values came from, followed through a change: what was typed, what was overridden and why. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from runtime.definitions.address import pointer as pointer_of
from runtime.definitions.place import cells, place
from runtime.definitions.plan import Plan
from runtime.entry.rows import aligned
from runtime.entry.shape import Shape
from runtime.fields.base import MISSING
from runtime.fields.choices import same
from runtime.fill.provenance import FILLED, Provenance


@dataclass(frozen=True, slots=True)
class Changed:
    """A cell that holds another value than before; `was` is its provenance until then."""

    pointer: str
    before: Any
    after: Any
    was: Provenance | None
    total: bool = False


@dataclass(frozen=True, slots=True)
class By:
    """Who changes something, and when."""

    actor: int | None
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Restated:
    """The provenance after a change, and the cells that were changed."""

    provenance: dict[str, Provenance]
    changed: tuple[Changed, ...]


def restated(
    shape: Shape,
    before: Any,
    after: Any,
    provenance: Mapping[str, Provenance],
    by: By,
    reasons: Mapping[str, str] | None = None,
) -> Restated:
    """The provenance of `after`: untouched cells keep theirs, in whatever row they stand now.

    A changed cell becomes `typed`, or `overridden` when it had been filled: then it keeps the filled value and
    its provenance (`value`, `was`) beside the reason, and gets both back when that value is put again. An emptied
    cell that was never filled has none. A total stays a `formula`.
    """
    walk = _Walk(provenance)
    changed = tuple(walk.value(shape, before, after, "", ""))
    found = walk.kept
    for one in changed:
        told = _formula(one) if one.total else _typed(one, by)
        if told is not None:
            found[one.pointer] = told
    for pointer, reason in (reasons or {}).items():
        told = found.get(pointer)
        if told is not None and told.get("kind") == "overridden":
            found[pointer] = {**told, "reason": reason.strip()}
    return Restated(found, changed)


def of_what_is_there(
    found: Restated, plan: Plan, data: Any, choices: Mapping[str, str]
) -> Restated:
    """The same without cells that were dropped because they are hidden: nobody overrode those."""
    gone = {one.pointer for one in found.changed if one.after is MISSING}
    if gone.isdisjoint(found.provenance):
        return found
    gone -= {cell.pointer for cell in cells(place(plan, data, choices))}
    kept = {pointer: told for pointer, told in found.provenance.items() if pointer not in gone}
    return Restated(kept, found.changed)


def is_filled(told: Provenance | None) -> bool:
    """Whether a value was filled, not typed by somebody."""
    return told is not None and told.get("kind") in FILLED and "failed" not in told


def typed_by(by: By) -> Provenance:
    """Why a cell holds what somebody typed, or agreed to."""
    at = by.at.isoformat(timespec="seconds")
    return {"kind": "typed", "by": by.actor, "actor": by.name, "at": at}


def _typed(one: Changed, by: By) -> Provenance | None:
    told = typed_by(by)
    filled, value = one.was, one.before
    if one.was is not None and one.was.get("kind") == "overridden":
        filled, value = one.was["was"], one.was.get("value", MISSING)
        told["reason"] = one.was.get("reason", "")
    if filled is not None and is_filled(filled) and "empty" not in filled:
        if same(one.after, value):
            return filled
        kept = {} if value is MISSING else {"value": value}
        return {"reason": "", **told, "kind": "overridden", **kept, "was": filled}
    return None if one.after is MISSING else told


def _formula(one: Changed) -> Provenance | None:
    """A total whose parts are no longer all counted: what was counted is no longer said of it."""
    if one.after is MISSING:
        return None
    kept = ("rule", "register", "asOf")
    return {"kind": "formula", **{k: v for k, v in (one.was or {}).items() if k in kept}}


class _Walk:
    """Goes through the data before and after at once; `kept` gathers the provenance of what stayed."""

    def __init__(self, provenance: Mapping[str, Provenance]) -> None:
        self.provenance = provenance
        self.kept: dict[str, Provenance] = {}
        self.below = _steps_below(provenance)

    def value(self, shape: Shape, before: Any, after: Any, old: str, new: str) -> Iterator[Changed]:
        if before is after and old not in self.below:
            self._keep(old, new)
            return
        if not shape.cell:
            lists = isinstance(before, list) and isinstance(after, list)
            if lists and not shape.places:
                self._keep(old, new)
                yield from self._rows(shape, before, after, old, new)
                return
            if (
                isinstance(before, dict | list)
                or isinstance(after, dict | list)
                or old in self.below
            ):
                self._keep(old, new)
                yield from self._members(shape, before, after, old, new)
                return
        if same(before, after):
            self._keep(old, new)
        else:
            yield Changed(new, before, after, self.provenance.get(old), shape.total)

    def _keep(self, old: str, new: str) -> None:
        if (told := self.provenance.get(old)) is not None:
            self.kept[new] = told

    def _rows(
        self, shape: Shape, before: list[Any], after: list[Any], old: str, new: str
    ) -> Iterator[Changed]:
        for n, was in enumerate(aligned(before, after)):
            there = before[was] if was is not None else MISSING
            origin = f"{old}/{'-' if was is None else was}"  # a new row was nowhere
            yield from self.value(shape.step(str(n)), there, after[n], origin, f"{new}/{n}")

    def _members(
        self, shape: Shape, before: Any, after: Any, old: str, new: str
    ) -> Iterator[Changed]:
        left, right = _as_members(before), _as_members(after)
        # A cell that was overridden with nothing is in neither, and is to be remembered all the same.
        for name in dict.fromkeys((*left, *right, *self.below.get(old, ()))):
            step = pointer_of(name)
            yield from self.value(
                shape.step(name),
                left.get(name, MISSING),
                right.get(name, MISSING),
                old + step,
                new + step,
            )


def _steps_below(pointers: Iterable[str]) -> dict[str, dict[str, None]]:
    """For every place on the way to one of the pointers, the steps that lead on from it."""
    found: dict[str, dict[str, None]] = {}
    for pointer in pointers:
        place_of = pointer
        while place_of:
            place_of, _slash, step = place_of.rpartition("/")
            steps = found.setdefault(place_of, {})
            name = step.replace("~1", "/").replace("~0", "~")
            if name in steps:
                break
            steps[name] = None
    return found


def _as_members(value: Any) -> Mapping[str, Any]:
    """An object's members, or a list's elements by their index; nothing of anything else."""
    if isinstance(value, list):
        return {str(n): element for n, element in enumerate(value)}
    return value if isinstance(value, dict) else {}
