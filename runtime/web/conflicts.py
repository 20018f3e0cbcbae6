"""Two people on one entry: both values of each cell that both changed, and what is saved once one was chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request

from runtime.definitions.values import with_value
from runtime.entry.decode import Decoded, decode
from runtime.entry.life import Base, SaveConflict
from runtime.entry.merge import merge, merge_choices
from runtime.entry.names import is_of_entry, pointer_of_name
from runtime.entry.shape import shape_of
from runtime.fields.base import MISSING
from runtime.web.asking import user
from runtime.web.filling import Filling, name_of


def conflict_page(filling: Filling, conflict: SaveConflict, posted: Any, revision: int) -> str:
    """Both values of each cell; all that was posted travels along."""
    screen = filling.screen(reading=True)
    labels = {pointer_of_name(c.name): c for c in screen.cells}
    lines = [
        (clash.pointer, getattr(labels.get(clash.pointer), "label", clash.pointer),
         _said(labels.get(clash.pointer), clash.mine), _said(labels.get(clash.pointer), clash.theirs))
        for clash in conflict.clashes
    ]  # fmt: skip
    sent = [(name, value) for name, values in _lists(posted) for value in values if _travels(name)]
    return render_template(
        "conflict.html",
        f=filling,
        lines=lines,
        sent=sent,
        revision=revision,
        who=name_of(conflict.author),
        own=conflict.author == user().id,
    )


def settled(filling: Filling, base: Base) -> tuple[Decoded, int]:
    """What is to be saved now, and the revision that it is based on."""
    decoded = decode(filling.plan, request.form, base.data, base.choices)
    entry = filling.entry
    merged = merge(shape_of(filling.plan), base.data, decoded.data, entry.data)
    choices, others = merge_choices(base.choices, decoded.choices, entry.choices)
    data = merged.data
    for clash in merged.clashes:
        if request.form.get(f"_keep{clash.pointer}") == "mine":
            data = with_value(data, clash.pointer, clash.mine)
    for clash in others:
        if request.form.get(f"_keep{clash.pointer}") == "mine":
            choices |= {n: v for n, v in decoded.choices.items() if n.startswith(clash.pointer)}
    return Decoded(data, choices, decoded.problems, decoded.raw), entry.revision


def _said(cell: Any, value: Any) -> str:
    if value is MISSING:
        return ""
    return str(cell.face.display(value)) if cell is not None else str(value)


def _lists(posted: Any) -> Sequence[tuple[str, Sequence[str]]]:
    if hasattr(posted, "lists"):
        return list(posted.lists())
    told: Mapping[str, Sequence[str]] = posted
    return list(told.items())


def _travels(name: str) -> bool:
    return is_of_entry(name) or name.startswith("_reason/")
