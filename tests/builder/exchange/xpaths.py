"""The expressions of an XLSForm judged as XPath would, over the answers of one form: a yardstick for the tests.

Only what `builder.exchange.conditions` says it can say; an answer that is not there is the empty text.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from builder.exchange.xpath import Binary, Call, Negative, Node, Number, Ref, Text


def holds(node: Node, answers: Mapping[str, Any]) -> bool:
    """Whether the expression is true of the answers."""
    value = _value(node, answers)
    return value if isinstance(value, bool) else bool(value) if value is not None else False


def _value(node: Node, answers: Mapping[str, Any]) -> Any:
    match node:
        case Number(value):
            return value
        case Text(value):
            return value
        case Negative(inner):
            return -_number(_value(inner, answers))
        case Ref(name):
            return answers.get(name, "")
        case Binary("and", left, right):
            return holds(left, answers) and holds(right, answers)
        case Binary("or", left, right):
            return holds(left, answers) or holds(right, answers)
        case Binary(sign, left, right):
            return _compare(sign, _value(left, answers), _value(right, answers))
        case Call(name, args):
            return _call(name, [_value(arg, answers) for arg in args])
    raise AssertionError(node)


def _call(name: str, args: list[Any]) -> Any:
    match name, args:
        case "not", [inner]:
            return not inner
        case "true", []:
            return True
        case "false", []:
            return False
        case "selected", [chosen, one]:
            return one in (chosen if isinstance(chosen, list) else [chosen])
        case "count-selected", [chosen]:
            return Decimal(len(chosen)) if isinstance(chosen, list) else Decimal(0)
        case "string-length", [text]:
            return Decimal(len(text))
    raise AssertionError(name)


def _number(value: Any) -> Decimal:
    try:
        return Decimal(str(value))
    except ArithmeticError:
        return Decimal("NaN")


def _compare(sign: str, left: Any, right: Any) -> bool:
    if sign in ("=", "!="):
        if isinstance(left, int | Decimal) or isinstance(right, int | Decimal):
            same = _number(left) == _number(right)
        else:
            same = left == right
        return same if sign == "=" else not same
    a, b = _number(left), _number(right)
    if a.is_nan() or b.is_nan():
        return False
    return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[sign]
