"""A condition as people compose it: rows in groups of all, any or none of which must hold. Not JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Where = Mapping[str, Any] | bool
"""A condition as it stands in a definition."""
Path = tuple[str, ...]
"""Names from the document's root to a field: one name for a field of a register."""

TESTS: dict[str, tuple[str, ...]] = {
    "is": ("const",),
    "one-of": ("enum",),
    "is-not": ("const",),
    "none-of": ("enum",),
    "at-least": ("minimum",),
    "at-most": ("maximum",),
    "between": ("minimum", "maximum"),
    "more": ("exclusiveMinimum",),
    "less": ("exclusiveMaximum",),
    "longer": ("minLength",),
    "shorter": ("maxLength",),
    "known": (),
    "unknown": (),
}
"""Comparison -> the keywords of JSON Schema that its values are written with, in order."""
NEGATED = frozenset({"is-not", "none-of"})
LISTED = frozenset({"one-of", "none-of"})
"""Comparisons with any number of values."""
MODES = ("all", "any", "none")


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison; `values` has as many as it needs. `loose`: subjects of whom the field is not known match too."""

    path: Path
    test: str
    values: tuple[Any, ...] = ()
    loose: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether it has the values that its comparison needs."""
        if not self.path or "" in [value for value in self.values if isinstance(value, str)]:
            return False
        if self.test in LISTED:
            return bool(self.values)
        return len(self.values) == len(TESTS[self.test])


@dataclass(frozen=True, slots=True)
class Group:
    """Parts of which all, any or none must hold; a group of all without parts is every subject."""

    mode: str = "all"
    parts: tuple[Row | Group, ...] = ()

    def rows(self) -> Iterator[Row]:
        """All rows, at any depth."""
        for part in self.parts:
            if isinstance(part, Row):
                yield part
            else:
                yield from part.rows()
