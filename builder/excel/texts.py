"""Texts of a form made from a sheet: in both languages where the dictionary knows them, else as the sheet has them.

A Chinese text that nobody has translated stands in both places, and the check of the form says that its English is
missing; an English one gets no 中文, and the check says that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pypinyin import lazy_pinyin

from builder.excel import words
from builder.excel.vocabulary import Vocabulary
from runtime.api import Texts

_TOTAL: Texts = {"en": "Total", "zh-CN": "合计"}
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_LONGEST_NAME = 40


def texts_for(label: str, known: Vocabulary) -> Texts:
    """A label of the sheet in all languages in which the dictionary has exactly that."""
    said = " ".join(label.split())
    if words.is_total(said):
        return _TOTAL
    for scored in known.found(said):
        texts = scored.meaning.item.title
        if scored.reason[0] == "title" and words.plain(said) in map(words.plain, texts.values()):
            return {**texts}
    for meaning in known.broken_down:
        for breakdown in meaning.breakdowns:
            for texts in breakdown.titles.values():
                if words.plain(said) in map(words.plain, texts.values()):
                    return {**texts}
    return {"en": said, "zh-CN": said} if _CHINESE.search(said) else {"en": said}


def titled(texts: Mapping[str, str], **more: Any) -> dict[str, Any]:
    """A node with these texts as its title, and translations where there are some."""
    node: dict[str, Any] = {"title": texts.get("en") or next(iter(texts.values()), "")}
    node |= more
    others = {tag: {"title": text} for tag, text in texts.items() if tag != "en" and text}
    return {**node, "translations": others} if others else node


class Names:
    """Names of properties and layout items, each once; Chinese ones by their pinyin."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, label: str, otherwise: str = "cell") -> str:
        """A name that nothing else here has."""
        spoken = " ".join(lazy_pinyin(words.bare(label))) if not label.isascii() else label
        plain = _NOT_IN_NAMES.sub("_", spoken.casefold()).strip("_")[:_LONGEST_NAME].strip("_")
        name = wanted = plain or otherwise
        n = 1
        while name in self._taken:
            n += 1
            name = f"{wanted}_{n}"
        self._taken.add(name)
        return name

    def id(self, label: str, otherwise: str = "part") -> str:
        """The same for the id of a layout item."""
        return self.of(label, otherwise).replace("_", "-")
