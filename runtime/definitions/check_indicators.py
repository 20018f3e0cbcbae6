"""Checks of indicators: that their one rule fits the register that it reads. Not of the conditions themselves."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

from runtime.definitions.address import at, pointer, register_address
from runtime.definitions.check_register import is_date, unknown_field
from runtime.definitions.check_worked import indicator as worked
from runtime.definitions.check_worked import is_worked
from runtime.definitions.codes import problem
from runtime.definitions.expand import members_of
from runtime.definitions.fills import FIGURES, OF_A_FIELD
from runtime.definitions.fills import operation as operation_in
from runtime.definitions.view import Fields, View, as_list, as_map, nearest
from runtime.definitions.where_rules import WhereCheck
from runtime.errors import Problem
from runtime.language import gettext as _

OPERATIONS = (*FIGURES, "list")
_READ = {
    **{op: {op, "where", "on", *(("field",) if op in OF_A_FIELD else ())} for op in FIGURES},
    "list": {"list", "where", "on", "order"},
}
_NUMBERS = ("integer", "number")


def indicators(view: View) -> Iterator[Problem]:
    """What is wrong with a group of indicators beyond its keywords."""
    for name, schema in as_map(view.document.get("properties")).items():
        if not isinstance(schema, dict):
            continue
        place = pointer("properties", name)
        if not schema.get("steward"):
            text = _("Name in `steward` the department that answers for the indicator.")
            yield problem("steward-missing", text, view.address, place)
        if "kind" not in schema:
            text = _(
                "Say in `kind` whether the figure is a stock (as of a day) or a flow (over a period)."
            )
            yield problem("kind-missing", text, view.address, place)
        if name.startswith("_"):
            text = _(
                "Names that begin with an underscore are kept for our own use; rename `%(name)s`.",
                name=name,
            )
            yield problem("reserved", text, view.address, place)
        yield from _indicator(view, place, schema)


def _indicator(view: View, place: str, schema: dict[str, Any]) -> Iterator[Problem]:
    fill = schema.get("fill")
    by = schema.get("by")
    if by is not None and (not isinstance(fill, dict) or view.written(place, "properties")):
        text = _("`by` goes with a `fill` and without `properties`, which are written out from it.")
        yield problem("by-place", text, view.address, place + "/by")
    if not isinstance(fill, dict):
        return
    if is_worked(fill) and not any(key in fill for key in OPERATIONS):
        yield from worked(view, place, schema)
        return
    operation = yield from operation_of(view, place, fill)
    if operation == "list":
        text = _("`list` fills the rows of a form; an indicator has a figure, such as `count`.")
        yield problem("fill-place", text, view.address, place + "/fill/list")
        return
    fields = view.fields(fill.get(operation)) if operation else None
    if operation is None or fields is None:
        return
    yield from _dates(view, place, schema, fill, fields)
    yield from _figure(view, place, schema, fill, fields)
    yield from _breakdowns(view, place, by, fields)
    yield from WhereCheck(view, fields).of_subject(fill.get("where"), place + "/fill/where")


def operation_of(
    view: View, place: str, fill: dict[str, Any]
) -> Generator[Problem, None, str | None]:
    """The one operation of a `fill` (returned), or None; its problems, and those of the register named."""
    named = [key for key in (*OPERATIONS, "ratio", "formula") if key in fill]
    if len(named) != 1:
        text = _(
            "A `fill` has exactly one of %(known)s, with the register that it reads.",
            known=", ".join(f"`{key}`" for key in OPERATIONS),
        )
        yield problem("fill-operation", text, view.address, place + "/fill")
        return None
    operation = named[0]
    register = fill[operation]
    if isinstance(register, str) and register_address(register) not in view.library:
        yield unknown_register(view, f"{place}/fill/{operation}", register)
    for key in fill:
        if key not in _READ[operation] and any(key in read for read in _READ.values()):
            text = _(
                "`%(key)s` means nothing beside `%(operation)s`; take it out.",
                key=key,
                operation=operation,
            )
            yield problem("fill-beside", text, view.address, f"{place}/fill/{key}")
    return operation


def unknown_register(view: View, place: str, register: str) -> Problem:
    """The problem that there is no register of this name."""
    known = [a.rsplit("/", 1)[-1].removesuffix(".json") for a in view.library.addresses("register")]
    text = _("There is no register `%(name)s`.", name=register) + nearest(register, known)
    return problem("register-unknown", text, view.address, place)


def _dates(
    view: View, place: str, schema: dict[str, Any], fill: dict[str, Any], fields: Fields
) -> Iterator[Problem]:
    on = fill.get("on")
    if schema.get("kind") == "flow" and on is None:
        text = _("A flow needs `on`: the date field that must lie in the period.")
        yield problem("fill-incomplete", text, view.address, place + "/fill")
    elif schema.get("kind") == "stock" and on is not None:
        text = _("A stock is counted as of the period's last day and takes no `on`; take it out.")
        yield problem("fill-beside", text, view.address, place + "/fill/on")
    yield from its_date(view, place, on, fields)


def its_date(view: View, place: str, on: Any, fields: Fields) -> Iterator[Problem]:
    """What is wrong with the field whose date must lie in the period, where a `fill` names one."""
    if not isinstance(on, str):
        return
    if on not in fields:
        yield unknown_field(view, place + "/fill/on", on, fields)
    elif not is_date(fields[on]):
        text = _("`%(name)s` is not a date; name a field with `format` date.", name=on)
        yield problem("field-type", text, view.address, place + "/fill/on")


def _figure(
    view: View, place: str, schema: dict[str, Any], fill: dict[str, Any], fields: Fields
) -> Iterator[Problem]:
    op = operation_in(fill)
    field: dict[str, Any] = {}
    if op in OF_A_FIELD:
        name = fill.get("field")
        if name is None:
            text = _("`%(operation)s` needs `field`: what the figure is of.", operation=op)
            yield problem("fill-incomplete", text, view.address, place + "/fill")
            return
        if not isinstance(name, str):
            return
        if name not in fields:
            yield unknown_field(view, place + "/fill/field", name, fields)
            return
        field = fields[name]
        if text := _unfit(op, name, field):
            yield problem("field-type", text, view.address, place + "/fill/field")
            return
    yield from _typed(view, place, schema, op, field)


def _unfit(op: str, name: str, field: dict[str, Any]) -> str:
    """Why the figure cannot be of this field; empty where it can."""
    kind = field.get("type")
    if op in ("sum", "average") and kind not in _NUMBERS:
        return _("`%(name)s` is not a number and cannot be added up.", name=name)
    if op in ("min", "max") and kind not in _NUMBERS and not is_date(field):
        return _(
            "`%(name)s` is neither a number nor a date, so none of it is the least.", name=name
        )
    if op == "distinct" and kind in ("object", "array"):
        return _("`%(name)s` holds several values, which cannot be told apart.", name=name)
    return ""


def _typed(
    view: View, place: str, schema: dict[str, Any], op: str, field: dict[str, Any]
) -> Iterator[Problem]:
    allowed = _types(op, field)
    if "by" in schema:
        allowed = ("object",)
    written = as_map(at(view.source, place))  # expansion puts the right one
    said = written.get("type")
    if said not in allowed and not (said is None and "by" in schema):
        text = _("The `type` of this indicator must be %(wanted)s.", wanted=allowed[0])
        yield problem(
            "fill-type", text, view.address, place + ("/type" if "type" in schema else "")
        )
    elif allowed == ("string",) and schema.get("format") != "date":
        text = _("The figure is a date; say so by `format` date.")
        yield problem("fill-type", text, view.address, place)
    if op == "average" and "digits" not in schema:
        text = _("Say in `digits` to how many places after the point the figure is rounded.")
        yield problem("digits-missing", text, view.address, place)


def _types(op: str, field: dict[str, Any]) -> tuple[str, ...]:
    """The types that the figure may have, the best first."""
    if op in ("count", "distinct"):
        return _NUMBERS
    if op == "average":
        return ("number",)
    kind = str(field.get("type"))
    return _NUMBERS if kind == "integer" else (kind,)


def _breakdowns(view: View, place: str, by: Any, fields: Fields) -> Iterator[Problem]:
    seen: set[str] = set()
    for n, item in enumerate(as_list(by)):
        name = item.get("field") if isinstance(item, dict) else item
        here = place + pointer("by", n)
        if not isinstance(name, str):
            continue
        if name in seen:
            text = _("The indicator is broken down by `%(name)s` twice; take one out.", name=name)
            yield problem("by-repeated", text, view.address, here)
        seen.add(name)
        if name not in fields:
            yield unknown_field(view, here, name, fields)
        elif isinstance(item, dict) and "bands" in item:
            yield from _bands(view, here + "/bands", item["bands"], fields[name])
        elif not members_of(fields[name]):
            text = _(
                "`%(name)s` has no closed list of codes, so the figure cannot be broken down by it; "
                "refer to a code list, or give `bands`.",
                name=name,
            )
            yield problem("by-field", text, view.address, here)


def _bands(view: View, place: str, bands: Any, field: dict[str, Any]) -> Iterator[Problem]:
    if not isinstance(bands, str):
        return
    target = view.target(bands)
    if target is None:
        text = _("There is no band list at %(address)s.", address=bands)
        yield problem("ref-unknown", text, view.address, place)
        return
    members = members_of(target.schema)
    if not members or not all("minimum" in m or "maximum" in m for m in members):
        text = _("What `bands` names is no band list: its codes have no `minimum` and `maximum`.")
        yield problem("by-bands", text, view.address, place)
    elif field.get("type") != "integer":
        text = _("Bands are of a whole number, and this field is none.")
        yield problem("by-bands", text, view.address, place)
