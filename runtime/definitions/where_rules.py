"""Which conditions a `where` may state, and whether they fit the register. Not for evaluating them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from runtime.definitions.address import pointer
from runtime.definitions.check_register import unknown_field
from runtime.definitions.codes import problem
from runtime.definitions.expand import members_of
from runtime.definitions.view import INNERMOST, Fields, View, as_list, as_map, nearest, strings
from runtime.errors import Problem
from runtime.language import gettext as _

ALLOWED = frozenset(
    {
        "type", "const", "enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
        "minLength", "maxLength", "required", "properties", "allOf", "anyOf", "not", "$ref",
    }
)  # fmt: skip
"""The keywords that mean the same in Python on one document and, translated, as SQL on a million."""

_FOR_NUMBERS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
_FOR_TEXTS = frozenset({"minLength", "maxLength"})
_PYTHON: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int, Decimal, float),
    "number": (int, float, Decimal),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


class WhereCheck:
    """Goes through the `where` of one rule over the subjects of `fields`' register."""

    def __init__(self, view: View, fields: Fields) -> None:
        self._view = view
        self._fields = fields

    def of_subject(
        self,
        schema: Any,
        place: str,
        required: frozenset[str] = frozenset(),
        base: str = "",
        depth: int = 0,
    ) -> Iterator[Problem]:
        """Problems of a condition on the subject; `required` are the fields that are there for sure."""
        if not isinstance(schema, dict) or depth > INNERMOST:
            return
        yield from self._keywords(schema, place)
        required |= _demanded(schema)
        for name, test in as_map(schema.get("properties")).items():
            here = place + pointer("properties", name)
            if name not in self._fields:
                yield unknown_field(self._view, here, name, self._fields)
                continue
            yield from self._of_field(test, here, self._fields[name], base, depth)
            if name not in required and _tests(test):
                text = _(
                    "Subjects without `%(name)s` match as well; add it to `required` unless that is meant.",
                    name=name,
                )
                yield problem("where-required", text, self._view.address, here)
        for n, name in enumerate(as_list(schema.get("required"))):
            if isinstance(name, str) and name not in self._fields:
                yield unknown_field(self._view, place + pointer("required", n), name, self._fields)
        yield from self._types(schema, place, "object")
        for steps, part in _inner(schema):
            yield from self.of_subject(part, place + pointer(*steps), required, base, depth + 1)
        for part, there, address in self._referred(schema, place, base):
            yield from self.of_subject(part, there, required, address, depth + 1)

    def _of_field(
        self, schema: Any, place: str, field: dict[str, Any], base: str, depth: int
    ) -> Iterator[Problem]:
        if not isinstance(schema, dict) or depth > INNERMOST:
            return
        yield from self._keywords(schema, place)
        yield from self._types(schema, place, field.get("type"))
        yield from self._values(schema, place, field)
        for steps, part in _inner(schema):
            yield from self._of_field(part, place + pointer(*steps), field, base, depth + 1)
        for part, there, address in self._referred(schema, place, base):
            yield from self._of_field(part, there, field, address, depth + 1)

    def _keywords(self, schema: dict[str, Any], place: str) -> Iterator[Problem]:
        for key in schema:
            if key not in ALLOWED:
                text = _("A `where` may not use `%(key)s`; it may use %(known)s.",
                         key=key, known=", ".join(sorted(ALLOWED)))  # fmt: skip
                yield problem("where-keyword", text, self._view.address, place + pointer(key))

    def _referred(
        self, schema: dict[str, Any], place: str, base: str
    ) -> Iterator[tuple[Any, str, str]]:
        """What a `$ref` in the condition leads to; its problems are told at the reference."""
        reference = schema.get("$ref")
        target = self._view.target(reference, base) if isinstance(reference, str) else None
        if target is not None:
            yield target.schema, place + "/$ref", target.address

    def _types(self, schema: dict[str, Any], place: str, kind: Any) -> Iterator[Problem]:
        if not isinstance(kind, str):
            return
        named = schema.get("type")
        types = [named] if isinstance(named, str) else strings(named)
        fitting = (
            {kind, "number"}
            if kind == "integer"
            else {kind, "integer"}
            if kind == "number"
            else {kind}
        )
        if types and not fitting & set(types):
            yield self._never(place + "/type", kind)
        for key in sorted(schema.keys() & (_FOR_NUMBERS | _FOR_TEXTS)):
            if kind not in (("integer", "number") if key in _FOR_NUMBERS else ("string",)):
                text = _("`%(key)s` says nothing of a field of type %(kind)s; it would let every subject pass.",
                         key=key, kind=kind)  # fmt: skip
                yield problem("where-type", text, self._view.address, place + pointer(key))

    def _values(
        self, schema: dict[str, Any], place: str, field: dict[str, Any]
    ) -> Iterator[Problem]:
        codes = [member["const"] for member in members_of(field)]
        tested = [("const",)] if "const" in schema else []
        steps: list[tuple[str | int, ...]] = [
            *tested,
            *(("enum", n) for n in range(len(as_list(schema.get("enum"))))),
        ]
        for step in steps:
            value = schema["const"] if step == ("const",) else schema["enum"][step[1]]
            here = place + pointer(*step)
            wanted = field.get("type")
            if isinstance(wanted, str) and not _may_be(value, wanted):
                yield self._never(here, wanted)
            elif codes and value not in codes:
                text = _("“%(code)s” is not in the code list of the field.", code=value)
                yield problem(
                    "where-code", text + nearest(str(value), codes), self._view.address, here
                )

    def _never(self, place: str, kind: str) -> Problem:
        text = _("The field is of type %(kind)s and can never be this; correct it.", kind=kind)
        return problem("where-type", text, self._view.address, place)


def _inner(schema: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    for key in ("allOf", "anyOf"):
        for n, part in enumerate(as_list(schema.get(key))):
            yield (key, n), part
    if "not" in schema:
        yield ("not",), schema["not"]


def _demanded(schema: Any) -> frozenset[str]:
    """The fields that must be there for the condition to hold, as far as it says so on this level."""
    if not isinstance(schema, dict):
        return frozenset()
    found = frozenset(strings(schema.get("required")))
    for part in as_list(schema.get("allOf")):
        found |= _demanded(part)
    return found


def _tests(schema: Any) -> bool:
    """Whether the condition on a field refuses anything."""
    return schema is not True and schema != {}


def _may_be(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(value, (float, Decimal)):
        return value == value // 1
    return isinstance(value, _PYTHON.get(kind, (object,)))
