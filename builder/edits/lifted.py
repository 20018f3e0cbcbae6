"""A form as if nothing in it hung on a condition, so that what differs is said of cells. Not a form to be filled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from builder.edits.bearers import with_more
from builder.edits.spots import at, defines, parts

RULES = (
    "if", "then", "else", "allOf", "dependentSchemas", "dependentRequired", "fill", "totalOf",
)  # fmt: skip
"""What rules are written with: they are said of themselves."""


def lifted(schema: Any) -> Any:
    """The schema with the cells of all its branches among its members, needed where they are; without rules."""
    if not isinstance(schema, Mapping):
        return schema
    members: dict[str, Any] = {}
    needed: list[str] = []
    for path in parts(schema):
        node = at(schema, path)
        properties, names = node.get("properties"), node.get("required")
        for name, inner in properties.items() if isinstance(properties, Mapping) else ():
            members[name] = with_more(members[name], inner) if name in members else inner
        own = properties if isinstance(properties, Mapping) else {}
        for name in names if isinstance(names, list) else ():
            is_here = not path or (isinstance(name, str) and defines(own.get(name)))
            if is_here and name not in needed:
                needed.append(name)
    gone = (*RULES, "readOnly") if "totalOf" in schema else RULES
    found = {k: v for k, v in schema.items() if k not in gone}
    if members:
        found["properties"] = {name: lifted(inner) for name, inner in members.items()}
    if needed:
        found["required"] = needed
    if isinstance(schema.get("items"), Mapping):
        found["items"] = lifted(schema["items"])
    return found
