"""Which subject a row speaks of, by the register's `identity`: ordered keys, the first that fits decides.

The register is walked once for all rows of a file, and only what the file asks for is kept: memory grows with the file,
never with the register, and only by eight bytes for each of its keys.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from runtime.imports.shelf import Kept, Shelf
from runtime.imports.spelling import key_of_value
from runtime.storage.tables import Subject

Key = tuple[int, tuple[str, ...]]
"""Which of the identity's keys, and its values."""

SEVERAL = "several"
"""What is answered where more than one subject fits."""


@dataclass(slots=True)
class Known:
    """What of the register the file asks for."""

    identity: Sequence[Sequence[str]]
    subjects: Kept[Key, Sequence[str]] = field(default_factory=dict)
    values: Kept[str, Mapping[str, str]] = field(default_factory=dict)
    """Subject -> identity field -> compared value."""
    left: set[str] = field(default_factory=set)
    """Those who belong nowhere now: they are meant only where nobody else fits."""

    def find(self, told: Mapping[str, Any]) -> str | None:
        """The subject of which a row tells, `SEVERAL`, or None for nobody that is known."""
        if not self.subjects:
            return None
        for found in keys_of(self.identity, told):
            agreeing = [one for one in self.subjects.get(found, ()) if self._agrees(one, told)]
            fitting = [one for one in agreeing if one not in self.left] or agreeing
            if len(fitting) > 1:
                return SEVERAL
            if fitting:
                return fitting[0]
        return None

    def add(self, subject_id: str, told: Mapping[str, Any]) -> None:
        """Know of one more subject: a new one, of which an earlier row tells."""
        self.values[subject_id] = _identifying(self.identity, told)
        for found in keys_of(self.identity, told):
            self.subjects[found] = [*self.subjects.get(found, ()), subject_id]

    def _agrees(self, subject_id: str, told: Mapping[str, Any]) -> bool:
        """Whether the subject is not told apart by a number that both have: two people may share name and birthday."""
        return agree(self.identity, self.values.get(subject_id, {}), told)


def agree(
    identity: Sequence[Sequence[str]], has: Mapping[str, Any], told: Mapping[str, Any]
) -> bool:
    """Whether two are not told apart by a number of their own that both have."""
    for names in identity:
        if len(names) == 1 and told.get(names[0]) is not None and has.get(names[0]):
            return compared(has[names[0]]) == compared(told[names[0]])
    return True


def keys_of(identity: Sequence[Sequence[str]], told: Mapping[str, Any]) -> Iterator[Key]:
    """The keys for which a row has all values, in the identity's order."""
    for n, names in enumerate(identity):
        if names and all(told.get(name) is not None for name in names):
            yield n, tuple(compared(told[name]) for name in names)


def compared(value: Any) -> str:
    """A value for comparing."""
    return key_of_value(str(value))


def _identifying(identity: Sequence[Sequence[str]], told: Mapping[str, Any]) -> dict[str, str]:
    names = {name for one in identity for name in one}
    return {name: compared(told[name]) for name in names if told.get(name) is not None}


def known_subjects(
    session: Session, register: str, identity: Sequence[Sequence[str]], wanted: Container[Key]
) -> Known:
    """Those subjects of the register that have one of the wanted keys; held in a temporary file."""
    known = Known(identity, Shelf(), Shelf())
    fields = list(dict.fromkeys(name for names in identity for name in names))
    for subject_id, unit_id, *values in _identities(session, register, fields):
        has = {n: v for n, v in zip(fields, values, strict=True) if v is not None}
        if any(found in wanted for found in keys_of(identity, has)):
            known.add(subject_id, has)
            if unit_id is None:
                known.left.add(subject_id)
    return known


def subjects_with(
    session: Session, register: str, name: str, wanted: Container[str]
) -> Iterator[tuple[str, int]]:
    """`(compared value, unit)` of the subjects whose field has one of the compared values."""
    value = _member(session, name)
    rows = session.execute(
        select(value, Subject.unit_id)
        .where(Subject.register == register, Subject.unit_id.is_not(None), value.is_not(None))
        .execution_options(yield_per=5000)
    )
    for text, unit_id in rows:
        if (found := compared(text)) in wanted and unit_id is not None:
            yield found, unit_id


def _identities(session: Session, register: str, fields: Sequence[str]) -> Iterable[Any]:
    members = [_member(session, name) for name in fields]
    return session.execute(
        select(Subject.id, Subject.unit_id, *members)
        .where(Subject.register == register)
        .execution_options(yield_per=5000)
    )


def _member(session: Session, name: str) -> Any:
    """A field of the document as text, without reading the rest of the document."""
    if session.get_bind().dialect.name == "sqlite":
        return cast(func.json_extract(Subject.document, f'$."{name}"'), String)
    return func.json_extract_path_text(Subject.document, name)
