"""What a definition refers to, for where-used lists. Not for judging whether it is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from runtime.definitions.address import resolve
from runtime.definitions.walk import walk


def references(document: Any, address: str) -> Iterator[str]:
    """Each `$ref` of the definition at `address`, once: the address that it leads to, `#`, and the pointer."""
    seen: set[str] = set()
    for _pointer, schema in walk(document):
        named = schema.get("$ref") if isinstance(schema, dict) else None
        if isinstance(named, str):
            whole = "#".join(resolve(address, named))
            if whole not in seen:
                seen.add(whole)
                yield whole
