"""Ids of what an import brings, made from the import and the row, so that a repetition brings nothing twice.

Those of one import stand together, in the order of its rows: a database that keeps them in order writes them one after
the other, where random ones would touch another page of every index for each row.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from hashlib import sha256

KINDS = ("set", "confirm")


def subject_id(import_id: str, row: int) -> str:
    """The id (UUID 8, RFC 9562) of the new subject of a row (up to 2^48)."""
    return f"{_beginning(import_id, 'subject')}{row:012x}"


def change_id(import_id: str, row: int, kind: str, day: date) -> str:
    """The id (UUID 8) of the change of that kind and day that a row (up to 2^24) makes."""
    of_row = KINDS.index(kind) << 23 | day.toordinal()
    return f"{_beginning(import_id, 'change')}{row:06x}{of_row:06x}"


@lru_cache(maxsize=16)
def _beginning(import_id: str, what: str) -> str:
    """What all ids of an import have in common: 72 bits that no other import has."""
    digest = sha256(f"{import_id} {what}".encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-8{digest[12:15]}-8{digest[15:18]}-"
