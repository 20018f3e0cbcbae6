"""Which registers belong together: those who live in a household, the venues of a business. By their fields alone.

A register whose only identity is one field (a household's number) is a group; every other register that has a field
of that name has its members.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from runtime.definitions.address import short_name
from runtime.definitions.load import Library
from runtime.storage.tables import Subject


@dataclass(frozen=True, slots=True)
class Group:
    """What holds subjects together: the group's register, and the field that names the group in each of them."""

    register: str
    field: str
    members: tuple[str, ...]
    """The registers of those who belong to it."""

    def has(self, register: str) -> bool:
        """Whether a register is the group's own or one of its members'."""
        return register == self.register or register in self.members


def groups_of(library: Library) -> tuple[Group, ...]:
    """All groups of a site's definitions; a register is a member of one group at most."""
    schemas = {short_name(a): library.source(a) for a in library.addresses("register")}
    found, taken = [], set[str]()
    for name, schema in sorted(schemas.items()):
        key = _sole_key(schema)
        theirs = tuple(
            other
            for other, its in sorted(schemas.items())
            if other != name and other not in taken and key in its.get("properties", {})
        )
        if key and theirs:
            taken.update(theirs)
            found.append(Group(name, key, theirs))
    return tuple(found)


def together(session: Session, groups: Sequence[Group], subject: Subject) -> list[Subject]:
    """The subject's group and its members in the same unit, the group first; just the subject where it has none."""
    group = next((g for g in groups if g.has(subject.register)), None)
    named = subject.document.get(group.field) if group else None
    if group is None or not isinstance(named, str) or subject.unit_id is None:
        return [subject]
    query = select(Subject).where(
        Subject.register.in_((group.register, *group.members)),
        Subject.unit_id == subject.unit_id,
        Subject.document[group.field].as_string() == named,
    )
    found = sorted(session.scalars(query), key=lambda s: (s.register != group.register, s.id))
    return found or [subject]


def _sole_key(schema: Mapping[str, Any]) -> str:
    identity = schema.get("identity", ())
    return str(identity[0][0]) if len(identity) == 1 and len(identity[0]) == 1 else ""
