"""Where the questions of an XLSForm stand on the page, in the order of its rows. Not for their schemas."""

from __future__ import annotations

import re
from typing import Any

from builder.exchange.survey import Item
from builder.exchange.wording import put
from runtime.api import Texts

_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9_-]+")


class Layout:
    """A layout in the making; each method gives the key of what it has placed (`writing` calls it the same)."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self._open: list[list[dict[str, Any]]] = [self.items]
        self._ids: set[str] = set()
        self._of: dict[int, str] = {}
        """The id of each group's section, by its row."""

    def group(self, item: Item, titles: Texts) -> str:
        """A section begins; within a repeat a group is drawn by its schema."""
        if item.level:
            return f"group:{_place(item.path)}"
        section: dict[str, Any] = {"id": self._id(item.name), "kind": "section"}
        put(section, "title", titles)
        section["items"] = []
        self._open[-1].append(section)
        self._open.append(section["items"])
        self._of[item.inside[-1].row if item.type == "end_group" else item.row] = section["id"]
        return f"section:{section['id']}"

    def end(self, item: Item) -> str:
        """A group or repeat ends."""
        begun = item.inside[-1]
        if begun.row in self._of:
            self._open.pop()
            return f"section:{self._of[begun.row]}:end"
        return f"{begun.key}:end" if begun.key else ""

    def question(self, item: Item) -> str:
        """A question or repeat; the parts of a repeat are drawn by its schema."""
        place = _place(item.path)
        repeat = item.type == "begin_repeat"
        if not item.level:
            kind = "rows" if repeat else "cell"
            self._open[-1].append({"id": self._id(item.name), "kind": kind, "at": place})
        return f"rows:{place}" if repeat else f"cell:{place}"

    def other(self, item: Item, path: tuple[str, ...]) -> None:
        """The question behind a choice that takes what is none of the choices."""
        if not item.level:
            place = {"id": self._id(path[-1]), "kind": "cell", "at": _place(path)}
            self._open[-1].append(place)

    def note(self, item: Item, texts: Texts) -> str:
        """A note."""
        if not texts:
            return ""
        note: dict[str, Any] = {"id": self._id(item.name), "kind": "note"}
        put(note, "text", texts)
        self._open[-1].append(note)
        return f"note:{note['id']}"

    def _id(self, name: str) -> str:
        plain = _NOT_IN_IDS.sub("-", name).lstrip("-_") or "item"
        found, n = plain, 1
        while found in self._ids:
            n += 1
            found = f"{plain}-{n}"
        self._ids.add(found)
        return found


def _place(path: tuple[str, ...]) -> str:
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in path)
