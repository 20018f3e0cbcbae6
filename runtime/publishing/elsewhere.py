"""What other forms and the dictionary know already, by address and by title: made once, asked for each cell."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from runtime.definitions.address import short_name
from runtime.definitions.plan import AnyNode, Cell, Plan, Rows
from runtime.language import Texts

How = Literal["same", "alike"]
_FREE = frozenset({"text", "long-text", "attachment", "phone"})
"""Of these two cells of one title need not mean the same: remarks, names, telephones."""
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Known:
    """A cell that is known elsewhere: in which forms, and whether by its very definition or by a like title.

    `filled`: there it is filled from the registers, so that nobody would have to type it here.
    """

    pointer: str
    title: Texts
    how: How
    forms: tuple[str, ...]
    definition: str = ""
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The cells of many forms: definition -> forms, and title with type -> (form, definition, whether filled)."""

    same: dict[str, tuple[str, ...]] = field(default_factory=dict)
    alike: dict[tuple[str, str], tuple[tuple[str, str, bool], ...]] = field(default_factory=dict)

    def of(self, address: str, pointer: str, node: Cell) -> Known | None:
        """Where the value of this cell of the form at `address` is known from; None where nowhere."""
        own = short_name(address)
        forms = tuple(one for one in self.same.get(node.definition, ()) if one != own)
        if node.definition and forms:
            return Known(pointer, node.words.title, "same", forms, node.definition)
        there: dict[str, tuple[str, bool]] = {}
        for key in _keys(node):
            for form, definition, filled in self.alike.get(key, ()):
                if form != own and not (node.definition and node.definition == definition):
                    there.setdefault(form, (definition, filled))
        if not there:
            return None
        definition = next((d for d, _filled in there.values() if d), "")
        filled = any(filled for _d, filled in there.values())
        return Known(pointer, node.words.title, "alike", tuple(there), definition, filled)


NOWHERE = Elsewhere()


def known_in(plans: Iterable[Plan]) -> Elsewhere:
    """What these forms, in force on the site, ask for and fill."""
    same: dict[str, dict[str, None]] = defaultdict(dict)
    alike: dict[tuple[str, str], dict[tuple[str, str, bool], None]] = defaultdict(dict)
    for plan in plans:
        form = short_name(plan.address)
        for cell in _cells(plan.root):
            if cell.computed:
                continue
            filled = bool(cell.fill or cell.fact or cell.source)
            if cell.definition and not filled and not cell.read_only:
                same[cell.definition][form] = None
            for key in _keys(cell):
                alike[key][form, cell.definition, filled] = None
    return Elsewhere(
        {key: tuple(forms) for key, forms in same.items()},
        {key: tuple(found) for key, found in alike.items()},
    )


def _keys(cell: Cell) -> Iterator[tuple[str, str]]:
    if cell.field in _FREE or (cell.fill and cell.fill.codes):
        return
    for text in cell.words.title.values():
        plain = _SIGNS.sub("", text.casefold())
        if plain:
            yield plain, cell.field


def _cells(node: AnyNode) -> Iterator[Cell]:
    if isinstance(node, Cell):
        yield node
    elif isinstance(node, Rows):
        yield from _cells(node.item)
    for child in getattr(node, "children", ()):
        yield from _cells(child)
    for branch in getattr(node, "branches", ()):
        yield from _cells(branch.node)
    for line in getattr(node, "cells", ()):
        for cell in line:
            if cell is not None:
                yield cell
