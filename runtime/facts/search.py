"""Finding subjects of a unit by name, pinyin, number or address, however large the unit. Not for who may look.

What is searched follows from the register: the fields of its `label` as names (also by pinyin and its initials), and
every other text that is no code and no date: as a number where it has a format or a pattern or is an `identity` of
its own (a field of the label too), else as free text. Each gives words, kept beside the subject in `search_word` with
the unit where it belongs today; a query finds those that begin with it. So a name is found by any part of it, and so is
its pinyin by syllables; a number by its beginning or its last four or six (a telephone number by four); a text, such
as an address, from any of its `beginnings` on. Whoever changes which words there are counts up `WORDS`, so that those
of before are made anew (`words_anew`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from runtime.facts.beginnings import beginnings
from runtime.facts.units import below, below_query, get
from runtime.storage.tables import Subject
from runtime.storage.unit_tables import LONGEST_WORD, SearchWord

_NOT_A_WORD = re.compile(r"[\W_]+")
_PROSE = {"long-text"}
"""Formats of what is no number, though it has one."""
_DATES = {"date", "date-time", "time"}
WORDS = 2
"""Which words these are; the first were without those of the parts of an address."""
_LAST = "\U0010ffff"
_PER_SUBJECT = 4
"""Words of one subject that begin alike, at a guess: so many more are read than subjects are wanted."""


@dataclass(frozen=True, slots=True)
class Searched:
    """The fields of a register that are searched, by how."""

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    phones: frozenset[str] = frozenset()
    """Those of the numbers that are told by their last four, as people do; others by their last six as well."""

    def __contains__(self, field: object) -> bool:
        return field in self.names or field in self.numbers or field in self.texts

    def touches(self, fields: Iterable[str]) -> bool:
        """Whether one of these fields is searched."""
        return any(field in self for field in fields)

    def __bool__(self) -> bool:
        return bool(self.names or self.numbers or self.texts)


def searched(schema: Mapping[str, Any]) -> Searched:
    """Which fields of the register are searched; looked up once for each schema."""
    known = _searched.get(id(schema))
    if known is None or known[0] is not schema:
        if len(_searched) >= _MOST_SCHEMAS:
            _searched.clear()
        known = _searched[id(schema)] = (schema, _searched_of(schema))
    return known[1]


_MOST_SCHEMAS = 256
_searched: dict[int, tuple[Mapping[str, Any], Searched]] = {}


def _searched_of(schema: Mapping[str, Any]) -> Searched:
    fields = {
        name: field for name, field in schema.get("properties", {}).items() if _is_text(field)
    }
    label = [name for name in schema.get("label", ()) if name in fields]
    keys = {key[0] for key in schema.get("identity", ()) if len(key) == 1}
    numbers = [name for name, field in fields.items() if name in keys or _is_number(field)]
    texts = [name for name in fields if name not in label and name not in numbers]
    phones = frozenset(name for name in numbers if fields[name].get("format") == "phone")
    return Searched(tuple(label), tuple(numbers), tuple(texts), phones)


def words(fields: Searched, document: Mapping[str, Any]) -> set[str]:
    """The words by which the subject is found."""
    found: set[str] = set()
    for field in fields.names:
        if field in document:
            found |= _of_name(str(document[field]))
    for field in fields.numbers:
        if field in document:
            number = str(document[field])
            found |= {plain(number), plain(number)[-4:]}
            if field not in fields.phones:
                found.add(_last_six(number))
    for field in fields.texts:
        if field in document:
            found |= _of_text(str(document[field]).lower())
    return {word[:LONGEST_WORD] for word in found} - {""}


def _last_six(number: str) -> str:
    """The last six of what stands after the number's last separator: nobody says them across it."""
    parts = [part for part in _NOT_A_WORD.split(number) if part]
    return parts[-1][-6:].lower() if parts else ""


@lru_cache(maxsize=2_000)
def _of_text(text: str) -> frozenset[str]:
    return frozenset([plain(text[n:]) for n in beginnings(text)] + [plain(text)])


@dataclass(frozen=True, slots=True)
class Entry:
    """A subject as it is to be found from now on; `words` None: by the same as before."""

    subject_id: str
    unit_id: int | None
    words: Collection[str] | None
    new: bool = False


def keep(session: Session, register: str, entries: Iterable[Entry]) -> None:
    """Bring the words of these subjects up to date; who belongs nowhere is not found."""
    told = list(entries)
    gone = [one.subject_id for one in told if one.unit_id is None and not one.new]
    if gone:
        session.execute(delete(SearchWord).where(SearchWord.subject_id.in_(gone)))
    for one in told:
        if one.unit_id is not None and one.words is None:
            rows = update(SearchWord).where(
                SearchWord.subject_id == one.subject_id, SearchWord.unit_id != one.unit_id
            )
            session.execute(rows.values(unit_id=one.unit_id))
    _rewrite(session, register, [o for o in told if o.unit_id is not None and o.words is not None])


def find(
    session: Session, register: str, unit_id: int, query: str, day: date, most: int
) -> list[str]:
    """The ids of at most so many subjects of the unit, as it stands on `day`, that fit every word of the query.

    Always in the same order, however many are asked for. Raises `NotFound` for an unknown unit.
    """
    asked = sorted({plain(word)[:LONGEST_WORD] for word in query.split()} - {""}, key=_weight)
    if not asked:
        return []
    get(session, unit_id)
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    units = [] if on_sqlite else below(session, unit_id, day)
    statement = _finding(len(asked), on_sqlite=on_sqlite)
    within = {"unit": unit_id, "day": day} if on_sqlite else {"units": units}
    told = {"in": register, **within, **{f"word{n}": word for n, word in enumerate(asked)}}
    told |= {f"end{n}": word + _LAST for n, word in enumerate(asked)}
    limit = most * _PER_SUBJECT
    while True:
        rows = session.scalars(statement, {**told, "most": limit}).all()
        found = list(dict.fromkeys(rows))
        if len(found) >= most or len(rows) < limit:
            return found[:most]
        limit *= 4


@lru_cache(maxsize=64)
def _finding(count: int, *, on_sqlite: bool) -> Any:
    """The statement for so many words: putting it together takes longer than the database does to answer it."""
    tree: Any = below_query(_UNIT, _DAY)
    units = tree if on_sqlite else bindparam("units", expanding=True)
    subject: Any = Subject.__table__
    statement = select(_word.c.subject_id).where(
        _word.c.register == bindparam("in"),
        _word.c.unit_id.in_(units),
        _begins(_word, 0),
        # somebody whom an import brings has words before it counts
        exists().where(subject.c.id == _word.c.subject_id, subject.c.unit_id.is_not(None)),
        *(_has(n) for n in range(1, count)),
    )
    # in one order, whatever way the database takes: the next page goes on where this one ended
    statement = statement.order_by(_word.c.unit_id, _word.c.word, _word.c.subject_id)
    return statement.limit(bindparam("most", type_=Integer))


def plain(text: str) -> str:
    """The text as words are kept: small letters, digits and characters, and nothing between them."""
    return text.lower() if text.isalnum() else _NOT_A_WORD.sub("", text).lower()


def _rewrite(session: Session, register: str, entries: list[Entry]) -> None:
    held: dict[str, set[tuple[int, str]]] = {}
    known = [one.subject_id for one in entries if not one.new]
    if known:
        for subject_id, unit_id, word in session.execute(_HELD, {"ids": known}):
            held.setdefault(subject_id, set()).add((unit_id, word))
    added, gone = [], []
    for one in entries:
        wanted = {(one.unit_id, word) for word in one.words or ()}
        there = held.get(one.subject_id, set())
        gone += [
            {"in": register, "at": unit, "gone": word, "of": one.subject_id}
            for unit, word in sorted(there - wanted)
        ]
        added += [
            {"register": register, "unit_id": unit, "word": word, "subject_id": one.subject_id}
            for unit, word in sorted(wanted - there)
        ]
    if gone:
        session.execute(_GONE, gone)
    if added:
        session.execute(_ADDED, added)


_word: Any = SearchWord.__table__
_UNIT: Any = bindparam("unit")
_DAY: Any = bindparam("day")
_ADDED = insert(_word)
_HELD = select(_word.c.subject_id, _word.c.unit_id, _word.c.word)
_HELD = _HELD.where(_word.c.subject_id.in_(bindparam("ids", expanding=True)))
_GONE = delete(_word).where(
    _word.c.register == bindparam("in"),
    _word.c.unit_id == bindparam("at"),
    _word.c.word == bindparam("gone"),
    _word.c.subject_id == bindparam("of"),
)


def _begins(table: Any, n: int) -> ColumnElement[bool]:
    """Whether the row's word begins with the nth one that is asked for."""
    return and_(table.c.word >= bindparam(f"word{n}"), table.c.word < bindparam(f"end{n}"))


def _has(n: int) -> ColumnElement[bool]:
    other = _word.alias()
    return exists().where(other.c.subject_id == _word.c.subject_id, _begins(other, n))


def _weight(word: str) -> tuple[int, str]:
    """What tells more comes first: a character says as much as three letters or digits."""
    return -sum(1 if letter.isascii() else 3 for letter in word), word


def _is_text(field: Any) -> bool:
    if not isinstance(field, Mapping) or field.get("type") != "string":
        return False
    return field.get("format") not in _DATES and not {"enum", "const", "oneOf"} & field.keys()


def _is_number(field: Mapping[str, Any]) -> bool:
    return ("format" in field and field["format"] not in _PROSE) or "pattern" in field


def _of_name(name: str) -> set[str]:
    text = plain(name)
    found = set(_endings(list(text))) if not text.isascii() else {text, *map(plain, name.split())}
    syllables = _pinyin(text)
    if syllables:
        found |= set(_endings(syllables))
        initials = [syllable[0] for syllable in syllables]
        found |= {ending for ending in _endings(initials) if len(ending) > 1}
    return found


def _endings(parts: list[str]) -> Iterator[str]:
    for n in range(len(parts)):
        yield "".join(parts[n:])


@lru_cache(maxsize=20_000)
def _syllables(text: str) -> tuple[str, ...]:
    # late: its dictionary is large, and many processes never need it
    from pypinyin.seg.simpleseg import seg

    return tuple(one for part in seg(text) for one in _spoken(part))


@lru_cache(maxsize=20_000)
def _spoken(part: str) -> tuple[str, ...]:
    """How a phrase, or a character that stands alone, is spoken: names are many, their parts few."""
    from pypinyin import lazy_pinyin

    return tuple(plain(one) for one in lazy_pinyin(part) if plain(one))


def _pinyin(text: str) -> list[str]:
    return [] if text.isascii() else list(_syllables(text))
