"""Checks of a form: whom it asks and when, its cells and filled rows, what it may change of another. Not its layout."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from runtime.definitions.address import pointer, resolve, short_name
from runtime.definitions.check_indicators import its_date, operation_of, unknown_register
from runtime.definitions.check_own import is_own, own
from runtime.definitions.check_register import unknown_department, unknown_field
from runtime.definitions.codes import problem
from runtime.definitions.sources import NAMES
from runtime.definitions.spots import ROWS, Spot, Spots
from runtime.definitions.view import View, as_list, as_map, brief, nearest
from runtime.definitions.walk import rebased
from runtime.definitions.where_rules import WhereCheck
from runtime.errors import NotFound, Problem
from runtime.language import gettext as _

_ABOUT_A_PERIOD = ("level", "due")


def form(view: View, spots: Spots) -> Iterator[Problem]:
    """What is wrong with a form beyond its keywords, references, totals and layout."""
    yield from _about(view)
    yield from _department(view)
    yield from _extension(view)
    for spot in spots.values():
        yield from _cell(view, spots, spot)
        yield from _required(view, spot)
    for place, schema in view.schemas:
        if isinstance(schema.get("fill"), dict):
            yield from _filled(view, spots, place, schema)
        if "by" in schema:
            text = _("`by` belongs to an indicator; refer to one instead.")
            yield problem("by-place", text, view.address, place + "/by")


def _about(view: View) -> Iterator[Problem]:
    document = view.document
    periodic, about = "frequency" in document, "subject" in document
    if periodic == about:
        text = _(
            "A form is either periodic (`frequency`, `level`, `due`) or about one subject (`subject`)."
        )
        yield problem("form-about", text, view.address)
    if about and not periodic:
        for key in _ABOUT_A_PERIOD:
            if key in document:
                text = _(
                    "`%(key)s` belongs to a periodic form, and this one is about a subject.",
                    key=key,
                )
                yield problem("form-about", text, view.address, f"/{key}")
    if periodic and not document.get("level"):
        text = _('Say which units owe the form (`level`, such as ["community"]).')
        yield problem("level-missing", text, view.address)
    if periodic and not document.get("due"):
        text = _(
            'Say how many days after the period\'s end it is due (`due`, such as {"days": 5}).'
        )
        yield problem("due-missing", text, view.address)
    subject = document.get("subject")
    if isinstance(subject, str) and view.fields(subject) is None:
        yield unknown_register(view, "/subject", subject)


def _department(view: View) -> Iterator[Problem]:
    code = view.document.get("department")
    folder = short_name(view.address).split("/")[0]
    if code is None:
        text = _("Name in `department` the owner of the form.")
        yield problem("keyword-missing", text, view.address)
    elif isinstance(code, str) and code not in view.library.departments():
        yield unknown_department(view, "/department", code)
    elif isinstance(code, str) and code != folder:
        text = _(
            "The form belongs to %(code)s but lies in the folder of %(folder)s; correct `department`, or move it.",
            code=code,
            folder=folder,
        )
        yield problem("department-folder", text, view.address, "/department")


def _extension(view: View) -> Iterator[Problem]:
    if "extends" not in view.source:
        for key in ("remove", "place"):
            if key in view.source:
                text = _(
                    "`%(key)s` means something only in a form that `extends` another.", key=key
                )
                yield problem("extends-place-only", text, view.address, f"/{key}")
        return
    name = view.source["extends"]
    try:
        base = (
            view.library.document(resolve(view.address, name)[0]) if isinstance(name, str) else {}
        )
    except NotFound:
        return
    own = rebased(view.source, view.address)
    yield from _retyped(view, own.get("properties"), base.get("properties"), "/properties")


def _retyped(view: View, own: Any, base: Any, place: str) -> Iterator[Problem]:
    """Cells of the base form whose type or reference the patch changes."""
    for name, mine in as_map(own).items():
        theirs = as_map(base).get(name)
        here = place + pointer(name)
        if not isinstance(mine, dict) or not isinstance(theirs, dict):
            continue
        for key in ("type", "$ref"):
            if key in mine and mine[key] != theirs.get(key):
                text = _(
                    "The type and meaning of an inherited cell cannot change; remove it and add one of your own."
                )
                yield problem("extends-type", text, view.address, f"{here}/{key}")
        yield from _retyped(
            view, mine.get("properties"), theirs.get("properties"), here + "/properties"
        )
        item = {"items": mine.get("items")}, {"items": theirs.get("items")}
        yield from _retyped(view, *item, here)


def _cell(view: View, spots: Spots, spot: Spot) -> Iterator[Problem]:
    place = spot.place
    if place is None or not spot.path or spot.path[-1] == ROWS or not spots.leaf(spot.path):
        return
    if not spot.definitions:
        if view.document.get("frequency") and _is_a_figure(spot):
            text = _(
                "The meaning of the figure `%(name)s` is not in the dictionary, so it can be filled from nowhere; "
                "refer to a field or indicator where there is one.",
                name=spot.path[-1],
            )
            yield problem("cell-own", text, view.address, place)
        return
    subject = view.document.get("subject")
    target = spot.definitions[0]
    other = target.kind == "register" and ROWS not in spot.path
    if other and view.fields(subject) is not None and short_name(target.address) != subject:
        text = _(
            "The form is about one %(subject)s, and this is a field of %(other)s; it will stay empty.",
            subject=subject,
            other=brief(target.address),
        )
        yield problem("subject-register", text, view.address, place)


def _is_a_figure(spot: Spot) -> bool:
    """Whether it is a number that other reports may ask for too; remarks, dates and rows are a form's own."""
    computed = any(spot.says(key) is not None for key in ("totalOf", "const", "fill"))
    return spot.number() and not computed and ROWS not in spot.path


def _required(view: View, spot: Spot) -> Iterator[Problem]:
    for schema, place in spot.parts:
        for n, name in enumerate(as_list(schema.get("required"))):
            if place is None or not isinstance(name, str) or name in spot.children:
                continue
            text = _("`%(name)s` is required, but there is no such cell.", name=name)
            yield problem(
                "required-unknown",
                text + nearest(name, spot.children),
                view.address,
                place + pointer("required", n),
            )


def _supplied(
    view: View, place: str, schema: dict[str, Any], fill: dict[str, Any]
) -> Iterator[Problem]:
    """A cell that a program fills: it names one that is there, and nothing else."""
    for key in fill:
        if key != "source":
            text = _("`%(key)s` means nothing beside `source`; take it out.", key=key)
            yield problem("fill-beside", text, view.address, f"{place}/fill/{key}")
    if view.flat(schema).get("type") == "object" or "properties" in schema:
        text = _("A `source` fills a cell, not an object.")
        yield problem("fill-place", text, view.address, f"{place}/fill/source")
    name = fill["source"]
    if isinstance(name, str) and name not in NAMES:
        text = _("There is no source `%(name)s`.", name=name) + nearest(name, sorted(NAMES))
        yield problem("source-unknown", text, view.address, f"{place}/fill/source")


def _filled(view: View, spots: Spots, place: str, schema: dict[str, Any]) -> Iterator[Problem]:
    fill = schema["fill"]
    if is_own(fill):
        yield from own(view, spots, place, fill)
        return
    if "source" in fill:
        yield from _supplied(view, place, schema, fill)
        return
    operation = yield from operation_of(view, place, fill)
    if operation is None:
        return
    if operation != "list" or view.flat(schema).get("type") != "array":
        text = _("In a form only rows have a `fill`, with `list`; a figure refers to an indicator.")
        yield problem("fill-place", text, view.address, f"{place}/fill/{operation}")
        return
    fields = view.fields(fill["list"])
    if fields is None:
        return
    yield from WhereCheck(view, fields).of_subject(fill.get("where"), place + "/fill/where")
    yield from its_date(view, place, fill.get("on"), fields)
    if "on" in fill and not view.document.get("frequency"):
        text = _("`on` needs a form with a `frequency`: the date must lie in its period.")
        yield problem("fill-period", text, view.address, place + "/fill/on")
    for n, name in enumerate(as_list(fill.get("order"))):
        if isinstance(name, str) and name not in fields:
            yield unknown_field(view, place + pointer("fill", "order", n), name, fields)
    for spot in spots.values():
        if spot.place is None or not spot.place.startswith(place + "/items/"):
            continue
        for target in spot.definitions:
            if target.kind == "register" and short_name(target.address) != fields.register:
                text = _(
                    "The rows are of the register %(register)s; this cell refers to %(other)s.",
                    register=fields.register,
                    other=brief(target.address),
                )
                yield problem("list-register", text, view.address, spot.place)
