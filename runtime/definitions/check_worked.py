"""Checks of figures and cells that are worked out from others: ratios and formulas. Not of what is counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from runtime.definitions.address import pointer
from runtime.definitions.check_totals import summands
from runtime.definitions.codes import problem
from runtime.definitions.compile_own import formula_fill
from runtime.definitions.compile_worked import part_at, references_of, worked_fill
from runtime.definitions.formulas import WrongFormula, names_in
from runtime.definitions.spots import Spot, Spots
from runtime.definitions.view import View, as_map
from runtime.errors import Problem
from runtime.language import gettext as _

_READ = {"ratio": {"ratio", "percent"}, "formula": {"formula", "cells"}}


def is_worked(fill: Mapping[str, Any]) -> bool:
    """Whether the `fill` of an indicator is one that this module judges."""
    return "ratio" in fill or "formula" in fill


def indicator(view: View, place: str, schema: dict[str, Any]) -> Iterator[Problem]:
    """What is wrong with a ratio or formula over indicators."""
    fill = schema["fill"]
    way = "ratio" if "ratio" in fill else "formula"
    for key in fill:
        if key not in _READ[way]:
            text = _("`%(key)s` means nothing beside `%(operation)s`; take it out.",
                     key=key, operation=way)  # fmt: skip
            yield problem("fill-beside", text, view.address, f"{place}/fill/{key}")
    if "by" in schema:
        text = _("What is worked out from other figures cannot be broken down; take `by` out.")
        yield problem("by-place", text, view.address, place + "/by")
    yield from number(view, place, schema)
    if way == "formula" and (why := _wrong(fill["formula"])):
        yield problem("formula-wrong", why, view.address, place + "/fill/formula")
        return
    yield from _references(view, place, fill)


def cell(
    view: View, spots: Spots, spot: Spot, place: str, fill: dict[str, Any]
) -> Iterator[Problem]:
    """What is wrong with a formula over cells of the form itself."""
    if why := _wrong(fill["formula"]):
        yield problem("formula-wrong", why, view.address, place + "/fill/formula")
        return
    said = {key: spot.says(key) for key in ("type", "digits") if spot.says(key) is not None}
    yield from number(view, place, said)
    formula = formula_fill(fill)
    for name, relative in formula.parts.items() if formula else ():
        given = name in as_map(fill.get("cells"))
        here = place + (pointer("fill", "cells", name) if given else "/fill/formula")
        found = summands(spots, spot.path, relative) if "*" not in relative else []
        if len(found) != 1:
            text = _(
                "`%(name)s` is no cell beside this one; say in `cells` which it is.", name=name
            )
            yield problem("fill-pointer", text, view.address, here)
        elif not spots[found[0]].number():
            text = _("`%(name)s` is not a number.", name=name)
            yield problem("fill-type", text, view.address, here)


def number(view: View, place: str, schema: Mapping[str, Any]) -> Iterator[Problem]:
    """A quotient is a whole number, or one that says to how many places it is rounded."""
    if schema.get("type") not in ("integer", "number"):
        text = _("What is worked out is a number; give it `type` integer or number.")
        yield problem("fill-type", text, view.address, place + "/fill")
    elif schema.get("type") == "number" and "digits" not in schema:
        text = _("Say in `digits` to how many places after the point the figure is rounded.")
        yield problem("digits-missing", text, view.address, place)


def _wrong(text: Any) -> str:
    """Why it is no formula that we take; empty when it is."""
    try:
        names = names_in(text) if isinstance(text, str) else ("",)
    except WrongFormula as error:
        return str(error)
    return "" if names else _("The formula names no cell.")


def _references(view: View, place: str, fill: dict[str, Any]) -> Iterator[Problem]:
    own = worked_fill(fill, view.address)
    named = references_of(own) if own else ()
    for reference in named:
        if part_at(reference, view.library) is None:
            text = _("%(reference)s leads to no single figure of an indicator; correct it.",
                     reference=reference.rpartition("/defs/")[2])  # fmt: skip
            yield problem("fill-reference", text, view.address, place + "/fill")
    if own is None and "formula" in fill:
        text = _("In an indicator `cells` says of each name which indicator it is, by its address.")
        yield problem("fill-reference", text, view.address, place + "/fill/cells")
    elif _comes_back(view, f"{view.address}#{place}", named):
        text = _("The figure is, directly or by way of others, a part of itself.")
        yield problem("fill-cycle", text, view.address, place + "/fill")


def _comes_back(view: View, start: str, named: tuple[str, ...]) -> bool:
    waiting, seen = list(named), set[str]()
    while waiting:
        reference = waiting.pop()
        if reference == start:
            return True
        if reference not in seen:
            seen.add(reference)
            part = part_at(reference, view.library)
            waiting.extend(references_of(part.own) if part and part.own else ())
    return False
