"""Checks of registers, code lists and departments' names: stewards, sensitivity, derived fields, bands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from runtime.definitions.address import pointer
from runtime.definitions.codes import problem
from runtime.definitions.expand import TOTAL
from runtime.definitions.view import Fields, View, as_list, as_map, nearest
from runtime.errors import Problem
from runtime.language import gettext as _

_PERSONAL = ("personal", "sensitive")
_TYPES = {"whole": "integer", "compare": "boolean"}


def register(view: View) -> Iterator[Problem]:
    """What is wrong with a register beyond its keywords."""
    fields = view.fields(view.address.rsplit("/", 1)[-1].removesuffix(".json"))
    assert fields is not None  # it is the register itself
    for name, schema in as_map(view.document.get("properties")).items():
        place = pointer("properties", name)
        yield from _name(view, place, name)
        if isinstance(schema, dict):
            yield from _kept(view, place, schema, view.flat(schema))
            yield from _from_number(
                view, place + pointer("fromNumber"), schema, fields[name], fields
            )
    for key in ("identity", "label", "place"):
        yield from _named(view, key, fields)
    for name, schema in as_map(view.document.get("derive")).items():
        place = pointer("derive", name)
        yield from _name(view, place, name)
        if name in fields.stored:
            text = _("`%(name)s` is a field already; give the derived one another name.", name=name)
            yield problem("derive-clash", text, view.address, place)
        if isinstance(schema, dict):
            yield from _derived(view, place, schema, fields)


def stewards(view: View) -> Iterator[Problem]:
    """Departments that are named in any definition and described in none."""
    known = view.library.departments()
    for place, schema in view.schemas:
        code = schema.get("steward")
        if isinstance(code, str) and code not in known and view.written(place, "steward"):
            yield unknown_department(view, place + "/steward", code)


def unknown_department(view: View, place: str, code: str) -> Problem:
    """The problem that no `department.json` describes `code`."""
    known = view.library.departments()
    text = _(
        "No department is called `%(code)s`; correct it, or add forms/%(code)s/department.json.",
        code=code,
    )
    return problem("department-unknown", text + nearest(code, known), view.address, place)


def unknown_field(view: View, place: str, name: str, fields: Fields) -> Problem:
    """The problem that the register has no field `name`."""
    text = _(
        "The register %(register)s has no field `%(name)s`.", register=fields.register, name=name
    ) + nearest(name, fields)
    return problem("field-unknown", text, view.address, place)


def _name(view: View, place: str, name: str) -> Iterator[Problem]:
    if name.startswith("_"):
        text = _(
            "Names that begin with an underscore are kept for our own use; rename `%(name)s`.",
            name=name,
        )
        yield problem("reserved", text, view.address, place)


def _kept(
    view: View, place: str, schema: dict[str, Any], flat: dict[str, Any]
) -> Iterator[Problem]:
    """Each field has a type, a steward and a sensitivity; a personal one a purpose and a time."""
    last, _target = view.chain(schema)[-1]
    if "type" not in flat and not isinstance(last.get("$ref"), str):
        yield problem("type-missing", _("The field has no `type`; add one."), view.address, place)
    wanted = {
        "steward": _("Name in `steward` the department that answers for the field."),
        "sensitivity": _(
            "Say in `sensitivity` who may see it: public, internal, personal or sensitive."
        ),
    }
    if schema.get("sensitivity") in _PERSONAL:
        wanted["purpose"] = _("Say in `purpose` what this personal field is kept for.")
        wanted["retention"] = _(
            "Say in `retention` how long this personal field is kept, such as P5Y."
        )
    for key, text in wanted.items():
        if not schema.get(key):
            yield problem(f"{key}-missing", text, view.address, place)


def _from_number(
    view: View, place: str, schema: dict[str, Any], flat: dict[str, Any], fields: Fields
) -> Iterator[Problem]:
    """A field that a number tells: what that is a number of, and whether the field can have what it tells."""
    rule = as_map(schema.get("fromNumber"))
    name, part = rule.get("field"), rule.get("part")
    if not isinstance(name, str):
        return
    if name not in fields.stored:
        yield unknown_field(view, place + "/field", name, fields)
    elif fields[name].get("format") != "cn-ric":
        text = _("`%(name)s` is no resident identity number (`format` cn-ric).", name=name)
        yield problem("field-type", text, view.address, place + "/field")
    codes = [as_map(one).get("const") for one in as_list(flat.get("oneOf"))]
    if (part == "birthDate" and not is_date(flat)) or (
        part == "sex" and not {"1", "2"} <= {code for code in codes if isinstance(code, str)}
    ):
        text = _(
            "The number tells a date (`birthDate`), or the code 1 or 2 (`sex`); the field cannot have that."
        )
        yield problem("field-type", text, view.address, place + "/part")


def _named(view: View, key: str, fields: Fields) -> Iterator[Problem]:
    for n, item in enumerate(as_list(view.document.get(key))):
        names = list(enumerate(item)) if isinstance(item, list) else [(None, item)]
        for m, name in names:
            place = pointer(key, n) if m is None else pointer(key, n, m)
            if isinstance(name, str) and name not in fields.stored:
                yield unknown_field(view, place, name, fields)


def _derived(view: View, place: str, schema: dict[str, Any], fields: Fields) -> Iterator[Problem]:
    rule = as_map(schema.get("rule"))
    ends = [key for key in ("since", "until") if key in rule]
    whole = "whole" in rule and len(ends) == 1 and "compare" not in rule
    if not whole and (set(rule) != {"compare"}):
        text = _(
            "A derived field has one `rule`: `whole` with `since` or `until` and a date field, or `compare` "
            "with two fields."
        )
        yield problem(
            "derive-rule", text, view.address, place + ("/rule" if "rule" in schema else "")
        )
        return
    wanted = _TYPES["whole" if whole else "compare"]
    if schema.get("type") != wanted:
        text = _("The `type` of this derived field must be %(wanted)s.", wanted=wanted)
        yield problem(
            "derive-type", text, view.address, place + ("/type" if "type" in schema else "")
        )
    if whole:
        yield from _dated(view, f"{place}/rule/{ends[0]}", rule[ends[0]], fields)
    else:
        yield from _compared(view, place + "/rule/compare", rule["compare"], fields)


def _dated(view: View, place: str, name: Any, fields: Fields) -> Iterator[Problem]:
    if not isinstance(name, str):
        return
    if name not in fields.stored:
        yield unknown_field(view, place, name, fields)
    elif not is_date(fields[name]):
        text = _("`%(name)s` is not a date; name a field with `format` date.", name=name)
        yield problem("field-type", text, view.address, place)


def _compared(view: View, place: str, compare: Any, fields: Fields) -> Iterator[Problem]:
    if not isinstance(compare, list) or len(compare) != 3:
        return
    types = []
    for n in (0, 2):
        name = compare[n]
        if not isinstance(name, str):
            return
        if name not in fields.stored:
            yield unknown_field(view, f"{place}/{n}", name, fields)
            return
        types.append(_comparable(fields[name]))
    if types[0] != types[1]:
        text = _(
            "`%(left)s` and `%(right)s` are of different types and cannot be compared.",
            left=compare[0],
            right=compare[2],
        )
        yield problem("field-type", text, view.address, place)


def _comparable(schema: dict[str, Any]) -> str:
    if schema.get("type") in ("integer", "number"):
        return "number"
    return f"{schema.get('type')} {schema.get('format', '')}"


def is_date(schema: dict[str, Any]) -> bool:
    """Whether a field (with all that its references say) is a date."""
    return schema.get("type") == "string" and schema.get("format") == "date"


def code_list(view: View) -> Iterator[Problem]:
    """What is wrong with a code list beyond its keywords."""
    seen: set[str] = set()
    bands = []
    members = [m for m in enumerate(as_list(view.document.get("oneOf"))) if isinstance(m[1], dict)]
    for n, member in members:
        place, code = pointer("oneOf", n), member.get("const")
        if isinstance(code, str):
            if code in seen:
                text = _("The code “%(code)s” stands twice; take one out.", code=code)
                yield problem("code-duplicate", text, view.address, place + "/const")
            if code == TOTAL:
                text = _("`total` is kept for the total of a breakdown; use another code.")
                yield problem("reserved", text, view.address, place + "/const")
            seen.add(code)
        if _days(member) is False:
            text = _("`validTo` lies before `validFrom`; correct one.")
            yield problem("code-dates", text, view.address, place + "/validTo")
        if "minimum" in member or "maximum" in member:
            bands.append((n, member))
    if bands:
        yield from _bands(view, bands, len(members))


def _days(member: dict[str, Any]) -> bool | None:
    """Whether the code begins before it ends; None when it does not say."""
    try:
        return date.fromisoformat(member["validFrom"]) <= date.fromisoformat(member["validTo"])
    except (KeyError, TypeError, ValueError):
        return None


def _bands(view: View, bands: list[tuple[int, dict[str, Any]]], members: int) -> Iterator[Problem]:
    if len(bands) < members:
        text = _(
            "Some codes of the list have limits and others have not; give each `minimum` or `maximum`."
        )
        yield problem("band-limits", text, view.address, "/oneOf")
    spans = []
    for n, band in bands:
        low, high = band.get("minimum"), band.get("maximum")
        if any(limit is not None and type(limit) is not int for limit in (low, high)):
            return  # the meta-schema says so
        if low is not None and high is not None and low > high:
            continue  # and so do the limits
        spans.append((low, high, n))
    spans.sort(key=lambda span: (span[0] is not None, span[0] or 0))
    for (_l, high, _n), (low, _h, n) in pairwise(spans):
        if high is None or low is None or low <= high:
            text = _(
                "This band shares numbers with another one; let each begin after the other's end."
            )
            yield problem("band-overlap", text, view.address, pointer("oneOf", n))
