"""Sums of a cross-table that add up what is there: totals that it does not show are replaced by what they add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from runtime.definitions.address import pointer, tokens
from runtime.definitions.plan import Path


def shown_summands(
    at: Path, total_of: tuple[str, ...], unseen: Mapping[Path, tuple[str, ...]]
) -> tuple[str, ...]:
    """The Relative JSON Pointers from `at` that add up the same, none of which leads to an unseen total.

    `unseen` maps the place of each total that is not shown to what it is the sum of.
    """
    if not any(target(at, relative) in unseen for relative in total_of):
        return total_of
    return tuple(_from(at, target) for target in _ends(at, total_of, unseen, ()))


def _ends(
    at: Path,
    total_of: tuple[str, ...],
    unseen: Mapping[Path, tuple[str, ...]],
    above: tuple[Path, ...],
) -> Iterator[Path]:
    for relative in total_of:
        end = target(at, relative)
        if end in unseen and end not in above:
            yield from _ends(end, unseen[end], unseen, (*above, end))
        else:
            yield end


def target(at: Path, relative: str) -> Path:
    """Where a Relative JSON Pointer without `*` leads to from `at`."""
    up, slash, rest = relative.partition("/")
    steps = int(up) if up.isdecimal() else 0
    return at[: max(0, len(at) - steps)] + tokens(slash + rest)


def _from(at: Path, target: Path) -> str:
    pairs = zip(at, target, strict=False)
    shared = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(at), len(target)))
    return f"{len(at) - shared}{pointer(*target[shared:])}"
