"""Two people's changes of one document, brought together. Not for showing where they cannot be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from builder.edits.patch import Change, Patch, Path, applied, difference, same
from runtime.api import MISSING

_ByPath = Mapping[Path, Sequence[Change]]


@dataclass(frozen=True, slots=True)
class Clash:
    """Two changes of one place, or of a place and what stands within it."""

    mine: Change
    theirs: Change


@dataclass(frozen=True, slots=True)
class Merged:
    """The document with theirs, and with mine but where it clashes; and those clashes."""

    document: Any
    clashes: tuple[Clash, ...]


def merged(base: Any, mine: Any, theirs: Any) -> Merged:
    """Bring together what two people made of one document.

    Changes of different places all arrive, what both have done alike is done once, and where they meet theirs stays,
    with both changes said. Members that both put beside the same sibling come one after the other.
    """
    others = difference(base, theirs)
    own = difference(base, mine)
    there, above = _by_path(others), _above(others)
    clashes = tuple(
        Clash(one, other) for one in own if (other := _meeting(one, there, above)) is not None
    )
    left = {id(clash.mine) for clash in clashes}
    rest = (one for one in own if id(one) not in left and not _is_done(one, there))
    return Merged(applied(theirs, tuple(rest)), clashes)


def _meeting(one: Change, there: _ByPath, above: Mapping[Path, Change]) -> Change | None:
    """The change of the other that this one meets: of the same place, of one around it, or of one within it."""
    for other in there.get(one.path, ()):
        if _meet(one, other):
            return other
    for n in range(len(one.path)):
        for other in there.get(one.path[:n], ()):
            if not other.move:
                return other
    return None if one.move else above.get(one.path)


def _meet(one: Change, other: Change) -> bool:
    """Whether two changes of the same place cannot both be."""
    if one.move != other.move:
        return (other if one.move else one).after is MISSING
    return one.next != other.next if one.move else not same(one.after, other.after)


def _is_done(one: Change, there: _ByPath) -> bool:
    """Whether the other has done the same."""
    return any(one.move == other.move for other in there.get(one.path, ()))


def _by_path(changes: Patch) -> _ByPath:
    found = defaultdict(list)
    for change in changes:
        found[change.path].append(change)
    return found


def _above(changes: Patch) -> dict[Path, Change]:
    """For each place around a change, one that lies within."""
    return {c.path[:n]: c for c in changes for n in range(len(c.path))}
