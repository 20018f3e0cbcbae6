"""Values to try a form's template with: of each kind one that fits, made up. Not for what a register knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from runtime.api import (
    MISSING,
    Cell,
    FieldType,
    Heading,
    Plan,
    WrongInput,
    cells,
    place,
    with_totals,
    with_value,
)
from runtime.api import gettext as _

_DAY, _MONTH = "2026-10-15", "2026-10"


def sample(
    plan: Plan, pointers: Iterable[str], lists: Iterable[str], types: Mapping[str, FieldType]
) -> Any:
    """Data with a value for each of these cells that can be typed, their sums worked out; `lists` have rows."""
    data: Any = {}
    wanted = list(dict.fromkeys(pointers))
    for name in lists:
        data = with_value(data, name, [{} for _n in range(_rows(name, wanted))])
    for number, part in enumerate(cells(place(plan, data))):
        node = part.node
        if part.pointer in wanted and isinstance(node, Cell) and not node.computed:
            value = _value(node, number, types)
            if value is not MISSING:
                data = with_value(data, part.pointer, value)
    return with_totals(plan, data)


def sample_heading() -> Heading:
    """Who might have filled it."""
    return Heading(
        unit=_("Sample community"),
        period=_("October 2026"),
        filled_by=_("Somebody"),
        reviewed_by=_("Somebody else"),
        responsible=_("The head"),
        reported_on="2026-11-03",
    )


def _rows(name: str, wanted: Iterable[str]) -> int:
    """How many rows of a list are asked for."""
    inside = (
        pointer.removeprefix(f"{name}/") for pointer in wanted if pointer.startswith(f"{name}/")
    )
    return 1 + max(int(rest.partition("/")[0]) for rest in inside)


def _value(node: Cell, number: int, types: Mapping[str, FieldType]) -> Any:
    kind = types.get(node.field)
    if kind is None or kind.control in ("attachment", "computed"):
        return MISSING
    for text in _tries(node, number):
        try:
            value = kind.decode([text], node.options)
        except (WrongInput, ValueError, TypeError, KeyError):
            continue
        if value is not MISSING:
            return value
    return MISSING


def _tries(node: Cell, number: int) -> Iterator[str]:
    offered = node.options.get("choices", ())
    if offered:
        yield str(offered[number % len(offered)]["key"])
    yield from (
        (_DAY, _MONTH, str(3 + number % 9)) if node.field.startswith(("date", "month")) else ()
    )
    if node.field in ("integer", "number", "decimal", "money"):
        yield str(3 + number % 9)
    if node.field == "phone":
        yield "13900000000"
    yield from (_("Sample"), str(3 + number % 9), _DAY, "true", "1", _MONTH, "13900000000")
