"""Screens that were just drawn, kept for the checks of cells that follow each other at one revision. Only for speed.

A few cells are typed between two savings of a draft, and each check asks what differs from the very same screen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.definitions.place import Laid, remembering
from runtime.entry.life import Base
from runtime.entry.screen import Screen
from runtime.language import current
from runtime.web.filling import Filling

MOST_CELLS = 20_000
"""Cells of all screens together; a cell takes about 2 kB."""


@dataclass(frozen=True, slots=True)
class Held:
    """An entry at a revision: its data, its screen without any problems told, and how it was laid out."""

    base: Base
    screen: Screen
    laid: Sequence[Laid]
    provenance: Mapping[str, Any]
    opened: Sequence[str]


_held: dict[tuple[str, int, str, str], Held] = {}


def held(filling: Filling, base: Base, opened: Sequence[str]) -> Held:
    """The screen of the entry at `base`, as it was kept where nothing of it has changed, else made now."""
    entry = filling.entry
    key = (entry.id, base.revision, current(), filling.plan.digest)
    found = _held.get(key)
    if found is not None and (found.base, found.provenance, found.opened) == (
        base,
        entry.provenance,
        opened,
    ):
        return found
    with remembering() as laid:
        screen = filling.screen(base.data, base.choices, opened=opened)
    if len(screen.cells) + sum(len(one.screen.cells) for one in list(_held.values())) > MOST_CELLS:
        _held.clear()
    made = _held[key] = Held(base, screen, tuple(laid), entry.provenance, opened)
    return made
