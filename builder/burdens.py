"""Of many forms at once what they cost: their cells, and hours a year; read from what is kept, and no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import select

from runtime.api import Burden, FormVersion, Session, burden_of_counts, burdens, form_address

_MOST = 20_000
_known: dict[tuple[str, str], Counted] = {}


class Counted(NamedTuple):
    """Cells of a form, each list with one row; those that must be typed: outside of lists, and in a row of each."""

    cells: int
    typed: int
    rows: tuple[tuple[str, int], ...]
    form: Form


def counted_of(session: Session, versions: Mapping[str, int]) -> dict[str, Counted]:
    """What each version asks (name by version id), by name; read once per process and version."""
    if len(_known) > _MOST:
        _known.clear()
    by_id = {version_id: name for name, version_id in versions.items()}
    rows = _rows(session, list(by_id))
    known = {(row.address, row.digest): _known.get((row.address, row.digest)) for row in rows}
    fresh = [row.id for row in rows if known[row.address, row.digest] is None]
    for address, digest, plan in _plans(session, fresh):
        known[address, digest] = _known[address, digest] = of_plan(plan)
    told = ((by_id[row.id], known[row.address, row.digest]) for row in rows)
    return {name: counted for name, counted in told if counted is not None}


def burden_of(session: Session, short: str, counted: Counted) -> Burden:
    """What the form costs as of today, as on the page where it is published and in the catalogue."""
    rows = tuple(burdens.OfRows(pointer, {}, typed) for pointer, typed in counted.rows)
    counts = burdens.Counts(counted.cells, counted.typed, 0, rows)
    return burden_of_counts(session, form_address(short), counted.form, counts)


class Form(msgspec.Struct, frozen=True):
    """As much of what a form says of itself as the hours hang on."""

    frequency: str = ""
    levels: tuple[str, ...] = ()
    burden: dict[str, Any] = {}


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
    form: Form = Form()


class _Choices(msgspec.Struct):
    choices: list[msgspec.Raw] = []


_DECODER = msgspec.json.Decoder(_Plan)
_Cell = tuple[str, bool]
"""The list that it stands in, and whether it must be typed."""


def of_plan(text: str) -> Counted:
    """What a form asks, from the text that is kept of its plan; as `runtime.api.burden` counts it."""
    plan = _DECODER.decode(text)
    found: dict[tuple[str, ...], _Cell] = {}
    for path, cell in _cells(plan.root, (), "", must=True):
        found.setdefault(path, cell)
    rows = Counter(at for at, must in found.values() if at and must)
    typed = sum(must and not at for at, must in found.values())
    return Counted(len(found), typed, tuple(rows.items()), plan.form)


def _cells(
    part: _Part, base: tuple[str, ...], at: str, *, must: bool
) -> Iterator[tuple[tuple[str, ...], _Cell]]:
    here = (*base, *part.path)
    if part.node == "cell":
        if not _is_fixed(part):
            needed = must and (part.required or bool(part.required_when))
            yield here, (at, needed and _is_typed(part))
        return
    if part.item is not None:
        yield from _in_row(part, part.item, here, must=must)
    inner = [*part.children, *(branch.node for branch in part.branches)]
    inner += [cell for line in part.cells for cell in line if cell is not None]
    for child in inner:
        yield from _cells(child, here, at, must=must)


def _in_row(
    rows: _Part, item: _Part, here: tuple[str, ...], *, must: bool
) -> Iterator[tuple[tuple[str, ...], _Cell]]:
    """The cells of one row: they must be typed where rows come by themselves, or some are asked for."""
    fills, carries = (bytes(one) != b"null" for one in (rows.fill, rows.carry))
    there = must and (fills or rows.below or carries or rows.minimum > 0)
    for path, (at, needed) in _cells(item, (*here, "*"), _pointer(here), must=there):
        told = item.node == "cell" and (carries or rows.below)
        asked = item.node == "cell" and rows.minimum and _is_typed(item)
        yield path, (at, not told and (there if asked else needed))


def _pointer(path: tuple[str, ...]) -> str:
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in path)


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
