"""An XLSForm's constraint as keywords beside the question's type: `. >= 0 and . <= 120` is a minimum and a maximum."""

from __future__ import annotations

from typing import Any

from builder.exchange.conditions import Asked, Find, Schema, schema_of
from builder.exchange.xpath import Binary, Call, Node, NotRead, Ref, conjuncts, names, read
from runtime.api import gettext as _

_LOW = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_HIGH = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")


def constrain(schema: Schema, text: str, kind: str) -> list[str]:
    """Add to a question's schema what its constraint says; what cannot be said is told."""
    try:
        parts = conjuncts(read(text))
    except NotRead as error:
        return [_constraint(error)]
    lost = []
    for part in parts:
        try:
            _add(schema, part, kind)
        except NotRead as error:
            lost.append(_constraint(error))
    return lost


def _constraint(error: NotRead) -> str:
    return _("the limit is kept and not checked: %(why)s", why=error)


def _add(schema: Schema, part: Node, kind: str) -> None:
    if kind == "date" and _until_today(part):
        schema["latest"] = "today"
        return
    if any(name for name in names(part)):
        raise NotRead(_("it speaks of another question"))
    for keyword, value in _said(schema_of(part, _itself(kind))).items():
        _put(schema, keyword, value)


def _itself(kind: str) -> Find:
    return lambda _name: Asked((), kind)


def _until_today(part: Node) -> bool:
    match part:
        case Binary("<=", Ref(""), Call("today" | "now", ())):
            return True
        case Binary(">=", Call("today" | "now", ()), Ref("")):
            return True
    return False


def _said(found: Schema) -> dict[str, Any]:
    """As keywords of the question itself: one of several values is a list of them."""
    match found:
        case {"anyOf": list(parts)} if all(part.keys() == {"const"} for part in parts):
            return {"enum": [part["const"] for part in parts]}
        case {"anyOf": [inner, {"not": {}}]} if isinstance(inner, dict):
            return inner  # a constraint asks nothing of a question without an answer
    return found


def _put(schema: Schema, keyword: str, value: Any) -> None:
    """Beside what is there the tighter one counts; what cannot stand twice goes into `allOf`."""
    if keyword not in schema:
        schema[keyword] = value
    elif keyword in _LOW:
        schema[keyword] = max(schema[keyword], value)
    elif keyword in _HIGH:
        schema[keyword] = min(schema[keyword], value)
    elif keyword == "allOf":
        schema["allOf"] = [*schema["allOf"], *value]
    else:
        schema.setdefault("allOf", []).append({keyword: value})
