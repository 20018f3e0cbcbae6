"""“Filled from” as it stands and as it was posted: what is wrong with it, and keeping it. Not for drawing it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from builder.edits.fills import set_fill, way_of
from builder.edits.spots import Document, Refused
from builder.rules.cells import Cells
from builder.rules.composer import Composer
from builder.rules.fields import Field, fields_of_register
from builder.rules.filling import filled
from builder.rules.formulas import OPERATIONS, TWO, Worked, read
from builder.studio.canvas import Part
from builder.studio.filling import EVERYBODY, Filling
from builder.studio.opened import Opened
from builder.studio.ways import titles, ways
from runtime.api import SOURCES, NotFound, WrongFormula, dumps, names_in
from runtime.api import gettext as _


def view(one: Opened, part: Part, posted: Mapping[str, str] | None) -> Filling:
    """The fill of a part as it stands, or as it was posted."""
    return _view(Cells(one.library, one.address, one.document or {}), part, posted)


def carried(one: Opened, document: Document, part: Part, posted: Mapping[str, str]) -> Document:
    """The document with the fill that was chosen. Raises `Refused`."""
    found = _view(Cells(one.library, one.address, document), part, posted)
    if posted.get("was", found.was) != found.was:
        raise Refused(
            _("Somebody else has set what this is filled from meanwhile; look at it again first.")
        )
    if found.is_locked:
        raise Refused(_("What this is filled from cannot be chosen here."))
    if not found.is_ready:
        raise Refused(" ".join(found.problems.values()) or _("Something is missing."))
    return set_fill(document, part.pointer, found.keywords())


def _view(cells: Cells, part: Part, posted: Mapping[str, str] | None) -> Filling:
    schema = dict(cells.schemas.get(part.pointer, {}))
    told = filled(cells, part.pointer)
    reference = schema.get("$ref")
    whole = {**(cells.referred(reference) if isinstance(reference, str) else {}), **schema}
    above = part.pointer.rpartition("/*/")[0]
    way, called = way_of(schema), titles()
    known = ways(part, whole, cells.document, cells.schemas.get(above, {}))
    if way not in known and way in called:
        known.append(way)
    if read(schema, part.pointer) is not None:
        way = "worked"
    own = {k: schema[k] for k in ("fill", "totalOf") if k in schema}
    found = Filling(cells, part, whole, [(one, called[one]) for one in known], way, dumps(own))
    found.is_locked = (
        way == "json" or (told.is_known and not told.is_typed and not own) or _of_fact(reference)
    )
    _open(found, schema)
    if posted is not None:
        _post(found, MultiDict(posted))
    return found


def _of_fact(reference: Any) -> bool:
    """A field of a register comes from the register, or is typed for it."""
    return isinstance(reference, str) and "dictionary/" in reference


def _open(found: Filling, schema: Mapping[str, Any]) -> None:
    """The choices as they stand in the form."""
    fill = schema["fill"] if isinstance(schema.get("fill"), Mapping) else {}
    carry = fill.get("carry", fill.get("of"))
    found.cell = carry if isinstance(carry, str) else ""
    found.unit = str(fill.get("unit", "title"))
    found.worked = read(schema, found.part.pointer) or found.worked
    found.formula = str(fill.get("formula", "="))
    found.source = str(fill.get("source", ""))
    found.register, found.on = str(fill.get("list", "")), str(fill.get("on", ""))
    order = fill.get("order")
    found.order = tuple(map(str, order)) if isinstance(order, list) else ()
    if found.register:
        found.composed = _composer(found).opened(fill.get("where", EVERYBODY))


def _post(found: Filling, form: MultiDict[str, str]) -> None:
    """The choices as they were posted, and what is wrong with them."""
    found.way = form.get("way", found.way)
    found.is_step = bool(form.get("fill.do") or form.get("rule.do"))
    if form.get("shown", found.way) != found.way:
        found.is_step = True  # another way was chosen: its own controls come first
        return
    found.cell = form.get("cell", found.cell)
    found.unit = form.get("unit", found.unit)
    found.formula = form.get("formula", found.formula).strip()
    found.source = form.get("source", found.source)
    if "operation" in form:
        operands = _stepped(form.getlist("operand"), form.get("fill.do", ""))
        operation = form["operation"]
        operands = [*operands, "", ""][:2] if operation in TWO else operands
        found.worked = Worked(operation if operation in OPERATIONS else "sum", tuple(operands))
    _begin(found, form)
    found.on = form.get("on", found.on)
    found.order = tuple(form.getlist("order")) or found.order
    if not found.is_step:
        found.problems = dict(_problems(found))


def _begin(found: Filling, form: MultiDict[str, str]) -> None:
    """The register with its condition; that of another register than was shown is begun anew."""
    register = form.get("register", found.register)
    if register == found.register == form.get("register.was", found.register):
        if found.composed:
            found.composed = _composer(found).posted(form, found.composed.where)
        return
    is_other = register != form.get("register.was", register)
    found.is_step = found.is_step or is_other
    found.register = register
    if is_other:
        found.on, found.order = "", ()
        form.setlist("on", [""])
        form.setlist("order", [""])
    if register:
        composer = _composer(found)
        found.composed = (
            composer.opened(EVERYBODY) if is_other else composer.posted(form, EVERYBODY)
        )


def _composer(found: Filling) -> Composer:
    try:
        fields: tuple[Field, ...] = fields_of_register(found.cells.library, found.register)
    except NotFound:
        fields = ()
    return Composer(fields, "rule")


def _stepped(operands: list[str], step: str) -> list[str]:
    verb, _colon, place = step.partition(":")
    if verb == "add":
        return [*operands, ""]
    if verb == "remove" and place.isdecimal() and int(place) < len(operands):
        return operands[: int(place)] + operands[int(place) + 1 :]
    return operands


def _problems(found: Filling) -> Iterator[tuple[str, str]]:
    known = dict(found.ways)
    if found.way not in known:
        yield "way", _("Choose where it is filled from.")
    if found.way == "carry" and found.cell and found.cell not in dict(found.carried()):
        yield "cell", _("Choose a cell of the same kind outside of lists.")
    if found.way in ("below", "cell-below") and found.cell not in {"", *dict(found.carried())}:
        yield "cell", _("Choose a cell of the same kind outside of lists.")
    if found.way == "cell-below" and not found.cell:
        yield "cell", _("Choose the cell that each unit has reported.")
    if found.way == "unit" and found.unit not in dict(found.units()):
        yield "unit", _("Choose what of the unit stands here.")
    if found.way == "source" and found.source not in SOURCES:
        yield "source", _("Choose a source.")
    if found.way == "worked":
        yield from _of_worked(found)
    if found.way == "formula" and (why := _wrong(found)):
        yield "formula", why
    if found.way == "list":
        yield from _of_list(found)


def _of_worked(found: Filling) -> Iterator[tuple[str, str]]:
    known = dict(found.numbers(rows=found.worked.operation == "sum"))
    if not found.worked.is_complete:
        yield "operand", _("Choose the cells, one beside the other.")
    elif any(place not in known for place in found.worked.cells):
        yield "operand", _("Choose number cells that stand beside this one or outside of lists.")


def _wrong(found: Filling) -> str:
    try:
        names = names_in(found.formula)
    except WrongFormula as error:
        return str(error)
    known = found.names()
    unknown = [name for name in names if name not in known]
    if not names:
        return _("The formula names no cell.")
    if unknown:
        return _(
            "There is no cell named %(names)s here; the names are listed below.",
            names=", ".join(unknown),
        )
    return ""


def _of_list(found: Filling) -> Iterator[tuple[str, str]]:
    if found.register not in dict(found.registers()):
        yield "register", _("Choose a register.")
        return
    if found.on and found.on not in dict(found.fields("date")):
        yield "on", _("Choose a date of this register.")
    if any(name and name not in dict(found.fields()) for name in found.order):
        yield "order", _("Choose fields of this register to order by.")
