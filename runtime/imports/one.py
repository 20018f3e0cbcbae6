"""Whether a register has one line already, found without walking the register. Not for the rows of a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from runtime.facts.search import Searched, searched, words
from runtime.imports.identity import Known, keys_of
from runtime.storage.lock import take
from runtime.storage.tables import Subject, Unit
from runtime.storage.unit_tables import SearchWord


def find_one(
    session: Session, schema: Mapping[str, Any], register: str, told: Mapping[str, Any]
) -> str | None:
    """The subject that `told` speaks of, by the schema's `identity`; `SEVERAL`, or None for nobody.

    Who belongs somewhere is looked up by the words of search, and who has left among those who have left.
    """
    known = Known(schema.get("identity", ()))
    for subject in _candidates(session, register, _words(schema, told)):
        known.add(subject.id, subject.document, left=subject.unit_id is None)
    return known.find(told)


def hold_identity(
    session: Session, schema: Mapping[str, Any], register: str, told: Mapping[str, Any]
) -> None:
    """Until the transaction ends nobody else who asks for this may record somebody with one of the same keys."""
    take(session, *(f"{register} {key}" for key in keys_of(schema.get("identity", ()), told)))


def _words(schema: Mapping[str, Any], told: Mapping[str, Any]) -> set[str]:
    """For each of the identity's keys that `told` has, the longest of the words that its subject is found by."""
    fields = searched(schema)
    return {
        max((word for name in names for word in _of_field(fields, name, told)), key=len, default="")
        for names in schema.get("identity", ())
        if all(name in told for name in names)
    }


def _of_field(fields: Searched, name: str, told: Mapping[str, Any]) -> Sequence[str]:
    return sorted(words(fields, {name: told[name]}))


def _candidates(session: Session, register: str, asked: set[str]) -> Iterator[Any]:
    if not asked:
        return
    columns = select(Subject.id, Subject.unit_id, Subject.document)  # without their timelines
    of_register = columns.where(Subject.register == register)
    if "" in asked:  # a key without a word: nothing but the register itself can tell
        yield from session.execute(of_register.execution_options(yield_per=1000))
        return
    units = session.scalars(select(Unit.id)).all()  # each unit's words are an index of their own
    found = select(SearchWord.subject_id).where(
        SearchWord.register == register, SearchWord.unit_id.in_(units), SearchWord.word.in_(asked)
    )
    yield from session.execute(of_register.where(Subject.id.in_(found)))
    yield from session.execute(of_register.where(Subject.unit_id.is_(None)))
