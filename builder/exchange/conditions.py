"""What an XLSForm's expression asks, as a JSON Schema: `${a} = 'x'` is a `const` beside `required`.

An unanswered question is the empty text to XPath and a missing member to JSON Schema: each atom says `required`, and
what is turned round is turned round as a whole, so that both judge alike. Not for formulas.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from builder.exchange.xpath import Binary, Call, Negative, Node, NotRead, Number, Ref, Text
from runtime.api import gettext as _

Schema = dict[str, Any]
ALWAYS: Schema = {}
NEVER: Schema = {"not": {}}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_LIMITS = {">=": "minimum", "<=": "maximum", ">": "exclusiveMinimum", "<": "exclusiveMaximum"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an expression may know of a question: where its answer stands, and what it is.

    `kind`: text, integer, decimal, date, one (of a list), many, yes (an acknowledgement), other. `level` counts the
    repeats around it; `path` leads from the innermost of them, or from the form; a question's own is `()`.
    """

    path: tuple[str, ...]
    kind: str
    level: int = 0


Find = Callable[[str], Asked]
"""The question of a name (`""`: the one that asks). Raises `NotRead` for one that is not there, or not in reach."""


def schema_of(node: Node, find: Find) -> Schema:
    """The schema that holds exactly where the expression is true. Raises `NotRead`."""
    match node:
        case Binary("and" | "or" as sign, _left, _right):
            parts = [schema_of(part, find) for part in _chain(node, sign)]
            return {"allOf" if sign == "and" else "anyOf": parts}
        case Binary(sign, left, right) if sign in _TURNED:
            return _compared(sign, left, right, find)
        case Call("not", (inner,)):
            return {"not": schema_of(inner, find)}
        case Call("true" | "false" as name, ()):
            return ALWAYS if name == "true" else NEVER
        case Call("selected", (Ref(name), Text(value))):
            return _selected(find(name), value)
        case Call("regex", (Ref(name), Text(pattern))):
            return _at(find(name), {"pattern": whole(pattern)})
        case Call(name, _args):
            raise NotRead(_("“%(name)s()” cannot be said in a condition here", name=name))
        case Ref(name):
            return _at(find(name), _full(find(name)))
    raise NotRead(_("the condition compares what cannot be compared here"))


def whole(pattern: str) -> str:
    """A pattern as XForms means it, of the whole text, for JSON Schema, which looks for it anywhere."""
    bare = pattern.removeprefix("^")
    bare = bare[:-1] if bare.endswith("$") and not bare.endswith("\\$") else bare
    return f"^({bare})$" if "|" in bare else f"^{bare}$"


def _chain(node: Node, sign: str) -> list[Node]:
    found: list[Node] = []
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, Binary) and here.sign == sign:
            waiting += [here.right, here.left]
        else:
            found.append(here)
    return found


def _compared(sign: str, left: Node, right: Node, find: Find) -> Schema:
    if isinstance(left, Number | Text | Negative) and not isinstance(
        right, Number | Text | Negative
    ):
        return _compared(_TURNED[sign], right, left, find)
    literal = _literal(right)
    if sign == "!=":
        return {"not": _compared("=", left, right, find)}
    match left:
        case Ref(name):
            return _value(sign, find(name), literal)
        case Call("string-length", (Ref(name),)):
            return _sized(sign, find(name), literal, "Length", "text")
        case Call("count-selected", (Ref(name),)):
            return _sized(sign, find(name), literal, "Items", "many")
        case Call("selected" | "not" | "regex", _args) if literal in ("true", "false"):
            inner = schema_of(left, find)
            return inner if literal == "true" else {"not": inner}
        case Call(name, _args):
            raise NotRead(_("“%(name)s()” cannot be said in a condition here", name=name))
    raise NotRead(_("the condition compares what cannot be compared here"))


def _literal(node: Node) -> Any:
    """The value that is compared with. Raises `NotRead` for what is none."""
    match node:
        case Number(value):
            return value
        case Text(value):
            return value
        case Negative(Number(value)):
            return -value
        case Call("true" | "false" as name, ()):
            return name
        case Ref(_name):
            raise NotRead(_("two questions are compared with each other"))
        case Call(name, _args):
            raise NotRead(_("“%(name)s()” cannot be said in a condition here", name=name))
    raise NotRead(_("the condition reckons, which a condition cannot do here"))


def _value(sign: str, asked: Asked, literal: Any) -> Schema:
    if sign == "=":
        if literal == "":
            return {"not": _at(asked, _full(asked))}
        return _at(asked, {"const": _typed(asked, literal)})
    if asked.kind not in ("integer", "decimal"):
        raise NotRead(_("only numbers are compared by size in a condition here"))
    return _at(asked, {_LIMITS[sign]: _typed(asked, literal)})


def _typed(asked: Asked, literal: Any) -> Any:
    """The literal as the answer would be. Raises `NotRead` where no answer is like it."""
    if asked.kind in ("integer", "decimal"):
        return number(literal)
    if asked.kind == "yes":
        if literal != "OK":
            raise NotRead(_("an acknowledgement is compared with something else than OK"))
        return True
    if asked.kind in ("many", "other"):
        raise NotRead(_("the condition compares what cannot be compared here"))
    return literal if isinstance(literal, str) else format(literal.normalize(), "f")


def number(literal: Any) -> int | Decimal:
    """A number of JSON. Raises `NotRead` for a text that is none."""
    try:
        value = Decimal(literal)
    except (ArithmeticError, ValueError, TypeError) as error:
        raise NotRead(_("a number is compared with a text")) from error
    if not value.is_finite():
        raise NotRead(_("a number is compared with a text"))
    return int(value) if value == value.to_integral_value() and abs(value) < 10**15 else value


def _sized(sign: str, asked: Asked, literal: Any, what: str, kind: str) -> Schema:
    """A condition on how long a text is, or how many are chosen; nothing has the length 0."""
    if asked.kind != kind:
        raise NotRead(_("the condition compares what cannot be compared here"))
    size = number(literal)
    if not isinstance(size, int) or size < 0:
        raise NotRead(_("a length is compared with what is no length"))
    least = {">": size + 1, ">=": size, "=": size}.get(sign)
    most = {"<": size - 1, "<=": size, "=": size}.get(sign)
    inner = {f"min{what}": least} if least else {}
    if most is not None and most < 0:
        return NEVER
    inner |= {f"max{what}": most} if most is not None else {}
    present = _at(asked, inner)
    return present if least else {"anyOf": [present, {"not": _at(asked, ALWAYS)}]}


def _selected(asked: Asked, value: str) -> Schema:
    if asked.kind == "one":
        return _at(asked, {"const": value})
    if asked.kind != "many":
        raise NotRead(_("“selected()” asks of a question that is no choice"))
    return _at(asked, {"contains": {"const": value}})


def _full(asked: Asked) -> Schema:
    """What an answer is, beside being there."""
    if asked.kind == "other":
        raise NotRead(_("the condition compares what cannot be compared here"))
    return ALWAYS


def _at(asked: Asked, inner: Schema) -> Schema:
    """The schema of the place in which the question's answer is there and matches `inner`."""
    found = inner
    for name in reversed(asked.path):
        found = {"properties": {name: found}, "required": [name]} if found else {"required": [name]}
    return found
