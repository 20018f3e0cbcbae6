"""Publishing: one immutable document with all that a form refers to, its digest, and plans as text."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from runtime.definitions.address import SCHEMAS
from runtime.definitions.json import canonical, dumps, loads
from runtime.definitions.load import Library
from runtime.definitions.plan import Plan
from runtime.definitions.reach import Reach
from runtime.definitions.walk import transformed

__all__ = ["bundle", "canonical", "decode_plan", "defs_map", "digest", "encode_plan", "from_bundle"]


def bundle(library: Library, address: str) -> dict[str, Any]:
    """The definition at `address` as one JSON Schema document that needs nothing else.

    What it refers to stands in `$defs`, each by its address and with its `$id`, cut down to the parts that
    are reached: a field that is added to a register changes no form's bundle. For an indicator that is filled
    the parts of the register that its rule reads are there as well, so that a plan can be made from the bundle
    alone (`from_bundle`). The order of properties, which is the order in which they are drawn, is spelled out
    in `propertyOrder` where it is not alphabetical, and so survives stores that sort keys. Raises `NotFound`.
    """
    root = library.document(address)
    reach = Reach(library)
    reach.document(root["$id"], root)
    parts = reach.parts()
    if not parts:
        return _ordered(root)
    inner = root.get("$defs")
    definitions = {**(inner if isinstance(inner, dict) else {}), **parts}
    return _ordered({**root, "$defs": definitions})


def from_bundle(document: Mapping[str, Any]) -> Library:
    """The library of just what a bundle holds."""
    definitions = document.get("$defs")
    parts = definitions if isinstance(definitions, dict) else {}
    found = {a: d for a, d in parts.items() if isinstance(d, dict) and d.get("$id") == a}
    rest = {name: part for name, part in parts.items() if name not in found}
    root = {key: value for key, value in document.items() if key != "$defs"}
    if rest:
        root["$defs"] = rest
    return Library.of({**found, document["$id"]: root})


def digest(document: Any) -> str:
    """SHA-256 of the canonical form, in hexadecimal digits."""
    return hashlib.sha256(canonical(document)).hexdigest()


def encode_plan(plan: Plan) -> str:
    """`plan` as JSON text; decimals keep their value and digits."""
    return dumps(msgspec.to_builtins(plan, builtin_types=(Decimal,)))


def decode_plan(text: str) -> Plan:
    """The plan of a text by `encode_plan`. Raises `msgspec.ValidationError` for one of another shape."""
    return msgspec.convert(loads(text), Plan, builtin_types=(Decimal,))


def defs_map(library: Library) -> dict[str, Any]:
    """What an editor needs to complete and check definitions, in the form of VS Code's `json.schemas`.

    For each kind the meta-schema and the files that it is for, then for each definition its address and file.
    """
    kinds = {
        "register": "dictionary/*.json",
        "code-list": "code-lists/*.json",
        "indicators": "indicators/*.json",
        "form": "forms/*/*.json",
        "department": "forms/*/department.json",
    }
    schemas: list[dict[str, Any]] = [
        {"fileMatch": _matches(kind, glob), "url": f"{SCHEMAS}{kind}.json"}
        for kind, glob in kinds.items()
    ]
    files = {a: library.origin(a) for a in library.addresses() if library.origin(a)}
    return {"json.schemas": schemas, "definitions": files}


def _matches(kind: str, glob: str) -> list[str]:
    found = [f"**/form_defs/{glob}"]
    return [*found, "!**/department.json"] if kind == "form" else found


def _ordered(schema: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = transformed(schema, _with_order)
    return made


def _with_order(schema: dict[str, Any]) -> dict[str, Any]:
    properties = schema.get("properties")
    if not isinstance(properties, dict) or list(properties) == sorted(properties):
        return schema
    return {**schema, "propertyOrder": list(properties)}
