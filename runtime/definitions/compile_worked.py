"""What a ratio or formula over indicators is worked out from: each reference followed to its figure. Not the working.

A reference names an indicator with one figure, or one cell of an indicator that is broken down
(`…#/properties/graded/properties/total`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from runtime.definitions.address import at, pointer, resolve, tokens
from runtime.definitions.fills import operation
from runtime.definitions.load import Library
from runtime.definitions.plan import AnyNode, Cell, CellFill, Part, Ratio, Worked
from runtime.errors import NotFound


def worked_fill(fill: Any, home: str = "") -> Ratio | Worked | None:
    """The ratio or formula over figures that an indicator's `fill` names; `home` is the indicator's address."""
    if not isinstance(fill, Mapping):
        return None
    ratio, text, cells = fill.get("ratio"), fill.get("formula"), fill.get("cells")
    if isinstance(ratio, list) and len(ratio) == 2 and all(isinstance(r, str) for r in ratio):
        upper, lower = ("#".join(resolve(home, one)) for one in ratio)
        return Ratio((upper, lower), fill.get("percent") is True)
    if not isinstance(text, str) or not isinstance(cells, Mapping):
        return None
    parts = {
        k: "#".join(resolve(home, r)) for k, r in cells.items() if isinstance(r, str) and "#" in r
    }
    return Worked(text, parts) if len(parts) == len(cells) else None


def references_of(own: Ratio | Worked) -> tuple[str, ...]:
    """The figures that it is worked out from."""
    return own.parts if isinstance(own, Ratio) else tuple(own.parts.values())


def parts_of(nodes: Iterable[AnyNode], library: Library) -> dict[str, Part]:
    """All figures that cells are worked out from, those within others included, by their references."""
    found: dict[str, Part] = {}
    owns = (n.own for n in nodes if isinstance(n, Cell))
    waiting = [r for own in owns if isinstance(own, Ratio | Worked) for r in references_of(own)]
    while waiting:
        reference = waiting.pop()
        if reference in found:
            continue
        part = part_at(reference, library)
        if part is not None:
            found[reference] = part
            waiting.extend(references_of(part.own) if part.own else ())
    return found


def part_at(reference: str, library: Library) -> Part | None:
    """What a reference leads to, or None where there is no figure."""
    address, _hash, place = reference.partition("#")
    try:
        schema = at(library.document(address), place)
    except (NotFound, LookupError):
        return None
    if not isinstance(schema, dict):
        return None
    cell, fill, digits = schema.get("cellFill"), schema.get("fill"), schema.get("digits", 0)
    if isinstance(cell, dict):
        return Part(fill=CellFill(str(cell["indicator"]), tuple(map(str, cell["codes"]))))
    if operation(fill) and "by" not in schema:
        return Part(fill=CellFill(reference))
    own = worked_fill(fill, address)
    return None if own is None else Part(own=own, digits=digits if isinstance(digits, int) else 0)


def indicators_in(fill: Any, home: str) -> Iterator[tuple[str, str]]:
    """Address and place of each indicator that a `fill` is worked out from."""
    own = worked_fill(fill, home)
    for reference in references_of(own) if own else ():
        address, _hash, place = reference.partition("#")
        yield address, pointer(*tokens(place)[:2])
