"""What another `identity` would do to a register: who would be told apart no more. Not for doing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from runtime.facts.search import searched
from runtime.imports.identity import identities, keys_of

Identity = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Recognised:
    """Of `subjects` in the register so many would be recognised by nothing any more, or be taken for another."""

    subjects: int = 0
    lost: int = 0
    shared: int = 0
    found_otherwise: bool = False
    """A field would be searched in another way than those who are there were written down for."""

    @property
    def is_harmless(self) -> bool:
        """Whether everybody is recognised as before, each by itself."""
        return not self.lost and not self.shared and not (self.subjects and self.found_otherwise)


def recognised(
    session: Session, register: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Recognised:
    """What the identity of the schema `after` does in place of that of `before`. Goes through the whole register."""
    old: Identity = before.get("identity", ())
    new: Identity = after.get("identity", ())
    fields = list(dict.fromkeys(name for one in (*old, *new) for name in one))
    pairs = []
    for _id, _unit, *values in identities(session, register, fields):
        told = {n: v for n, v in zip(fields, values, strict=True) if v is not None}
        pairs.append((_first(old, told), _first(new, told)))
    many = [Counter(pair[n] for pair in pairs if pair[n]) for n in (0, 1)]
    lost = sum(1 for one, other in pairs if one and not other)
    shared = sum(1 for one, other in pairs if other and many[1][other] > 1 and many[0][one] <= 1)
    return Recognised(len(pairs), lost, shared, searched(before) != searched(after))


def _first(identity: Identity, told: Mapping[str, Any]) -> int:
    """By what somebody is recognised, in eight bytes; 0 for nothing."""
    return next((hash(key) or 1 for key in keys_of(identity, told)), 0)
