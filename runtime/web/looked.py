"""How sound the cells of open reports are: looked up by some pages, and remembered for the next ones of a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select

from runtime import clock
from runtime.definitions.load import Library
from runtime.entry.count import Shown
from runtime.entry.hold import OPEN
from runtime.entry.looked_at import Looked, looked_at
from runtime.storage.proposal_tables import Proposal
from runtime.storage.tables import Change, Entry
from runtime.web.asking import db, site

_MOST = 2000
Mark = tuple[Any, ...]
_looked: dict[str, tuple[Mark, Looked]] = {}


def look(entries: Iterable[Entry], *, again: bool = True) -> None:
    """Find out of each open one among the entries how it is now.

    Unless `again`, what was found is taken as it was where nothing has been recorded or proposed since.
    """
    mark = (clock.today(), *db().execute(_NEWEST).one())
    wanted = {one.id: (*mark, one.revision) for one in entries if one.state in OPEN}
    some = [id_ for id_ in wanted if again or not _is_known(id_, wanted[id_])]
    found = looked_at(db(), [one for one in entries if one.id in some], schemas(site().library))
    if len(_looked) + len(found) > _MOST:
        _looked.clear()
    _looked.update({id_: (wanted[id_], one) for id_, one in found.items()})


_NEWEST = select(
    select(func.max(Change.seq)).scalar_subquery(),
    select(func.max(Proposal.id)).scalar_subquery(),
    select(func.max(Proposal.decided_at)).scalar_subquery(),
)


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
