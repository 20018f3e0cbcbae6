"""What was filled beside what would be filled now: told, never applied. Not for pages, and not for taking it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from runtime.definitions.json import canonical
from runtime.definitions.place import cells, place
from runtime.definitions.plan import Cell, Plan
from runtime.definitions.values import value_at
from runtime.entry import refill
from runtime.entry.life import plan_for
from runtime.entry.provenance import is_filled
from runtime.entry.refill import Refilled
from runtime.fields.base import MISSING
from runtime.fields.choices import same
from runtime.fill.provenance import Provenance
from runtime.storage.tables import Entry

_FOLLOWS = "formula"
"""What is worked out from other cells differs only where those do."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A filled cell, or a list of filled rows, whose value is another now; either may be `MISSING`."""

    pointer: str
    kept: Any
    now: Any
    told: Provenance
    """Why it would be `now`; empty where nothing is known any more."""

    @property
    def is_list(self) -> bool:
        """Whether other subjects stand in the rows now."""
        return isinstance(self.kept, list) or isinstance(self.now, list)


@dataclass(frozen=True, slots=True)
class Differences:
    """All of an entry at a revision, in the order of its cells."""

    revision: int
    items: tuple[Difference, ...] = ()

    @property
    def token(self) -> str:
        """What somebody confirms who has seen exactly these; empty where there are none."""
        if not self.items:
            return ""
        told = [[d.pointer, _plain(d.kept), _plain(d.now)] for d in self.items]
        return hashlib.sha256(canonical(told)).hexdigest()


def differences(session: Session, entry: Entry, *, ask_sources: bool = False) -> Differences:
    """What differs in the entry from what is known now; reads only.

    Cells that somebody typed or overrode are left alone. Values of sources count only with `ask_sources`.
    """
    plan = plan_for(session, entry)
    if not any(map(is_filled, entry.provenance.values())) and not fills(plan):
        return Differences(entry.revision)
    fresh = refill.prepare(session, entry, ask_sources=ask_sources)
    found = {d.pointer: d for d in _found(entry, fresh)}
    drawn = [c.pointer for c in cells(place(plan, entry.data, entry.choices))]
    order = [*(p for p in found if found[p].is_list), *(p for p in drawn if p in found)]
    return Differences(entry.revision, tuple(found[p] for p in order))


def fills(plan: Plan) -> bool:
    """Whether any cell of the plan is filled from what is known."""
    if plan.rules or plan.form.subject:
        return True
    if plan.digest not in _known:
        if len(_known) >= _MOST_PLANS:
            _known.clear()
        _known[plan.digest] = any(map(_is_filled, (plan.root, *plan.parts.values())))
    return _known[plan.digest]


_MOST_PLANS = 256
_known: dict[str, bool] = {}


def _is_filled(node: Any) -> bool:
    if getattr(node, "fill", None) is not None or (isinstance(node, Cell) and node.source):
        return True
    inner = [*getattr(node, "children", ()), *(b.node for b in getattr(node, "branches", ()))]
    inner += [node.item] if hasattr(node, "item") else []
    inner += [c for line in getattr(node, "cells", ()) for c in line if c is not None]
    return any(map(_is_filled, inner))


def _found(entry: Entry, fresh: Refilled) -> Iterator[Difference]:
    lists = refill.filled_lists(entry)
    seen = set(lists)
    for pointer in lists:
        yield from _of_list(entry, fresh, pointer)
    was = refill.Moved(lists, fresh.provenance, entry.provenance)
    for pointer, told in fresh.provenance.items():
        old = was.place(pointer)
        if old is None or old in seen or isinstance(value_at(fresh.data, pointer), list):
            continue
        seen.add(old)
        if _is_watched(told) and _is_open(entry, old):
            yield from _between(entry, old, value_at(fresh.data, pointer), told)
    now = refill.Moved(lists, entry.provenance, fresh.provenance)
    for pointer, told in entry.provenance.items():
        if pointer not in seen and _is_watched(told) and now.place(pointer) is not None:
            yield from _between(entry, pointer, MISSING, {})


def _of_list(entry: Entry, fresh: Refilled, pointer: str) -> Iterator[Difference]:
    """A list that is about other subjects now; in which order they stand is no matter."""
    then, now = (refill.subjects(p, pointer) for p in (entry.provenance, fresh.provenance))
    if set(then.values()) != set(now.values()):
        kept, value = value_at(entry.data, pointer), value_at(fresh.data, pointer)
        yield Difference(pointer, kept, value, fresh.provenance.get(pointer, {}))


def _is_watched(told: Provenance) -> bool:
    return is_filled(told) and told["kind"] != _FOLLOWS


def _is_open(entry: Entry, pointer: str) -> bool:
    """Whether nobody has typed into the cell: it was filled, or is empty still."""
    told = entry.provenance.get(pointer)
    return is_filled(told) or (told is None and value_at(entry.data, pointer) is MISSING)


def _between(entry: Entry, pointer: str, now: Any, told: Provenance) -> Iterator[Difference]:
    kept = value_at(entry.data, pointer)
    if kept in told.get("texts", {}).values():
        return  # the same title in the language of whoever filled it
    if not isinstance(kept, list) and not same(kept, now):
        yield Difference(pointer, kept, now, told)


def of_what_stands(
    found: Differences | None, data: Any, provenance: Mapping[str, Provenance]
) -> dict[str, Difference]:
    """Those by pointer that are still differences, though the entry may have been changed since."""
    return {
        d.pointer: d
        for d in (found.items if found else ())
        if (is_filled(provenance.get(d.pointer)) or d.pointer not in provenance)
        and not d.is_list
        and same(value_at(data, d.pointer), d.kept)
    }


def _plain(value: Any) -> Any:
    return [] if value is MISSING else [value]
