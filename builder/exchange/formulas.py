"""An XLSForm's calculation as a formula of ours: `round(${a} div ${b}, 1)` is `=ROUND(a/b,1)`. Not back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from builder.exchange.conditions import Find
from builder.exchange.xpath import Binary, Call, Negative, Node, NotRead, Number, Ref, names, read
from runtime.api import gettext as _

DIGITS = 6
"""To which a quotient is rounded that says nothing of it."""
_SIGNS = {"div": "/", "!=": "<>"}
_FUNCTIONS = {"abs": "ABS", "min": "MIN", "max": "MAX", "if": "IF", "not": "NOT"}
_GIVEN = {"abs": (1, 1), "min": (1, 30), "max": (1, 30), "if": (3, 3), "not": (1, 1)}


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A formula, what its names are (by names of questions), and to how many digits it is rounded (0: whole)."""

    formula: str
    cells: dict[str, str]
    digits: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Summed:
    """The sum of a question over all rows of its repeat."""

    name: str


def reckoned(text: str, find: Find) -> Reckoned | Summed:
    """The formula of a calculation over numbers. Raises `NotRead` for one that is about anything else."""
    node = read(text)
    match node:
        case Call("sum", (Ref(name),)) if name:
            return Summed(name)
    called = _named(names(node))
    spelled = _number(node, called, find)
    if not called:
        raise NotRead(_("it is worked out from no question"))
    digits = _digits(node, find)
    rounded = isinstance(node, Call) and node.name in ("round", "int")
    return Reckoned(
        f"={spelled}",
        {v: k for k, v in called.items()},
        DIGITS if digits is None else digits,
        rounded or digits is not None,
    )


def _named(found: tuple[str, ...]) -> dict[str, str]:
    """A name for each question that Excel would not take for anything of its own."""
    made: dict[str, str] = {}
    for name in found:
        plain = re.sub(r"\W", "_", name)
        while _is_taken(plain) or plain in made.values():
            plain = f"n_{plain}"
        made[name] = plain
    return made


def _is_taken(name: str) -> bool:
    letters = name.rstrip("0123456789")
    address = letters.isascii() and letters.isalpha() and len(letters) <= 3
    return (
        not name.isidentifier()
        or not name.isascii()
        or (address and letters != name)
        or name.upper() in ("R", "C", "RC", "TRUE", "FALSE")
        or re.fullmatch(r"(?i)R[0-9]*C[0-9]*", name) is not None
    )


def _number(node: Node, called: dict[str, str], find: Find) -> str:
    match node:
        case Number(value):
            return format(value, "f")
        case Ref(name):
            if not name or find(name).kind not in ("integer", "decimal"):
                raise NotRead(_("“%(name)s” is not a number", name=name or "."))
            return called[name]
        case Negative(inner):
            return f"(0-{_number(inner, called, find)})"
        case Binary("+" | "-" | "*" | "div" as sign, left, right):
            a, b = (_number(part, called, find) for part in (left, right))
            return f"({a}{_SIGNS.get(sign, sign)}{b})"
        case Call("round" | "int", args) if args:
            return _rounded(node, called, find)
        case Call("number", (inner,)):
            return _number(inner, called, find)
        case Call("pow", (base, power)):
            return f"({_number(base, called, find)}^{_number(power, called, find)})"
        case Call("if", (test, yes, no)):
            parts = (_test(test, called, find), *(_number(p, called, find) for p in (yes, no)))
            return f"IF({','.join(parts)})"
        case Call("abs" | "min" | "max" as name, args) if args and len(args) <= _GIVEN[name][1]:
            return f"{_FUNCTIONS[name]}({','.join(_number(a, called, find) for a in args)})"
        case Call(name, _args):
            raise NotRead(_("“%(name)s()” is no function of our formulas", name=name))
    raise NotRead(_("it is more than reckoning with numbers"))


def _rounded(node: Call, called: dict[str, str], find: Find) -> str:
    inner = _number(node.args[0], called, find)
    match node:
        case Call("int", (_inner,)):
            return f"ROUNDDOWN({inner},0)"
        case Call("round", (_inner,)):
            return f"ROUND({inner},0)"
        case Call("round", (_inner, Number(digits))) if _place(digits) is not None:
            return f"ROUND({inner},{_place(digits)})"
    raise NotRead(_("it rounds to what is no number of digits"))


def _place(digits: Decimal) -> int | None:
    whole = digits == digits.to_integral_value() and 0 <= digits <= 12
    return int(digits) if whole else None


def _test(node: Node, called: dict[str, str], find: Find) -> str:
    match node:
        case Binary("and" | "or" as sign, left, right):
            return f"{sign.upper()}({_test(left, called, find)},{_test(right, called, find)})"
        case Binary("=" | "!=" | "<" | "<=" | ">" | ">=" as sign, left, right):
            a, b = (_number(part, called, find) for part in (left, right))
            return f"({a}{_SIGNS.get(sign, sign)}{b})"
        case Call("not", (inner,)):
            return f"NOT({_test(inner, called, find)})"
    raise NotRead(_("it is more than reckoning with numbers"))


def _digits(node: Node, find: Find) -> int | None:
    """How many digits the answer can have at most; None where that is not known."""
    match node:
        case Number(value):
            return max(0, -int(value.as_tuple().exponent))
        case Ref(name):
            return 0 if find(name).kind == "integer" else None
        case Call("int", _args):
            return 0
        case Call("round", (_inner,)):
            return 0
        case Call("round", (_inner, Number(digits))):
            return _place(digits)
        case Negative(inner):
            return _digits(inner, find)
        case Call("number", (inner,)):
            return _digits(inner, find)
        case Binary("+" | "-", left, right):
            return _most([_digits(left, find), _digits(right, find)])
        case Binary("*", left, right):
            found = [_digits(left, find), _digits(right, find)]
            return None if None in found else _within(sum(d or 0 for d in found))
        case Call("if", (_, yes, no)):
            return _most([_digits(yes, find), _digits(no, find)])
        case Call("abs" | "min" | "max", args):
            return _most([_digits(arg, find) for arg in args])
    return None


def _most(found: list[Any]) -> int | None:
    return None if None in found else _within(max(found))


def _within(digits: int) -> int | None:
    return digits if digits <= 12 else None
