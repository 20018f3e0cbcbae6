"""How sound the cells of open reports are: looked up by some pages, and remembered for the next ones of a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from runtime import clock
from runtime.definitions.load import Library
from runtime.entry.count import Shown
from runtime.entry.hold import OPEN
from runtime.entry.looked_at import Looked, day_of, looked_at, named_in
from runtime.entry.unmoved import Mark, mark_of_subjects, mark_of_unit
from runtime.storage.tables import Entry
from runtime.web.asking import db, site

_MOST = 2000
_looked: dict[str, tuple[Mark, Looked]] = {}


def look(entries: Iterable[Entry], *, again: bool = True) -> None:
    """Find out of each open one among the entries how it is now.

    Unless `again`, what was found is taken as it was where nothing has been recorded or proposed since of the
    subjects that the entry tells of.
    """
    wanted = _marks([one for one in entries if one.state in OPEN])
    some = [one for one, mark in wanted if again or not _is_known(one.id, mark)]
    found = looked_at(db(), some, schemas(site().library))
    if len(_looked) + len(found) > _MOST:
        _looked.clear()
    _looked.update({one.id: (mark, found[one.id]) for one, mark in wanted if one.id in found})


def _marks(entries: Iterable[Entry]) -> list[tuple[Entry, Mark]]:
    """Each with what tells that nothing has moved; those of one unit and day ask together."""
    today, of_units = clock.today(), dict[tuple[int, date], Mark]()
    found: list[tuple[Entry, Mark]] = []
    for one in entries:
        where = one.unit_id, day_of(one)
        if where not in of_units:
            of_units[where] = mark_of_unit(db(), *where)
        named = mark_of_subjects(db(), named_in(one))
        found.append((one, (today, one.revision, of_units[where], named)))
    return found


def _is_known(entry_id: str, mark: Mark) -> bool:
    found = _looked.get(entry_id)
    return found is not None and found[0] == mark


def last(entry_id: str) -> Looked | None:
    """What was found last of an entry, if anybody has looked."""
    found = _looked.get(entry_id)
    return found[1] if found else None


def standing(entry_id: str, data: Any, provenance: Mapping[str, Any]) -> dict[str, Shown]:
    """What was found last of the cells that stand still as they did, with this data in the entry; by pointer."""
    found = last(entry_id)
    return found.standing(data, provenance) if found else {}


@lru_cache(maxsize=4)
def schemas(library: Library) -> dict[str, Mapping[str, Any]]:
    """The schemas of all registers by their names."""
    return {name: library.register(name) for name in library.registers()}
