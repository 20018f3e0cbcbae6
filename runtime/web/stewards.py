"""Of which fields a form's department must ask a steward first. The rule itself is `facts.proposals`'."""

from __future__ import annotations

from functools import lru_cache

from runtime.definitions.load import Library
from runtime.facts.proposals import steward_to_ask
from runtime.web.asking import site

Fields = frozenset[tuple[str, str]]
"""Register and field."""


def asked_first(department: str) -> Fields:
    """The fields that a form of `department` only proposes; what else it says is known at once."""
    return _asked_first(site().library, department)


@lru_cache(maxsize=32)
def _asked_first(library: Library, department: str) -> Fields:
    return frozenset(
        (name, field)
        for name in library.registers()
        for field, schema in library.register(name)["properties"].items()
        if steward_to_ask(schema, department)
    )
