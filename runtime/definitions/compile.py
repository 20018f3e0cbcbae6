"""Compiling: a form's JSON Schema, or any other, to a plan. Not for placing it over data or judging data.

A schema that is not valid, or refers to what is not known, raises `DefinitionError`; nothing is ever fetched.
A valid schema always compiles: what cannot be drawn becomes a locked part that says which keyword prevents it.
"""

from __future__ import annotations

from typing import Any

import msgspec
from referencing.jsonschema import SchemaRegistry

from runtime.definitions import publish, verdict
from runtime.definitions.address import absolute, form_address
from runtime.definitions.compile_cells import is_dialect
from runtime.definitions.compile_faces import Start
from runtime.definitions.compile_layout import arranged
from runtime.definitions.compile_parts import Parts
from runtime.definitions.compile_rules import form_of, nodes_of, rules
from runtime.definitions.compile_worked import parts_of
from runtime.definitions.load import Library
from runtime.definitions.plan import Form, Group, Plan, Words
from runtime.definitions.resolve import Space, copied
from runtime.errors import DefinitionError
from runtime.fields.catalogue import FieldTypes, field_types
from runtime.language import gettext as _


def compile_form(
    schema: dict[str, Any] | bool | str,
    registry: SchemaRegistry | None = None,
    *,
    library: Library | None = None,
    types: FieldTypes = field_types,
) -> Plan:
    """The plan of a schema, or of the definition at an address of `library` (a form's short name will do).

    `registry` holds what the schema refers to elsewhere. Raises `DefinitionError` when the schema is not
    valid, is nested too deep, or refers to what neither `registry` nor `library` knows; `NotFound` for an
    address that the library does not have.
    """
    schema, library = _document(schema, library)
    if not isinstance(schema, dict | bool):
        raise DefinitionError(_("A schema is a JSON object, true or false."))
    if library is not None:
        registry = library.registry if registry is None else registry.combine(library.registry)
    space = Space(copied(schema), registry)
    bare = Plan(
        root=Group(),
        words=Words(),
        form=Form(),
        address=space.address,
        digest=publish.digest([space.root, space.resources] if space.resources else space.root),
        bundle=space.root,
        resources=space.resources,
        asserts_format=is_dialect(space.root),
    )
    verdict.check_schema(bare)
    try:
        space.finish()
    except (AttributeError, TypeError, ValueError, KeyError, LookupError) as error:
        raise DefinitionError(_("The schema cannot be read: %(why)s", why=str(error))) from None
    return _drawn(bare, space, library, types)


def _document(schema: Any, library: Library | None) -> tuple[dict[str, Any] | bool, Library | None]:
    """The schema with all it refers to, and the library of it, where it is of our dialect."""
    if isinstance(schema, str):
        if library is None:
            raise DefinitionError(_("An address needs a library in which to find it."))
        address = schema if absolute(schema) in library else form_address(schema)
        bundled = publish.bundle(library, absolute(address))
        return bundled, publish.from_bundle(bundled)
    if is_dialect(schema) and isinstance(schema.get("$id"), str):
        if library is None:
            return schema, publish.from_bundle(schema)
        draft = library.with_document(schema["$id"], schema)
        if schema["$id"] in draft:
            bundled = publish.bundle(draft, schema["$id"])
            return bundled, publish.from_bundle(bundled)
    return schema, library


def _drawn(bare: Plan, space: Space, library: Library | None, types: FieldTypes) -> Plan:
    root_schema = space.root
    form = Form()
    if isinstance(root_schema, dict) and bare.asserts_format and library is not None:
        form = form_of(root_schema, library)
    parts = Parts(space, types, library, form.subject)
    faces = parts.faces(Start(root_schema, space.resolver()))
    root = parts.node(faces, ())
    others = parts.others()
    found, figures = {}, {}
    if library is not None:
        nodes = [n for part in (root, *others.values()) for n in nodes_of(part)]
        figures = parts_of(nodes, library)
        found = rules(nodes, figures.values(), library)
    if isinstance(root_schema, dict) and isinstance(root_schema.get("layout"), list):
        root = arranged(root, root_schema["layout"], found)
    return msgspec.structs.replace(
        bare, root=root, words=faces.words(), form=form, parts=others, rules=found, figures=figures
    )
