"""What `facts` needs to know of a register: its name, its schema, and how values are checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from runtime.definitions.address import pointer, register_address
from runtime.definitions.dialect import rust_registry
from runtime.definitions.load import Library
from runtime.definitions.publish import bundle
from runtime.errors import EntryError, Problem
from runtime.facts.timeline import UNIT
from runtime.fields.formats import FORMATS
from runtime.language import gettext as _

Check = Callable[[Mapping[str, Any]], Iterable[Problem]]
"""Given some fields of a subject with their values, the problems, with pointers such as `/phone`."""

_OF_FIELDS = ("$schema", "$id", "$defs", "properties")
"""What of a register speaks of single fields: a change need not name them all."""


def no_problems(_values: Mapping[str, Any]) -> Iterable[Problem]:
    """Every value is taken: for tests, and for values that were checked already."""
    return ()


@dataclass(frozen=True, slots=True)
class Register:
    """A register by its short name (`resident`); `schema` holds its fields under `properties`."""

    name: str
    schema: Mapping[str, Any]
    check: Check = no_problems

    def require_known(self, fields: Iterable[str]) -> None:
        """Raise an `EntryError` that names the field when the register does not have one of them."""
        known = self.schema.get("properties", {})
        for field in fields:
            if field != UNIT and field not in known:
                raise EntryError(
                    _(
                        "The register “%(register)s” has no field “%(field)s”.",
                        register=self.name,
                        field=field,
                    )
                )

    def require_valid(self, values: Mapping[str, Any]) -> None:
        """Raise an `EntryError` that names the field when one is unknown or its value is none of its own.

        A field's value is never None: what is not known is cleared. Only the unit may be, of who has left.
        """
        self.require_known(values)
        unit = values.get(UNIT)
        if unit is not None and (not isinstance(unit, int) or isinstance(unit, bool)):
            raise EntryError(_("“%(field)s” must be the number of a unit.", field=UNIT))
        told = {field: value for field, value in values.items() if field != UNIT}
        for problem in self.check(told):
            field = problem.pointer.split("/")[1] if problem.pointer else ""
            raise EntryError(_("“%(field)s”: %(message)s", field=field, message=problem.message))


def register_of(library: Library, name: str) -> Register:
    """The register `name` of the library, checking values by jsonschema-rs; raises `NotFound`."""
    schema = library.register(name)
    whole = bundle(library, register_address(name))
    validator = jsonschema_rs.validator_for(
        {key: value for key, value in whole.items() if key in _OF_FIELDS},
        registry=rust_registry(),
        validate_formats=True,
        formats=FORMATS,
    )

    def check(values: Mapping[str, Any]) -> Iterator[Problem]:
        for error in validator.iter_errors(values):
            at = pointer(*error.instance_path)
            yield Problem("invalid", _("this is not a value that the field can have."), at)

    return Register(name, schema, check)
