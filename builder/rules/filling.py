"""Where a form's cells and lists are filled from, in sentences, and what they read for it. Not for changing it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from builder.edits.spots import pointer_of, tokens
from builder.rules.cells import Cells
from builder.rules.fields import fields_of_register
from builder.rules.formulas import Worked, places, read
from builder.rules.joined import names
from builder.rules.sentences import rule, title
from runtime.api import NotFound, register_of, say, texts_of
from runtime.api import gettext as _


@dataclass(frozen=True, slots=True)
class Filled:
    """The sentence; the pointers of the cells that are read; and whether people type it."""

    sentence: str
    reads: tuple[str, ...] = ()
    is_typed: bool = False
    is_known: bool = False
    """The dictionary says it, not the form."""


def filled(cells: Cells, pointer: str) -> Filled:
    """Where what stands at a pointer of the form comes from."""
    schema = cells.schemas.get(pointer, {})
    reference = schema.get("$ref")
    if "totalOf" in schema or "fill" in schema:
        return _own(cells, pointer, schema)
    if isinstance(reference, str):
        return _of_dictionary(cells, pointer, reference)
    return Filled(_("typed by staff"), is_typed=True)


def _of_dictionary(cells: Cells, pointer: str, reference: str) -> Filled:
    found = cells.referred(reference)
    said = rule(found, cells.library)
    if said:
        return Filled(said, is_known=True)
    register = _register_of(reference)
    if register and register in (cells.document.get("subject"), _list_around(cells, pointer)):
        return Filled(
            _("taken from the register of %(who)s", who=who(cells, register)), is_known=True
        )
    return Filled(_("typed by staff"), is_typed=True, is_known="kind" in found)


def _list_around(cells: Cells, pointer: str) -> str:
    above, star, _rest = pointer.rpartition("/*/")
    fill = cells.schemas.get(above, {}).get("fill") if star else None
    return register_of(fill) if isinstance(fill, Mapping) else ""


def _register_of(reference: str) -> str:
    place = reference.partition("#")[0]
    return place.rpartition("/")[2].removesuffix(".json") if "dictionary/" in place else ""


def who(cells: Cells, register: str) -> str:
    """What the subjects of a register are called in a sentence."""
    try:
        text = say(texts_of(cells.library.register(register))) or register
    except NotFound:
        return register
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _own(cells: Cells, pointer: str, schema: Mapping[str, Any]) -> Filled:
    worked = read(schema, pointer)
    if worked is not None:
        return Filled(_worked(cells, worked), worked.cells)
    fill = schema["fill"] if isinstance(schema.get("fill"), Mapping) else {}
    if "formula" in fill:
        known = places(fill, pointer)
        text = str(fill["formula"]).removeprefix("=")
        text = re.sub(r"[^\W\d]\w*", lambda m: _in_formula(cells, known, m[0]), text)
        return Filled(_("worked out as %(formula)s", formula=text), tuple(known.values()))
    if isinstance(fill.get("carry"), str):
        what = called(cells, fill["carry"])
        return Filled(
            _("carried over from %(what)s of the period before", what=what), (fill["carry"],)
        )
    if "below" in fill:
        return _below(cells, pointer, fill)
    if "unit" in fill:
        return Filled(unit_says(str(fill["unit"])))
    said = rule(schema, cells.library)
    order = fill.get("order")
    if said and isinstance(order, list) and order:
        said = _(
            "%(what)s, in the order of %(fields)s", what=said, fields=names(_ordered(cells, fill))
        )
    return Filled(said)


def _in_formula(cells: Cells, known: Mapping[str, str], name: str) -> str:
    return called(cells, known[name]) if name in known else name


def _ordered(cells: Cells, fill: Mapping[str, Any]) -> list[str]:
    try:
        known = {f.path: f for f in fields_of_register(cells.library, register_of(fill))}
    except NotFound:
        known = {}
    return [title(known.get((str(n),)), (str(n),)) for n in fill["order"]]


def _below(cells: Cells, pointer: str, fill: Mapping[str, Any]) -> Filled:
    if fill["below"] == "rows":
        return Filled(_("a row for each unit below"))
    place = fill["of"] if isinstance(fill.get("of"), str) else pointer
    what = called(cells, place)
    if fill["below"] == "sum":
        return Filled(_("the sum of %(what)s of the units below", what=what), (place,))
    return Filled(_("what each unit below reported in %(what)s", what=what), (place,))


def unit_says(what: str) -> str:
    """What of the unit stands in the cell."""
    return {
        "title": _("the name of the unit"),
        "code": _("the code of the unit"),
        "level": _("the level of the unit"),
    }.get(what, _("what is known of the unit"))


def _worked(cells: Cells, worked: Worked) -> str:
    said = [called(cells, place) for place in worked.cells]
    if worked.operation == "sum" and len(said) == 1 and "*" in tokens(worked.cells[0]):
        return _("the sum of %(cell)s of all rows", cell=said[0])
    if worked.operation == "ratio":
        return _("%(one)s divided by %(other)s", one=said[0], other=said[-1])
    if worked.operation == "percent":
        return _("%(one)s in percent of %(other)s", one=said[0], other=said[-1])
    if worked.operation == "difference":
        return _("%(one)s less %(others)s", one=said[0], others=names(said[1:]))
    if worked.operation == "product":
        return _("%(one)s times %(others)s", one=said[0], others=names(said[1:]))
    if worked.operation == "average":
        return _("the average of %(cells)s", cells=names(said))
    return _("the sum of %(cells)s", cells=names(said))


def called(cells: Cells, pointer: str) -> str:
    """What a cell is called in a sentence, with its group where others have its title too."""
    own = say(cells.title(pointer))
    steps = tokens(pointer)
    around = steps[:-1] if steps[-2:-1] != ("*",) else steps[:-2]
    if around and [say(f.title) for f in cells.fields].count(own) > 1:
        group = say(cells.title(pointer_of(around)))
        return _("“%(title)s”", title=f"{group}: {own}")
    return _("“%(title)s”", title=own)
