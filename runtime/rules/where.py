"""A `where` as a Python predicate over one document. Not for SQL, and not for schemas in general.

A `where` is JSON Schema 2020-12 restricted to a few keywords, and means exactly what JSON Schema says: a missing
field matches, `1` equals `1.0`, `true` equals no number, a keyword ignores values that are not of its kind.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeGuard

from runtime.definitions.address import at
from runtime.errors import DefinitionError, Problem
from runtime.language import gettext as _

Where = Mapping[str, Any] | bool
Predicate = Callable[[Any], bool]
Resolve = Callable[[str], Where]
"""The schema that a `$ref` names; raises `LookupError` when there is none."""


def compile_where(where: Where, resolve: Resolve | None = None) -> Predicate:
    """The predicate that says of a document whether `where` holds.

    Without `resolve` a `$ref` is a JSON pointer into `where` itself (`#/…`). Raises `DefinitionError` for a
    keyword outside the restricted set, a value that a keyword cannot have, and a `$ref` that leads nowhere or
    round in a circle.
    """
    return _Compiler(resolve or _within(where)).schema(where, "")


def key(value: Any) -> Any:
    """A hashable that two JSON values share when JSON Schema holds them equal (`1`, `1.0`; never `true`)."""
    if value is None or type(value) is str:
        return value
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, (int, float, Decimal)):
        return exact(value)
    if isinstance(value, (list, tuple)):
        return ("array", tuple(map(key, value)))
    if isinstance(value, Mapping):
        return ("object", frozenset((name, key(item)) for name, item in value.items()))
    return value


def exact(number: float | Decimal) -> int | Decimal:
    """The number as it is written: a binary float stands for its shortest decimal form."""
    return Decimal(repr(number)) if isinstance(number, float) else number


def is_number(value: Any) -> TypeGuard[float | Decimal]:
    """Whether JSON Schema takes `value` for a number: `true` is none."""
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _within(where: Where) -> Resolve:
    def resolve(reference: str) -> Where:
        if not reference.startswith("#"):
            raise LookupError(reference)
        found: Where = at(where, reference[1:])
        return found

    return resolve


class _Compiler:
    """Compiles one `where`; `refs` are the references being followed just now."""

    def __init__(self, resolve: Resolve) -> None:
        self.resolve = resolve
        self.refs: list[str] = []

    def schema(self, schema: Any, pointer: str) -> Predicate:
        if isinstance(schema, bool):
            return lambda _document: schema
        if not isinstance(schema, Mapping):
            raise _wrong(pointer, _("A condition is an object, true or false."))
        return _every(
            [self.keyword(word, value, f"{pointer}/{word}") for word, value in schema.items()]
        )

    def keyword(self, word: str, value: Any, pointer: str) -> Predicate:
        if word not in KEYWORDS:
            raise _wrong(
                pointer,
                _(
                    "“%(word)s” may not be used in a “where”; there are %(known)s.",
                    word=word,
                    known=", ".join(sorted(KEYWORDS)),
                ),
            )
        try:
            if word in _OF_VALUES:
                return _OF_VALUES[word](value)
            return _OF_SCHEMAS[word](self, value, pointer)
        except (TypeError, ValueError, ArithmeticError):
            raise _wrong(
                pointer, _("“%(word)s” cannot have this value in a “where”.", word=word)
            ) from None

    def properties(self, value: Any, pointer: str) -> Predicate:
        if not isinstance(value, Mapping):
            raise TypeError
        members = [
            (name, self.schema(schema, f"{pointer}/{name}")) for name, schema in value.items()
        ]

        def predicate(document: Any) -> bool:
            if not isinstance(document, dict):
                return True
            return all(holds(document[name]) for name, holds in members if name in document)

        return predicate

    def parts(self, value: Any, pointer: str) -> list[Predicate]:
        if not isinstance(value, Sequence) or isinstance(value, str) or not value:
            raise TypeError
        return [self.schema(part, f"{pointer}/{n}") for n, part in enumerate(value)]

    def all_of(self, value: Any, pointer: str) -> Predicate:
        return _every(self.parts(value, pointer))

    def any_of(self, value: Any, pointer: str) -> Predicate:
        parts = self.parts(value, pointer)
        return lambda document: any(holds(document) for holds in parts)

    def negated(self, value: Any, pointer: str) -> Predicate:
        part = self.schema(value, pointer)
        return lambda document: not part(document)

    def reference(self, value: Any, pointer: str) -> Predicate:
        if not isinstance(value, str):
            raise TypeError
        if value in self.refs:
            raise _wrong(pointer, _("“%(ref)s” leads back to itself.", ref=value))
        try:
            target = self.resolve(value)
        except LookupError:
            raise _wrong(pointer, _("“%(ref)s” leads nowhere.", ref=value)) from None
        self.refs.append(value)
        try:
            return self.schema(target, pointer)
        finally:
            self.refs.pop()


def _wrong(pointer: str, message: str) -> DefinitionError:
    return DefinitionError(message, (Problem("where", message, pointer),))


def _every(parts: list[Predicate]) -> Predicate:
    if len(parts) == 1:
        return parts[0]
    return lambda document: all(holds(document) for holds in parts)


def _is_integer(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, Decimal):
        return value == value.to_integral_value()
    return isinstance(value, int) or (isinstance(value, float) and value.is_integer())


_TYPES: dict[str, Predicate] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "number": is_number,
    "integer": _is_integer,
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def _type(value: Any) -> Predicate:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(name in _TYPES for name in names):
        raise TypeError
    kinds = [_TYPES[name] for name in names]
    if len(kinds) == 1:
        return kinds[0]
    return lambda document: any(holds(document) for holds in kinds)


def _const(value: Any) -> Predicate:
    return _one_of([value])


def _enum(value: Any) -> Predicate:
    if not isinstance(value, list):
        raise TypeError
    return _one_of(value)


def _one_of(values: list[Any]) -> Predicate:
    if all(isinstance(value, str) for value in values):
        texts = frozenset(values)
        return lambda document: isinstance(document, str) and document in texts
    keys = frozenset(map(key, values))
    return lambda document: key(document) in keys


def _limit(compare: Callable[[Any, Any], bool]) -> Callable[[Any], Predicate]:
    def compiled(value: Any) -> Predicate:
        if not is_number(value):
            raise TypeError
        limit = exact(value)
        return lambda document: not is_number(document) or compare(exact(document), limit)

    return compiled


def _length(compare: Callable[[int, Any], bool]) -> Callable[[Any], Predicate]:
    def compiled(value: Any) -> Predicate:
        if not _is_integer(value) or value < 0:
            raise TypeError
        return lambda document: not isinstance(document, str) or compare(len(document), value)

    return compiled


def _required(value: Any) -> Predicate:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise TypeError
    names = tuple(value)
    return lambda document: (
        not isinstance(document, dict) or all(name in document for name in names)
    )


_OF_VALUES: dict[str, Callable[[Any], Predicate]] = {
    "type": _type,
    "const": _const,
    "enum": _enum,
    "minimum": _limit(operator.ge),
    "maximum": _limit(operator.le),
    "exclusiveMinimum": _limit(operator.gt),
    "exclusiveMaximum": _limit(operator.lt),
    "minLength": _length(operator.ge),
    "maxLength": _length(operator.le),
    "required": _required,
}

_OF_SCHEMAS: dict[str, Callable[[_Compiler, Any, str], Predicate]] = {
    "properties": _Compiler.properties,
    "allOf": _Compiler.all_of,
    "anyOf": _Compiler.any_of,
    "not": _Compiler.negated,
    "$ref": _Compiler.reference,
}

KEYWORDS = frozenset({*_OF_VALUES, *_OF_SCHEMAS})
"""What may stand in a `where`."""
