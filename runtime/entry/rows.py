"""Which row is which when rows were added, removed or moved: rows have no ids, so equality tells. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from runtime.fields.choices import same
from runtime.rules.where import key


def aligned(before: Sequence[Any], after: Sequence[Any]) -> list[int | None]:
    """For each row of `after`, the index of the row of `before` that it was; None for a new one.

    Equal rows are the same row, in their order, those that kept their place first. A row that is left over was
    edited: it is the old row with which it shares most members, or the one that stood at its place.
    """
    found: list[int | None] = [None] * len(after)
    old, new = [key(row) for row in before], [key(row) for row in after]
    free = dict.fromkeys(range(len(old)))
    for n in range(min(len(old), len(new))):
        if old[n] == new[n]:
            found[n] = n
            del free[n]
    places: dict[Any, list[int]] = {}
    for n in reversed(free):
        places.setdefault(old[n], []).append(n)
    for n, row in enumerate(new):
        if found[n] is None and places.get(row):
            place = found[n] = places[row].pop()
            del free[place]
    for _likeness, n, place in sorted(_edited(before, after, found, free)):
        if found[n] is None and place in free:
            found[n] = place
            del free[place]
    return found


def in_place(alignment: Sequence[int | None], count: int) -> bool:
    """Whether the `count` old rows all stayed where they were; new ones may follow."""
    return list(alignment[:count]) == list(range(count)) and not any(
        one is not None for one in alignment[count:]
    )


def _edited(
    before: Sequence[Any], after: Sequence[Any], found: list[int | None], free: dict[int, None]
) -> Iterator[tuple[int, int, int]]:
    """Pairs of a new row and the old one that it may have been, most alike first when sorted."""
    for n, row in enumerate(after):
        if found[n] is None:
            for place in free:
                shared = _shared(before[place], row)
                if shared or place == n:
                    yield -2 * shared - (place == n), n, place


def _shared(before: Any, after: Any) -> int:
    """How many members two rows have in common."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return 0
    return sum(1 for name, value in after.items() if name in before and same(before[name], value))
