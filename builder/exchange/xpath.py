"""The expressions of XLSForms, read into a tree: `${a} = 'x' and selected(${b}, 'y')`. Not for what they mean.

The grammar is that of XPath 1.0 as far as forms use it: operators, functions, `${name}`, `.`; paths are not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import LarkError

from runtime.api import gettext as _

MOST_CHARACTERS = 4_000
_DEEPEST = 40

_GRAMMAR = r"""
?start: either
?either: both | either "or" both -> or_
?both: equal | both "and" equal -> and_
?equal: order | equal EQUAL order -> binary
?order: sum | order ORDER sum -> binary
?sum: product | sum SUM product -> binary
?product: minus | product PRODUCT minus -> binary
?minus: atom | "-" minus -> negative
?atom: NUMBER -> number
     | TEXT -> text
     | REF -> ref
     | SELF -> self_
     | NAME "(" [either ("," either)*] ")" -> call
     | "(" either ")"
EQUAL: "=" | "!="
ORDER: "<=" | ">=" | "<" | ">"
SUM: "+" | "-"
PRODUCT: "*" | "div" | "mod"
NUMBER: /[0-9]+(\.[0-9]*)?|\.[0-9]+/
TEXT: /'[^']*'|"[^"]*"/
REF: /\$\{\s*[A-Za-z_][\w.\-]*\s*\}/
SELF: /\.(?![.\/0-9])/
NAME: /[A-Za-z_][\w.\-]*(:[A-Za-z_][\w.\-]*)?/
%ignore /[\s\xa0]+/
"""


class NotRead(ValueError):
    """An expression that cannot be read, or said otherwise; says why."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Text:
    """A text in quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Ref:
    """`${name}`; the empty name is `.`, the question itself."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function with what it is given."""

    name: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Binary:
    """Two sides and what stands between: `and or = != < <= > >= + - * div mod`."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negative:
    """What stands behind a minus."""

    inner: Node


Node = Number | Text | Ref | Call | Binary | Negative


@v_args(inline=True)
class _Trees(Transformer[Token, Node]):
    """Each rule as a node."""

    def or_(self, left: Node, right: Node) -> Node:
        return Binary("or", left, right)

    def and_(self, left: Node, right: Node) -> Node:
        return Binary("and", left, right)

    def binary(self, left: Node, sign: Token, right: Node) -> Node:
        return Binary(str(sign), left, right)

    def negative(self, inner: Node) -> Node:
        return Negative(inner)

    def number(self, token: Token) -> Node:
        return Number(Decimal(str(token)))

    def text(self, token: Token) -> Node:
        return Text(str(token)[1:-1])

    def ref(self, token: Token) -> Node:
        return Ref(str(token)[2:-1].strip())

    def self_(self, _token: Token) -> Node:
        return Ref("")

    def call(self, name: Token, *args: Node | None) -> Node:
        return Call(str(name), tuple(arg for arg in args if arg is not None))


_PARSER: Any = Lark(_GRAMMAR, parser="lalr", transformer=_Trees())


@lru_cache(maxsize=5_000)
def read(text: str) -> Node:
    """The tree of an expression. Raises `NotRead`."""
    if len(text) > MOST_CHARACTERS or text.count("(") > _DEEPEST:
        raise NotRead(_("the expression is too long"))
    try:
        tree: Node = _PARSER.parse(text)
    except (LarkError, RecursionError) as error:
        raise NotRead(_("“%(text)s” is an expression that is not read here", text=text)) from error
    if not _shallow(tree):
        raise NotRead(_("the expression is too long"))
    return tree


def _shallow(tree: Node) -> bool:
    """Whether nothing stands too deep for whoever follows it step by step."""
    level = [tree]
    for _depth in range(_DEEPEST * 3):
        level = [part for node in level for part in parts(node)]
        if not level:
            return True
    return False


def walk(node: Node) -> Iterator[Node]:
    """The node and all within it."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        yield here
        waiting.extend(parts(here))


def parts(node: Node) -> tuple[Node, ...]:
    """What stands directly within a node."""
    match node:
        case Call(_name, args):
            return args
        case Binary(_sign, left, right):
            return left, right
        case Negative(inner):
            return (inner,)
    return ()


def names(node: Node) -> tuple[str, ...]:
    """The questions that an expression speaks of, each once; `""` is the question itself."""
    return tuple(dict.fromkeys(one.name for one in walk(node) if isinstance(one, Ref)))


def conjuncts(node: Node) -> list[Node]:
    """What must all hold."""
    found: list[Node] = []
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, Binary) and here.sign == "and":
            waiting += [here.right, here.left]
        else:
            found.append(here)
    return found
