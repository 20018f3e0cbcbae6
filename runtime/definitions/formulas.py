"""The listed part of Excel's grammar that a formula may use, and its names put as places. Not for values.

A name stands for a cell or figure: whatever Excel would take for an address of its own (`A1`, `B2:B9`) is none, and
needs another name in `cells`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from formualizer import ParserError, TokenizerError, parse

from runtime.language import gettext as _

FUNCTIONS = frozenset(
    {
        "ABS", "AND", "AVERAGE", "COUNT", "IF", "INT", "MAX", "MIN", "MOD", "NOT", "OR", "ROUND", "ROUNDDOWN",
        "ROUNDUP", "SUM",
    }
)  # fmt: skip
OPERATORS = frozenset({"+", "-", "*", "/", "^", "=", "<>", "<", "<=", ">", ">="})
MOST_CHARACTERS = 2_000
_DEEPEST = 60

Tree = Mapping[str, Any]


class WrongFormula(ValueError):
    """A formula that is none, or uses what is not listed; says what."""


@lru_cache(maxsize=2_000)
def parsed(text: str) -> Tree:
    """The formula as a tree of plain data. Raises `WrongFormula`."""
    if not text.startswith("=") or len(text) > MOST_CHARACTERS:
        raise WrongFormula(_("A formula begins with “=” and has at most %(most)s characters.",
                             most=MOST_CHARACTERS))  # fmt: skip
    try:
        tree: Tree = parse(text).to_dict()
    except (ParserError, TokenizerError, ValueError) as error:
        raise WrongFormula(_("This is no formula: %(why)s", why=str(error))) from None
    _check(tree, 0)
    return tree


def names_in(text: str) -> tuple[str, ...]:
    """The names that the formula speaks of, each once, in their order. Raises `WrongFormula`."""
    return tuple(dict.fromkeys(_names(parsed(text))))


def spelled(text: str, place: Callable[[str], str]) -> str:
    """The formula without its “=”, each name replaced by what `place` says. Raises `WrongFormula`."""
    return _spelled(parsed(text), place)


def _check(tree: Tree, depth: int) -> None:
    if depth > _DEEPEST:
        raise WrongFormula(_("The formula is nested too deep."))
    match tree:
        case {"node_type": "Function", "name": name} if str(name).upper() not in FUNCTIONS:
            raise WrongFormula(
                _("`%(name)s` may not be used in a formula; there are %(known)s.",
                  name=name, known=", ".join(sorted(FUNCTIONS)))
            )  # fmt: skip
        case {"node_type": "BinaryOp", "operator": sign} if sign not in OPERATORS:
            raise WrongFormula(_("“%(sign)s” may not be used in a formula.", sign=sign))
        case {"node_type": "Literal", "value": bool() | int() | float() | str()}:
            pass
        case {"node_type": "Reference", "reference": str(name)}:
            if not name.isidentifier() or _is_address(name):
                raise WrongFormula(
                    _("“%(name)s” is no name of a cell; give the cell one in `cells`.", name=name)
                )
        case {"node_type": "Function" | "BinaryOp" | "UnaryOp"}:
            pass
        case _:
            raise WrongFormula(
                _("“%(sign)s” may not be used in a formula.", sign=tree["node_type"])
            )
    for part in _inner(tree):
        _check(part, depth + 1)


def _is_address(name: str) -> bool:
    """Whether Excel takes the name for a cell: `A1`, `xfd12`, `R1C1`."""
    letters = name.rstrip("0123456789")
    short = letters.isascii() and letters.isalpha() and len(letters) <= 3
    return (short and letters != name) or name.upper() in ("R", "C", "RC", "TRUE", "FALSE")


def _inner(tree: Tree) -> list[Tree]:
    parts = [tree[key] for key in ("left", "right", "operand") if key in tree]
    return [*parts, *tree.get("args", ())]


def _names(tree: Tree) -> list[str]:
    own = [tree["reference"]] if tree["node_type"] == "Reference" else []
    return [*own, *(name for part in _inner(tree) for name in _names(part))]


def _spelled(tree: Tree, place: Callable[[str], str]) -> str:
    match tree:
        case {"node_type": "Reference", "reference": name}:
            return place(name)
        case {"node_type": "Literal", "value": value}:
            return _literal(value)
        case {"node_type": "Function", "name": name, "args": args}:
            return f"{name.upper()}({','.join(_spelled(part, place) for part in args)})"
        case {"node_type": "UnaryOp", "operator": "%", "operand": part}:
            return f"({_spelled(part, place)}%)"
        case {"node_type": "UnaryOp", "operator": sign, "operand": part}:
            return f"({sign}{_spelled(part, place)})"
    left, right = (_spelled(tree[side], place) for side in ("left", "right"))
    return f"({left}{tree['operator']}{right})"


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return format(Decimal(repr(value)).normalize(), "f")
