"""One place that holds one value: its merged schema, its field type, and what it is filled from. Not for objects."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import simplejson

from runtime.definitions.address import BASE, SCHEMAS, pointer
from runtime.definitions.compile_faces import Faces
from runtime.definitions.compile_own import own_fill
from runtime.definitions.fills import operation
from runtime.definitions.plan import Cell, CellFill, Fact, Formula
from runtime.fields.catalogue import FieldTypes
from runtime.fields.choices import choices_of, same

_LOW = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_HIGH = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_STRINGS = frozenset({"minLength", "maxLength", "pattern", "format", "contentMediaType"})
_NUMBERS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})
_PRIMITIVE = frozenset({"string", "integer", "number", "boolean"})
_SET_APART = frozenset({"type", "enum", "const", "oneOf", "anyOf", "allOf", "items"})


def merged(faces: Faces) -> dict[str, Any]:
    """All that is said of a place as one flat schema, for a field type to claim."""
    flat: dict[str, Any] = {}
    for face in faces.all:
        if face.guards:
            continue
        for keyword, value in face.schema.items():
            if face.shadow or keyword in _SET_APART:
                continue
            if keyword in flat and keyword in (*_LOW, *_HIGH):
                flat[keyword] = _tighter(keyword, flat[keyword], value)
            else:
                flat.setdefault(keyword, value)
    kind = one_type(faces)
    if kind:
        flat["type"] = kind
    flat.update(_listed(faces, kind))
    return flat


def one_type(faces: Faces) -> str:
    """The one type of the values, null left aside; inferred from other keywords where none is named."""
    types = faces.types()
    if types is not None:
        named = types - {"null"}
        return next(iter(named)) if len(named) == 1 else ""
    for kind, keywords in (
        ("object", frozenset({"properties", "patternProperties"})),
        ("array", frozenset({"items", "prefixItems"})),
        ("string", _STRINGS),
        ("number", _NUMBERS),
    ):
        if any(not keywords.isdisjoint(face.schema) for face in faces.firm):
            return kind
    return "object" if any(_describes_others(face.schema) for face in faces.firm) else ""


def _describes_others(schema: Mapping[str, Any]) -> bool:
    """Whether a schema describes members that it does not name."""
    keywords = ("additionalProperties", "unevaluatedProperties")
    return any(isinstance(found := schema.get(k), dict) and found for k in keywords)


def nullable(faces: Faces) -> bool:
    """Whether null is allowed beside another type: by `type`, or by a union with null."""
    types = faces.types()
    if faces.with_null:
        return True
    return types is not None and "null" in types and len(types) > 1


def _tighter(keyword: str, one: Any, other: Any) -> Any:
    try:
        return max(one, other) if keyword in _LOW else min(one, other)
    except TypeError:
        return one


def _listed(faces: Faces, kind: str) -> dict[str, Any]:
    """The values that all faces allow, as a labelled `oneOf`; nothing where they are not listed."""
    found: list[dict[str, Any]] | None = None
    for face in faces.firm:
        own = listed(face.schema, kind)
        if own is None:
            continue
        if found is None:
            found = own
            continue
        labels = own if any("title" in b for b in own) else found
        other = found if labels is own else own
        found = [b for b in labels if any(same(b["const"], o["const"]) for o in other)]
    return {} if found is None else {"oneOf": found}


def listed(schema: Mapping[str, Any], kind: str = "") -> list[dict[str, Any]] | None:
    """The values that one schema lists, each as `{const, title …}`; null only where no type is asked for."""
    spread = {
        **schema,
        "oneOf": _consts(schema.get("oneOf")),
        "anyOf": _consts(schema.get("anyOf")),
    }
    choices = choices_of(spread)
    if choices is None:
        return None
    branches = [
        b for k in ("oneOf", "anyOf") for b in spread[k] or [] if choices_of({k: spread[k]})
    ]
    plain = [{"const": value, **_as_title(texts)} for value, texts in choices]
    found = branches if branches and len(branches) == len(plain) else plain
    return [b for b in found if not kind or kind == "array" or b["const"] is not None]


def _consts(branches: Any) -> Any:
    """A `oneOf` whose branches list one value each, by `const` or by an `enum` of one."""
    if not isinstance(branches, list):
        return None
    found = []
    for branch in branches:
        if not isinstance(branch, dict) or branch.get("type") in ("object", "array"):
            return None
        values = [branch["const"]] if "const" in branch else branch.get("enum")
        if not isinstance(values, list) or len(values) != 1 or "properties" in branch:
            return None
        found.append({**branch, "const": values[0]})
    return found


def _as_title(texts: Mapping[str, str]) -> dict[str, Any]:
    if not texts:
        return {}
    return {
        "title": texts.get("en", ""),
        "translations": {k: {"title": t} for k, t in texts.items() if k != "en"},
    }


def plain_data(value: Any) -> Any:
    """`value` with decimals as they go into options; what a plan keeps is plain JSON."""
    return str(value) if isinstance(value, Decimal) else value


def cell(faces: Faces, schema: dict[str, Any], types: FieldTypes, context: str) -> Cell | None:
    """The cell for a merged schema, without its place; None where no field type fits it."""
    field = types.of(schema)
    if field is None:
        return None
    options = field.options(schema)
    if nullable(faces):
        options["nullable"] = True
    if faces.first("default") is not None:
        options["default"] = simplejson.dumps(faces.first("default"), use_decimal=True)
    definition, derived = _definition(faces)
    totals = schema.get("totalOf")
    own = own_fill(faces.first("fill"))
    return Cell(
        field=field.name,
        options=options,
        read_only=derived
        or bool(totals)
        or isinstance(own, Formula)
        or any(f.schema.get("readOnly") is True for f in faces.firm),
        width=str(faces.first("width") or ""),
        definition=definition,
        fill=_fill(faces, definition),
        fact=_fact(definition, context, faces.first("maxAge")),
        own=own,
        source=_source(faces),
        total_of=tuple(t for t in totals if isinstance(t, str)) if isinstance(totals, list) else (),
    )


def _definition(faces: Faces) -> tuple[str, bool]:
    """The dictionary's field or indicator that the place refers to, and whether it is a derived one."""
    for address, steps in faces.places():
        field = len(steps) == 2 and steps[0] in ("properties", "derive")
        if field and address.startswith((BASE + "dictionary/", BASE + "indicators/")):
            return f"{address}#{pointer(*steps)}", steps[0] == "derive"
    return "", False


def _fill(faces: Faces, definition: str) -> CellFill | None:
    named = faces.first("cellFill")
    if isinstance(named, dict) and isinstance(named.get("indicator"), str):
        return CellFill(named["indicator"], tuple(map(str, named.get("codes", ()))))
    rule = faces.first("fill")
    if definition and operation(rule):
        return CellFill(definition)
    return None


def _source(faces: Faces) -> str:
    """The program that is asked for the value."""
    rule = faces.first("fill")
    named = rule.get("source") if isinstance(rule, dict) else None
    return named if isinstance(named, str) else ""


def _fact(definition: str, context: str, max_age: Any) -> Fact | None:
    """The field of the subject at hand, where the cell refers to the register of that subject."""
    address, _hash, fragment = definition.partition("#")
    if not context or address != f"{BASE}dictionary/{context}.json":
        return None
    return Fact(context, fragment.rpartition("/")[2], max_age if isinstance(max_age, str) else "")


def is_dialect(schema: Any) -> bool:
    """Whether the schema says that it is of our dialect."""
    named = schema.get("$schema") if isinstance(schema, dict) else None
    return isinstance(named, str) and named.startswith(SCHEMAS)
