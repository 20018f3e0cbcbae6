"""Which subject a row speaks of, by the register's `identity`: ordered keys, the first that fits decides.

The register is walked once for all rows of a file, and only what the file asks for is kept: memory grows with the file,
never with the register, and only by eight bytes for each of its keys.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
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


Pattern = tuple[int, ...]
"""Which numbers of its own somebody has: the places of these keys in the identity."""


@dataclass(slots=True)
class Known:
    """What of the register the file asks for."""

    identity: Sequence[Sequence[str]]
    subjects: Kept[tuple[Any, ...], Any] = field(default_factory=dict)
    """By key, pattern, and whether they have left: how many, and each by its place among those."""
    values: Kept[str, Mapping[str, str]] = field(default_factory=dict)
    """Subject -> identity field -> compared value."""
    patterns: set[Pattern] = field(default_factory=set)

    def find(self, told: Mapping[str, Any]) -> str | None:
        """The subject of which a row tells, `SEVERAL`, or None for nobody that is known."""
        if not self.patterns:
            return None
        for found in keys_of(self.identity, told):
            for left in (False, True):  # who has left is meant only where nobody else fits
                fitting = list(islice(self._fitting(found, told, left=left), 2))
                if fitting:
                    return fitting[0] if len(fitting) == 1 else SEVERAL
        return None

    def fitting(self, told: Mapping[str, Any]) -> list[str]:
        """All subjects of which a row may tell."""
        for found in keys_of(self.identity, told):
            for left in (False, True):
                if fitting := list(self._fitting(found, told, left=left)):
                    return fitting
        return []

    def add(self, subject_id: str, told: Mapping[str, Any], *, left: bool = False) -> None:
        """Know of one more subject; `left`: it belongs nowhere now."""
        values = _identifying(self.identity, told)
        if self.values.get(subject_id, {}) == values:
            return
        self.values[subject_id] = values
        pattern = pattern_of(self.identity, told)
        self.patterns.add(pattern)
        for found in keys_of(self.identity, told):
            place = (found, pattern, left)
            many = self.subjects.get(place, 0)
            self.subjects[*place, many] = subject_id
            self.subjects[place] = many + 1

    def _fitting(self, found: Key, told: Mapping[str, Any], *, left: bool) -> Iterator[str]:
        """The subjects with that key that no number of their own tells apart from whom a row tells of."""
        for where in places_of(self.identity, self.patterns, found, told):
            for n in range(self.subjects.get((*where, left), 0)):
                subject_id: str = self.subjects.get((*where, left, n), "")
                if fits(self.identity, found, self.values.get(subject_id, {}), told):
                    yield subject_id


def pattern_of(identity: Sequence[Sequence[str]], told: Mapping[str, Any]) -> Pattern:
    """Which numbers of its own a row gives."""
    return tuple(
        n for n, names in enumerate(identity) if len(names) == 1 and told.get(names[0]) is not None
    )


def places_of(
    identity: Sequence[Sequence[str]],
    patterns: Iterable[Pattern],
    found: Key,
    told: Mapping[str, Any],
) -> Iterator[tuple[Key, Pattern]]:
    """Under which keys, of which patterns, those stand who have the key and may agree with what a row tells.

    Many may share a name and birthday, each with a number: who has a number as the row has is looked up by that
    number, so that a row is not compared with all of them.
    """
    own = pattern_of(identity, told)
    for pattern in patterns:
        number = next((n for n in own if n in pattern), None)
        if number is None:
            yield found, pattern
        else:
            yield (number, (compared(told[identity[number][0]]),)), pattern


def fits(
    identity: Sequence[Sequence[str]], found: Key, has: Mapping[str, Any], told: Mapping[str, Any]
) -> bool:
    """Whether somebody has that key, and is not told apart by a number from whom a row tells of."""
    return found in keys_of(identity, has) and agree(identity, has, told)


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
    for subject_id, unit_id, *values in identities(session, register, fields):
        has = {n: v for n, v in zip(fields, values, strict=True) if v is not None}
        if any(found in wanted for found in keys_of(identity, has)):
            known.add(subject_id, has, left=unit_id is None)
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


def identities(session: Session, register: str, fields: Sequence[str]) -> Iterable[Any]:
    """`(id, unit, value of each field as text)` of every subject of a register."""
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
