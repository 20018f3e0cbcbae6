"""Whom an import would bring, by their identities, so that it is noticed when somebody else records one first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from runtime.imports.identity import keys_of
from runtime.imports.marks import Marks


class Awaited:
    """The keys of everybody new: it may take somebody for awaited who is not, never the other way."""

    def __init__(self, identity: Sequence[Sequence[str]]) -> None:
        self._identity = identity
        self._keys = Marks()

    def add(self, told: Mapping[str, Any]) -> None:
        """Await one more."""
        self._keys.extend(keys_of(self._identity, told))

    def __contains__(self, document: Mapping[str, Any]) -> bool:
        return any(found in self._keys for found in keys_of(self._identity, document))
