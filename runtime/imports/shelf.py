"""Things by their key in a temporary file that nobody else can open, for when there are too many for memory."""

from __future__ import annotations

import pickle
import sqlite3
from typing import Generic, Protocol, TypeVar

Key = TypeVar("Key")
Key_contra = TypeVar("Key_contra", contravariant=True)
Thing = TypeVar("Thing")


class Kept(Protocol[Key_contra, Thing]):
    """What a `Shelf` can do, and a `dict` too."""

    def get(self, key: Key_contra, default: Thing, /) -> Thing:
        """The thing that is kept under the key."""
        ...

    def __setitem__(self, key: Key_contra, thing: Thing, /) -> None: ...

    def __len__(self) -> int: ...


class Shelf(Generic[Key, Thing]):
    """Holds two megabytes in memory, and its file is gone with it. Keys are texts and numbers, or tuples of them."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._base.execute("PRAGMA synchronous = OFF")
        self._base.execute("CREATE TABLE shelf (key TEXT PRIMARY KEY, thing BLOB) WITHOUT ROWID")
        self._base.execute("BEGIN")  # for ever: nothing of it is to be kept
        self._many = 0

    def get(self, key: Key, default: Thing, /) -> Thing:
        """The thing that is kept under the key."""
        query = "SELECT thing FROM shelf WHERE key = ?"
        found = self._base.execute(query, (repr(key),)).fetchone()
        if found is None:
            return default
        thing: Thing = pickle.loads(found[0])  # noqa: S301 - written by ourselves
        return thing

    def __setitem__(self, key: Key, thing: Thing, /) -> None:
        """Keep the thing under the key, in place of what was there."""
        row = (repr(key), pickle.dumps(thing, pickle.HIGHEST_PROTOCOL))
        new = self._base.execute("INSERT OR IGNORE INTO shelf VALUES (?, ?)", row).rowcount
        self._many += new
        if not new:
            self._base.execute("UPDATE shelf SET thing = ? WHERE key = ?", row[::-1])

    def __len__(self) -> int:
        return self._many

    def __del__(self) -> None:
        self._base.close()
