"""The duplicate radar: what in the dictionary already means what somebody is about to define.

`Index(library)` is made once for a library; `similar(index, Wanted(…))` answers while a name is typed, `pairs(index)`
goes through the whole dictionary. A likeness says why, and is a hint for people: nothing is decided by it.
"""

from builder.radar.index import Entry, Index, index_of
from builder.radar.likeness import NEEDS_REASON, Alike, Wanted, similar
from builder.radar.pairs import Pair, pairs

__all__ = [
    "NEEDS_REASON",
    "Alike",
    "Entry",
    "Index",
    "Pair",
    "Wanted",
    "index_of",
    "pairs",
    "similar",
]
