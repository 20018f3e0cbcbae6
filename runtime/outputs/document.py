"""The front door: one document from a plan and an entry. Every output writes this and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from runtime.definitions import plan as plans
from runtime.definitions.place import Placed, place
from runtime.fields.base import MISSING
from runtime.language import gettext as _
from runtime.language import say, using
from runtime.outputs.blank import lay_blank
from runtime.outputs.fields_grid import room_of
from runtime.outputs.lay import Layer
from runtime.outputs.sums import summed
from runtime.outputs.tree import (
    Block,
    Document,
    Fields,
    Head,
    Heading,
    Line,
    Page,
    Paragraph,
    Section,
    Table,
    TableRow,
    Value,
    tables,
    values,
)

__all__ = [
    "Block", "Document", "Fields", "Head", "Heading", "Line", "Page", "Paragraph", "Section", "Table",
    "TableRow", "Value", "document", "tables", "values",
]  # fmt: skip

MOST_CODES = 60
"""A longer code list is not printed under an empty form."""


def document(
    plan: plans.Plan,
    data: Any,
    choices: Mapping[str, str] | None = None,
    provenance: Mapping[str, Any] | None = None,
    *,
    language: str,
    heading: Heading,
    blank: bool = False,
    assets: Mapping[str, bytes] | None = None,
) -> Document:
    """What stands on paper for this entry, in `language`; `blank` leaves every cell empty to be written into.

    `provenance` maps a cell's pointer to where its value came from (a mapping with `kind`, or the kind).
    What the heading leaves out is taken from the form. `assets` holds the sheets that it keeps as templates.
    """
    with using(language):
        layer = Layer({} if blank else provenance or {})
        root = lay_blank(plan) if blank else place(plan, data, choices)
        blocks = layer.blocks(_top(root), 2, ())
        if blank and layer.codes:
            blocks = (*blocks, _codes(layer.codes))
        title = heading.title or say(plan.words.title) or plan.address.rsplit("/", 1)[-1]
        return Document(
            heading=replace(heading, title=title, number=heading.number or plan.form.number),
            language=language,
            blocks=_in_line(summed(blocks), room_of(blocks)),
            address=plan.address,
            digest=plan.digest,
            department=plan.form.department,
            frequency=plan.form.frequency,
            description=say(plan.words.description),
            unit=_one_unit(blocks),
            pages=_pages(plan.form.outputs),
            data=MISSING if blank else data,
            choices=dict(choices or {}),
            provenance=dict(layer.provenance),
            blank=blank,
            assets=assets or {},
        )


def _top(root: Placed) -> list[Placed]:
    """The title of the whole is the sheet's own, so that its parts begin under it."""
    if isinstance(root.node, plans.Group | plans.Section) and not root.locked:
        return root.children
    return [root]


def _in_line(blocks: tuple[Block, ...], room: int) -> tuple[Block, ...]:
    """Every grid of fields knows how much room the labels of the whole document want."""
    return tuple(
        replace(block, blocks=_in_line(block.blocks, room))
        if isinstance(block, Section)
        else replace(block, room=room)
        if isinstance(block, Fields)
        else block
        for block in blocks
    )


def _codes(codes: Mapping[str, tuple[str, ...]]) -> Section:
    lines = tuple(
        Paragraph(_("%(name)s: %(codes)s", name=name, codes=_("; ").join(words[:MOST_CODES])))
        for name, words in codes.items()
        if len(words) <= MOST_CODES
    )
    return Section(_("Codes"), 2, lines)


def _one_unit(blocks: tuple[Block, ...]) -> str:
    counts: dict[str, int] = defaultdict(int)
    for value in values(blocks):
        if value.numeric:
            counts[value.unit] += 1
    shared = len(counts) == 1 and any(table.kind == "cross" for table in tables(blocks))
    return next(iter(counts)) if shared else ""


def _pages(outputs: Mapping[str, Any]) -> dict[str, Page]:
    return {name: _page(wish) for name, wish in outputs.items() if isinstance(wish, Mapping)}


def _page(wish: Mapping[str, Any]) -> Page:
    return Page(
        paper="A3" if wish.get("paper") == "A3" else "A4",
        orientation="landscape" if wish.get("orientation") == "landscape" else "portrait",
        template=str(wish.get("template", "")),
        signatures=wish.get("signatures") is not False,
    )
