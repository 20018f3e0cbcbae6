"""An indicator's rule chosen on a page: what is done with whose field, in which period, broken down by what; and back.

The condition itself is composed by `rules`, what is worked out from other figures by `worked`. What a page cannot show
stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from builder.dictionary import worked
from builder.dictionary.places import Spot
from builder.rules import Composed, Composer, Field, fields_of_register
from runtime.api import Library, register_of, say, short_name, texts_of
from runtime.api import gettext as _

OPERATIONS = ("count", "sum", "average", "min", "max", "distinct")
OF_FIGURES = tuple(worked.MARK + way for way in worked.WAYS)
MOST_BREAKDOWNS = 3
_KINDS = {"average": "number", "count": "integer", "distinct": "integer"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A rule on a page; `is_locked` where it is none over a register."""

    operation: str
    """Empty: people type the figure; what is done with other figures after `of-figures.`."""
    register: str
    field: str
    on: str
    by: tuple[str, ...]
    """`<field>` or `<field>|<bands>`."""
    composed: Composed | None
    fields: tuple[Field, ...]
    is_locked: bool = False
    problems: Mapping[str, str] | None = None
    is_step: bool = False
    worked: worked.Worked | None = None


def opened(library: Library, where: Spot, schema: Mapping[str, Any]) -> Figure:
    """The rule as it stands in the definition; `where` is the indicator, or the group of a new one."""
    fill = schema.get("fill")
    register = register_of(fill) if isinstance(fill, Mapping) else ""
    if not isinstance(fill, Mapping):
        return Figure("", "", "", "", (), None, ())
    found = worked.opened(library, where.document, _own(where), fill)
    if found is not None:
        return Figure(worked.MARK + found.way, "", "", "", (), None, (), worked=found)
    if not register or register not in library.registers():
        return Figure("", "", "", "", (), None, (), is_locked=True)
    operation = next(one for one in OPERATIONS if one in fill)
    fields = fields_of_register(library, register)
    composed = Composer(fields, "where").opened(fill.get("where", {"type": "object"}))
    by = tuple(_by_text(one) for one in schema.get("by", ()))
    return Figure(
        operation,
        register,
        str(fill.get("field", "")),
        str(fill.get("on", "")),
        by,
        composed,
        fields,
    )


def posted(
    library: Library, where: Spot, form: MultiDict[str, str], schema: dict[str, Any]
) -> tuple[Figure, dict[str, Any]]:
    """The rule as posted, and the definition with it; `schema` itself where the page had none to choose."""
    if "operation" not in form:
        return opened(library, where, schema), schema
    operation, register = form["operation"], form.get("register", "")
    if operation.removeprefix(worked.MARK) in worked.WAYS and operation.startswith(worked.MARK):
        return _of_figures(library, where, form, schema)
    if operation not in OPERATIONS or register not in library.registers():
        problems = {"register": _("Choose the register.")} if operation in OPERATIONS else {}
        bare = {k: v for k, v in schema.items() if k not in ("fill", "by", "properties")}
        bare = {**bare, "type": bare.get("type") if bare.get("type") != "object" else "integer"}
        return Figure(
            operation if problems else "", register, "", "", (), None, (), problems=problems
        ), bare
    fields = fields_of_register(library, register)
    old = schema.get("fill") if isinstance(schema.get("fill"), Mapping) else {}
    same = register_of(old) == register
    base = old.get("where", {"type": "object"}) if same and old else {"type": "object"}
    composed = Composer(fields, "where").posted(form, base)
    by = tuple(dict.fromkeys(one for one in form.getlist("by") if one))[:MOST_BREAKDOWNS]
    figure = Figure(
        operation, register, form.get("field", ""), form.get("on", ""), by, composed, fields,
        problems=_problems(operation, form, fields), is_step=composed.is_step,
    )  # fmt: skip
    return figure, _with_rule(schema, figure, same)


def _own(where: Spot) -> str:
    return where.address if where.name else ""


def _of_figures(
    library: Library, where: Spot, form: MultiDict[str, str], schema: dict[str, Any]
) -> tuple[Figure, dict[str, Any]]:
    old = schema.get("fill")
    base = old if isinstance(old, Mapping) else {}
    found, wrong, fill = worked.posted(library, where.document, _own(where), form, base)
    figure = Figure(
        form["operation"], "", "", "", (), None, (), problems=wrong, is_step="figure.do" in form, worked=found,
    )  # fmt: skip
    if not fill or fill == base:
        return figure, schema
    rest = worked.typed_as(library, schema, found)
    last = {"translations": rest.pop("translations")} if "translations" in rest else {}
    return figure, {**rest, "fill": fill, **last}


def breakdowns(library: Library, fields: tuple[Field, ...]) -> list[tuple[str, str]]:
    """What a figure may be broken down by: fields with codes, and numbers with a list of bands."""
    found = [("/".join(one.path), say(one.title)) for one in fields if one.kind == "codes"]
    bands = [a for a in library.addresses("code-list") if _is_bands(library.source(a))]
    for one in fields:
        if one.kind == "number" and one.whole:
            for address in bands:
                name = say(texts_of(library.source(address))) or short_name(address)
                title = _("%(field)s (%(bands)s)", field=say(one.title), bands=name)
                found.append(
                    (f"{'/'.join(one.path)}|../code-lists/{short_name(address)}.json", title)
                )
    return found


def operation_title(operation: str) -> str:
    """What an operation is called in its list."""
    if operation.startswith(worked.MARK):
        return worked.way_title(operation.removeprefix(worked.MARK))
    return {
        "": _("people type it"),
        "count": _("count"),
        "sum": _("add up a field of"),
        "average": _("average a field of"),
        "min": _("find the least of a field of"),
        "max": _("find the greatest of a field of"),
        "distinct": _("count the different values of a field of"),
    }[operation]


def _problems(
    operation: str, form: MultiDict[str, str], fields: tuple[Field, ...]
) -> dict[str, str]:
    names = {"/".join(one.path): one for one in fields}
    found = {}
    if operation != "count":
        chosen = names.get(form.get("field", ""))
        if chosen is None:
            found["field"] = _("Choose the field.")
        elif operation in ("sum", "average") and chosen.kind != "number":
            found["field"] = _("This field is no number.")
    if form.get("kind") == "flow":
        dated = names.get(form.get("on", ""))
        if dated is None or dated.kind != "date":
            found["on"] = _("Choose the date that must lie in the period.")
    return found


def _with_rule(schema: dict[str, Any], figure: Figure, same: bool) -> dict[str, Any]:
    old = schema.get("fill") if isinstance(schema.get("fill"), Mapping) else {}
    fill: dict[str, Any] = {figure.operation: figure.register}
    if figure.operation != "count" and figure.field:
        fill["field"] = figure.field
    if figure.on and schema.get("kind") == "flow":
        fill["on"] = figure.on
    where = figure.composed.where if figure.composed else {"type": "object"}
    if not isinstance(where, Mapping) or set(where) - {"type"} or (same and "where" in (old or {})):
        fill["where"] = where
    found = {key: value for key, value in schema.items() if key not in ("fill", "by")}
    if figure.by:
        found["by"] = [_by(one) for one in figure.by]
        found["type"] = "object"
    elif found.get("type") in (None, "object", "integer") or figure.operation in _KINDS:
        found["type"] = _KINDS.get(figure.operation, _type_of(figure))
    rest = {"translations": found.pop("translations")} if "translations" in found else {}
    return {**found, "fill": fill, **rest}


def _type_of(figure: Figure) -> str:
    chosen = next((one for one in figure.fields if "/".join(one.path) == figure.field), None)
    return "integer" if chosen is not None and chosen.whole else "number"


def _by(text: str) -> Any:
    field, _bar, bands = text.partition("|")
    return {"field": field, "bands": bands} if bands else field


def _by_text(one: Any) -> str:
    if isinstance(one, Mapping):
        return f"{one.get('field')}|{one.get('bands')}" if "bands" in one else str(one.get("field"))
    return str(one)


def _is_bands(document: Mapping[str, Any]) -> bool:
    return any("minimum" in one or "maximum" in one for one in document.get("oneOf", ()))
