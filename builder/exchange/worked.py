"""A formula of ours as a calculation of an XLSForm: `=ROUND(a/b,1)` is `round(${a} div ${b}, 1)`. Not back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from formualizer import ParserError, TokenizerError, parse

from builder.exchange.xpath import NotRead
from runtime.api import gettext as _

_SIGNS = {"/": "div", "<>": "!="}
_CALLS = {
    "ABS": "abs",
    "MIN": "min",
    "MAX": "max",
    "NOT": "not",
    "INT": "int",
    "ROUND": "round",
    "IF": "if",
}


def calculation(formula: str, ref: Callable[[str], str]) -> str:
    """The calculation; `ref` gives `${name}` for a name of the formula. Raises `NotRead`."""
    try:
        tree = parse(formula).to_dict()
    except (ParserError, TokenizerError, ValueError) as error:
        raise NotRead(_("its formula cannot be read")) from error
    return _said(tree, ref)


def _said(tree: Mapping[str, Any], ref: Callable[[str], str]) -> str:
    match tree:
        case {"node_type": "Reference", "reference": name}:
            return ref(str(name))
        case {"node_type": "Literal", "value": bool(value)}:
            return "true()" if value else "false()"
        case {"node_type": "Literal", "value": int() | float() as value}:
            return format(Decimal(repr(value)).normalize(), "f")
        case {"node_type": "Function", "name": name, "args": args}:
            return _called(str(name).upper(), [_said(arg, ref) for arg in args])
        case {"node_type": "UnaryOp", "operator": "%", "operand": part}:
            return f"({_said(part, ref)} div 100)"
        case {"node_type": "UnaryOp", "operator": "-", "operand": part}:
            return f"(0 - {_said(part, ref)})"
        case {"node_type": "UnaryOp", "operand": part}:
            return _said(part, ref)
        case {"node_type": "BinaryOp", "operator": "^", "left": left, "right": right}:
            return f"pow({_said(left, ref)}, {_said(right, ref)})"
        case {"node_type": "BinaryOp", "operator": sign, "left": left, "right": right}:
            return f"({_said(left, ref)} {_SIGNS.get(sign, sign)} {_said(right, ref)})"
    raise NotRead(_("its formula says what no calculation of an XLSForm can"))


def _called(name: str, args: list[str]) -> str:
    if name in _CALLS:
        return f"{_CALLS[name]}({', '.join(args)})"
    if name == "SUM":
        return "(" + " + ".join(args) + ")"
    if name == "AVERAGE":
        return f"(({' + '.join(args)}) div {len(args)})"
    if name in ("AND", "OR"):
        return "(" + f" {name.lower()} ".join(args) + ")"
    if name == "MOD" and len(args) == 2:
        return f"({args[0]} mod {args[1]})"
    if name == "ROUNDDOWN" and len(args) == 2 and args[1] == "0":
        return f"int({args[0]})"
    raise NotRead(_("“%(name)s” is no function of an XLSForm", name=name))
