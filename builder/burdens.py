"""Of many forms at once how many cells they have and how many must be typed; read from what is kept, and no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import select

from runtime.api import FormVersion, Session

_MOST = 20_000
_known: dict[tuple[str, str], Burden] = {}


class Burden(NamedTuple):
    """Cells of a form, each list counted as one row; those outside of rows that a person must type."""

    cells: int
    typed: int


def burden_of(session: Session, versions: Mapping[str, int]) -> dict[str, Burden]:
    """The burden of each version (name by version id), by name; read once per process and version."""
    if len(_known) > _MOST:
        _known.clear()
    by_id = {version_id: name for name, version_id in versions.items()}
    rows = _rows(session, list(by_id))
    known = {(row.address, row.digest): _known.get((row.address, row.digest)) for row in rows}
    fresh = [row.id for row in rows if known[row.address, row.digest] is None]
    for address, digest, plan in _plans(session, fresh):
        known[address, digest] = _known[address, digest] = of_plan(plan)
    told = ((by_id[row.id], known[row.address, row.digest]) for row in rows)
    return {name: burden for name, burden in told if burden is not None}


class _Part(msgspec.Struct):
    """As much of a part of a plan as says what is typed: a whole one takes thirty times as long to read."""

    node: str = ""
    path: list[str] = []
    children: list[_Part] = []
    branches: list[_Branch] = []
    item: _Part | None = None
    cells: list[list[_Part | None]] = []
    required: bool = False
    required_when: list[msgspec.Raw] = []
    read_only: bool = False
    total_of: list[str] = []
    options: msgspec.Raw = msgspec.Raw(b"{}")
    fill: msgspec.Raw = msgspec.Raw(b"null")
    fact: msgspec.Raw = msgspec.Raw(b"null")
    own: msgspec.Raw = msgspec.Raw(b"null")
    carry: msgspec.Raw = msgspec.Raw(b"null")
    below: bool = False
    minimum: int = 0
    source: str = ""


class _Branch(msgspec.Struct):
    node: _Part


class _Plan(msgspec.Struct):
    root: _Part


class _Choices(msgspec.Struct):
    choices: list[msgspec.Raw] = []


_DECODER = msgspec.json.Decoder(_Plan)
_Counted = tuple[bool, bool]
"""Whether it stands in a list, and whether it must be typed."""


def of_plan(text: str) -> Burden:
    """The burden of a plan, from the text that is kept of it; as `runtime.api.burden` counts it."""
    found: dict[tuple[str, ...], _Counted] = {}
    for path, counted in _cells(_DECODER.decode(text).root, (), listed=False, must=True):
        found.setdefault(path, counted)
    return Burden(len(found), sum(must and not listed for listed, must in found.values()))


def _cells(
    part: _Part, base: tuple[str, ...], *, listed: bool, must: bool
) -> Iterator[tuple[tuple[str, ...], _Counted]]:
    here = (*base, *part.path)
    if part.node == "cell":
        if not _is_fixed(part):
            needed = must and (part.required or bool(part.required_when))
            yield here, (listed, needed and _is_typed(part))
        return
    if part.item is not None:
        yield from _cells(part.item, (*here, "*"), listed=True, must=False)
    inner = [*part.children, *(branch.node for branch in part.branches)]
    inner += [cell for line in part.cells for cell in line if cell is not None]
    for child in inner:
        yield from _cells(child, here, listed=listed, must=must)


def _is_typed(cell: _Part) -> bool:
    """Whether a person types it: nothing fills or works it out."""
    told = any(bytes(one) != b"null" for one in (cell.fill, cell.fact, cell.own))
    return not (told or cell.read_only or cell.total_of or cell.source)


def _is_fixed(cell: _Part) -> bool:
    if not cell.read_only:
        return False
    return len(msgspec.json.decode(cell.options, type=_Choices).choices) == 1


def _rows(session: Session, ids: list[int]) -> list[Any]:
    query = select(FormVersion.id, FormVersion.address, FormVersion.digest)
    return [
        row
        for n in range(0, len(ids), 500)
        for row in session.execute(query.where(FormVersion.id.in_(ids[n : n + 500])))
    ]


def _plans(session: Session, ids: list[int]) -> Iterator[tuple[str, str, str]]:
    query = select(FormVersion.address, FormVersion.digest, FormVersion.plan)
    for n in range(0, len(ids), 50):
        few = query.where(FormVersion.id.in_(ids[n : n + 50]))
        yield from ((row.address, row.digest, row.plan) for row in session.execute(few))
