"""A condition of ours as an expression of an XLSForm: the schema of a place, said of the questions that stand there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

from builder.exchange.names import Names, Place
from builder.exchange.values import choice_name
from builder.exchange.xpath import NotRead
from runtime.api import MISSING, Cell, Plan, value_at
from runtime.api import gettext as _

_SIGNS = {"minimum": ">=", "maximum": "<=", "exclusiveMinimum": ">", "exclusiveMaximum": "<"}
_SIZES = {
    "minLength": "string-length({}) >= ", "maxLength": "string-length({}) <= ",
    "minItems": "count-selected({}) >= ", "maxItems": "count-selected({}) <= ",
}  # fmt: skip
_SILENT = frozenset(
    {"title", "description", "translations", "$comment", "help", "type", "required", "properties"}
)
_NAMELESS = "json-schema:///root"
"""The address of a schema that has none."""
_DEEPEST = 30
_WIDEST = 40
"""Digits before or after the point of a number that is written out."""


class Spoken:
    """Says the conditions of one plan."""

    def __init__(self, plan: Plan, names: Names) -> None:
        self._plan = plan
        self._names = names

    def condition(self, condition: Any, enclosing: Place, by: Place) -> str:
        """A condition that is read from `enclosing`, asked by the part at `by`. Raises `NotRead`."""
        schema = condition.schema
        if isinstance(schema, str):
            schema = self._found(schema)
        base = (*_raised(enclosing, condition.up), *condition.at)
        said = self._said(schema, base, by, 0)
        return f"not({said})" if condition.negate else said

    def _found(self, address: str) -> Any:
        document, _hash, fragment = address.partition("#")
        pointer = unquote(fragment)
        if document not in (self._plan.address, _NAMELESS):
            inner = value_at(
                self._plan.bundle, "/$defs/" + document.replace("~", "~0").replace("/", "~1")
            )
        else:
            inner = self._plan.bundle
        found = value_at(inner, pointer) if inner is not MISSING else MISSING
        if found is MISSING:
            raise NotRead(_("its condition stands in another document"))
        return found

    def _said(self, schema: Any, base: Place, by: Place, depth: int) -> str:
        if isinstance(schema, bool):
            return "true()" if schema else "false()"
        if not isinstance(schema, Mapping) or depth > _DEEPEST:
            raise NotRead(_("its condition is none that an XLSForm can say"))
        if isinstance(named := schema.get("$ref"), str):
            rest = {keyword: value for keyword, value in schema.items() if keyword != "$ref"}
            schema = {"allOf": [self._found(named), rest]} if rest else self._found(named)
            return self._said(schema, base, by, depth + 1)
        parts = [p for p in self._parts(schema, base, by, depth) if p != "true()"]
        if len(parts) == 1:
            return parts[0]
        return " and ".join(_bound(part) for part in parts) or "true()"

    def _parts(
        self, schema: Mapping[str, Any], base: Place, by: Place, depth: int
    ) -> Iterator[str]:
        for name in schema.get("required", ()):
            yield self._there((*base, name), by, schema)
        for name, inner in schema.get("properties", {}).items():
            yield self._member(schema, base, name, inner, by, depth)
        for keyword, value in schema.items():
            if keyword not in _SILENT:
                yield self._keyword(keyword, value, base, by, depth)

    def _there(self, place: Place, by: Place, schema: Mapping[str, Any]) -> str:
        inner = schema.get("properties", {}).get(place[-1])
        if place not in self._names.cells or _asks(inner):
            return "true()"
        return f"{self._ref(place, by)} != ''"

    def _member(
        self, schema: Mapping[str, Any], base: Place, name: str, inner: Any, by: Place, depth: int
    ) -> str:
        place = (*base, name)
        said = self._said(inner, place, by, depth + 1)
        if place not in self._names.cells or name in schema.get("required", ()) or said == "true()":
            return said
        return f"({self._ref(place, by)} = '' or {said})"

    def _keyword(self, keyword: str, value: Any, base: Place, by: Place, depth: int) -> str:
        match keyword:
            case "allOf" | "anyOf":
                parts = [self._said(part, base, by, depth + 1) for part in value]
                if keyword == "allOf":
                    return " and ".join(_bound(p) for p in parts)
                return "(" + " or ".join(_bound(p) for p in parts) + ")"
            case "not":
                return f"not({self._said(value, base, by, depth + 1)})"
        ref, cell = self._ref(base, by), self._names.cells.get(base)
        if cell is None:
            raise NotRead(_("its condition is none that an XLSForm can say"))
        match keyword:
            case "const":
                return _equal(cell, ref, value)
            case "enum" if value:
                return "(" + " or ".join(_equal(cell, ref, one) for one in value) + ")"
            case "contains" if isinstance(value, Mapping) and value.keys() == {"const"}:
                return f"selected({ref}, {quoted(choice_name(cell, value['const']))})"
            case "pattern":
                return f"regex({ref}, {quoted(pattern_out(value))})"
        if keyword in _SIGNS:
            return f"{ref} {_SIGNS[keyword]} {figure(value)}"
        if keyword in _SIZES:
            return _SIZES[keyword].format(ref) + figure(value)
        raise NotRead(_("“%(keyword)s” is none of the conditions of an XLSForm", keyword=keyword))

    def _ref(self, place: Place, by: Place) -> str:
        name = self._names.at(place)
        stars = [n for n, step in enumerate(place) if step == "*"]
        if not name or (stars and place[: stars[-1] + 1] != by[: stars[-1] + 1]):
            raise NotRead(_("its condition speaks of what no single question asks"))
        return "${" + name + "}"


def _raised(enclosing: Place, up: int) -> Place:
    """The place `up` steps above; between a list and its rows it is the row."""
    kept = max(0, len(enclosing) - up)
    if kept < len(enclosing) and enclosing[kept] == "*":
        kept += 1
    return enclosing[:kept]


def _asks(inner: Any) -> bool:
    """Whether what is asked of an answer says by itself that there is one."""
    return isinstance(inner, Mapping) and any(
        k in inner
        for k in ("const", "enum", "contains", "pattern", *_SIGNS, "minLength", "minItems")
    )


def _equal(cell: Cell, ref: str, value: Any) -> str:
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    if is_number and not cell.options.get("choices"):
        return f"{ref} = {figure(value)}"
    return f"{ref} = {quoted(choice_name(cell, value))}"


def _bound(part: str) -> str:
    """A part of a conjunction, in brackets where it is a disjunction or conjunction itself."""
    alone = not (" or " in part or " and " in part) or _closed(part)
    return part if alone else f"({part})"


def _closed(part: str) -> bool:
    """Whether the part is one call or bracket from its beginning to its end."""
    depth, quote = 0, ""
    for n, sign in enumerate(part):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign in "()":
            depth += 1 if sign == "(" else -1
            if depth == 0 and n < len(part) - 1:
                return False
        elif depth == 0 and sign == " ":
            return False
    return depth == 0


def figure(value: Any) -> str:
    """A number as XPath writes it, which has no exponents. Raises `NotRead` for anything else."""
    is_number = not isinstance(value, bool) and isinstance(value, int | float | Decimal)
    if not is_number or abs(Decimal(str(value)).adjusted()) > _WIDEST:
        raise NotRead(_("its condition is none that an XLSForm can say"))
    return format(Decimal(str(value)), "f")


def quoted(text: str) -> str:
    """A text as XPath writes it. Raises `NotRead` for one with both kinds of quotes, which it cannot write."""
    if "'" not in text:
        return f"'{text}'"
    if '"' not in text:
        return f'"{text}"'
    raise NotRead(_("a text with both kinds of quotes cannot be written in an XLSForm"))


def pattern_out(pattern: Any) -> str:
    """A pattern, of the whole text. Raises `NotRead` for one that is looked for anywhere and ends open."""
    text = str(pattern)
    begins = "" if text.startswith("^") else ".*"
    ends = "" if text.endswith("$") and not text.endswith("\\$") else ".*"
    return f"{begins}{text}{ends}"
