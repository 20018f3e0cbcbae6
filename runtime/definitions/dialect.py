"""The published dialect: our meta-schemas, for both validators. Not for judging a definition by them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs
from jsonschema_specifications import REGISTRY
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from runtime.definitions.address import SCHEMAS
from runtime.definitions.json import loads

STANDARD = "https://json-schema.org/draft/2020-12/schema"


@cache
def documents() -> dict[str, dict[str, Any]]:
    """The dialect's meta-schemas by address."""
    folder = files("form_defs") / "schemas"
    found = [loads(f.read_text("utf-8")) for f in folder.iterdir() if f.name.endswith(".json")]
    return {document["$id"]: document for document in sorted(found, key=lambda d: d["$id"])}


def is_ours(schema: Any) -> bool:
    """Whether a document says that it is written in our dialect (which asserts formats)."""
    named = schema.get("$schema") if isinstance(schema, dict) else None
    return isinstance(named, str) and named.startswith(SCHEMAS)


@cache
def registry() -> Registry[Any]:
    """The standard meta-schemas and ours, for `referencing` and jsonschema."""
    ours = ((a, DRAFT202012.create_resource(d)) for a, d in documents().items())
    found: Registry[Any] = REGISTRY
    return found.with_resources(ours).crawl()


@cache
def rust_registry() -> jsonschema_rs.Registry:
    """The same for jsonschema-rs, which refuses a `$schema` that it cannot find."""
    return jsonschema_rs.Registry(list(documents().items()))
