"""All field types that are known, by name, and which of them fits a schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from runtime.errors import PluginError
from runtime.fields.attachment import Attachment
from runtime.fields.base import FieldType
from runtime.fields.choices import CodeList, OneOf, Several, YesNo
from runtime.fields.computed import Computed
from runtime.fields.dates import Date, Moment, Month, Time
from runtime.fields.identifiers import Identifier, Phone
from runtime.fields.numbers import Integer, Money, Number
from runtime.fields.text import LongText, Text
from runtime.language import gettext as _


class FieldTypes:
    """A registry of field types; a name is taken once."""

    def __init__(self) -> None:
        self._types: dict[str, FieldType] = {}
        self._origins: dict[str, str] = {}

    def register(self, field_type: FieldType, origin: str) -> None:
        """Add a type. `origin` names who brings it (`runtime`, a plugin). Raises `PluginError` if taken."""
        name = field_type.name
        if name in self._types:
            raise PluginError(
                _(
                    "The field type “%(name)s” of %(origin)s is there already: %(other)s brings it.",
                    name=name,
                    origin=origin,
                    other=self._origins[name],
                )
            )
        self._types[name] = field_type
        self._origins[name] = origin

    def include(self, others: FieldTypes) -> None:
        """Know the types of `others` too; one of the same name takes the place of the one that is known."""
        self._types.update(others._types)
        self._origins.update(others._origins)

    def of(self, schema: Mapping[str, Any]) -> FieldType | None:
        """The type that fits the merged schema of one cell best; None where no type does."""
        best = max(self._types.values(), key=lambda t: t.claims(schema), default=None)
        return best if best is not None and best.claims(schema) > 0 else None

    def origin(self, name: str) -> str:
        """Who brought the type of this name."""
        return self._origins[name]

    def __getitem__(self, name: str) -> FieldType:
        return self._types[name]

    def __contains__(self, name: object) -> bool:
        return name in self._types

    def __iter__(self) -> Iterator[FieldType]:
        return iter(self._types.values())


def built_in() -> list[FieldType]:
    """The field types of our own, new instances."""
    return [
        Text(), LongText(), Integer(), Number(), Money(), YesNo(), Date(), Month(), Time(), Moment(),
        OneOf(), CodeList(), Several(), Identifier(), Phone(), Attachment(), Computed(),
    ]  # fmt: skip


def with_built_in() -> FieldTypes:
    """A registry that holds the built-in types."""
    types = FieldTypes()
    for field_type in built_in():
        types.register(field_type, "runtime")
    return types


field_types = with_built_in()
"""The site's registry; plugins' types are added when the site opens."""
