"""Whom an import would bring, by their identities, so that it is noticed when somebody else records one first."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

from runtime.imports.identity import keys_of


class Awaited:
    """The keys of everybody new, eight bytes each: it may take somebody for awaited who is not, never the other way."""

    def __init__(self, identity: Sequence[Sequence[str]]) -> None:
        self._identity = identity
        self._keys = array("q")
        self._sorted = True

    def add(self, told: Mapping[str, Any]) -> None:
        """Await one more."""
        self._keys.extend(hash(found) for found in keys_of(self._identity, told))
        self._sorted = False

    def __contains__(self, document: Mapping[str, Any]) -> bool:
        if not self._sorted:
            self._keys, self._sorted = array("q", sorted(self._keys)), True
        for found in keys_of(self._identity, document):
            at = bisect_left(self._keys, hash(found))
            if at < len(self._keys) and self._keys[at] == hash(found):
                return True
        return False
