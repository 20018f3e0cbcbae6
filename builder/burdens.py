"""What a form costs whoever fills it, as far as its plan alone tells: its cells, and those of them that are typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import select

from runtime.api import Cell, FormVersion, Plan, Session, plan_of

_MOST = 20_000
_known: dict[tuple[str, str], Burden] = {}


class Burden(NamedTuple):
    """Cells of a form, each list counted as one row; those that a person types."""

    cells: int
    typed: int


def burden_of(session: Session, versions: Mapping[str, int]) -> dict[str, Burden]:
    """The burden of each version (name by version id), by name; read once per process and version."""
    if len(_known) > _MOST:
        _known.clear()
    found: dict[str, Burden] = {}
    by_id = {version_id: name for name, version_id in versions.items()}
    rows = _rows(session, list(by_id))
    fresh = [row for row in rows if (row.address, row.digest) not in _known]
    for version in _whole(session, [row.id for row in fresh]):
        _known[version.address, version.digest] = of_plan(plan_of(version))
        session.expunge(version)
    for row in rows:
        found[by_id[row.id]] = _known[row.address, row.digest]
    return found


def of_plan(plan: Plan) -> Burden:
    """The burden of a plan."""
    cells = list(_cells(plan.root))
    return Burden(len(cells), sum(map(is_typed, cells)))


def is_typed(cell: Cell) -> bool:
    """Whether a person types it: nothing fills or works it out, and it is no label."""
    filled = cell.fill or cell.fact or cell.source or cell.own
    return not (cell.read_only or cell.computed or filled)


def _cells(node: Any) -> Iterator[Cell]:
    if isinstance(node, Cell):
        yield node
    for child in getattr(node, "children", ()):
        yield from _cells(child)
    for branch in getattr(node, "branches", ()):
        yield from _cells(branch.node)
    for line in getattr(node, "cells", ()):
        yield from (cell for cell in line if cell is not None)
    if (item := getattr(node, "item", None)) is not None:
        yield from _cells(item)


def _rows(session: Session, ids: list[int]) -> list[Any]:
    query = select(FormVersion.id, FormVersion.address, FormVersion.digest)
    return [
        row
        for n in range(0, len(ids), 500)
        for row in session.execute(query.where(FormVersion.id.in_(ids[n : n + 500])))
    ]


def _whole(session: Session, ids: list[int]) -> Iterator[FormVersion]:
    for n in range(0, len(ids), 50):
        yield from session.scalars(select(FormVersion).where(FormVersion.id.in_(ids[n : n + 50])))
