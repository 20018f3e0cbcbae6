"""All names of a dictionary made ready to be compared, once for a library. Not for judging likeness."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

from builder.dictionary.items import Item, items
from builder.radar.names import plain, sound, words
from runtime.api import Library


@dataclass(frozen=True, slots=True)
class Entry:
    """A field or indicator; `names` by how they stand there: title, translation, synonym, key."""

    item: Item
    names: tuple[tuple[str, str], ...]
    home: str
    """The address of its register or group."""
    codes: str
    """The address of its code list; empty for none."""

    @property
    def address(self) -> str:
        """Where it is defined."""
        return self.item.address

    @property
    def is_indicator(self) -> bool:
        """Whether it is a figure, and not a field of somebody."""
        return self.item.kind == "indicator"


class Index:
    """The names of all entries: by their words, by their sound, by each word, and in a row for spelling."""

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = entries
        self.by_words: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
        self.by_sound: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
        self.by_word: dict[str, list[int]] = defaultdict(list)
        self.by_codes: dict[str, list[int]] = defaultdict(list)
        self.by_home: dict[str, list[int]] = defaultdict(list)
        self.spelt: list[str] = []
        self.spelt_by: list[tuple[int, str, str]] = []
        for n, entry in enumerate(entries):
            self._add(n, entry)

    def _add(self, n: int, entry: Entry) -> None:
        self.by_home[entry.home].append(n)
        if entry.codes:
            self.by_codes[entry.codes].append(n)
        seen = set()
        for how, name in entry.names:
            text = plain(name)
            if not text or text in seen:
                continue
            seen.add(text)
            self.by_words[text].append((n, how, name))
            self.spelt.append(text)
            self.spelt_by.append((n, how, name))
            if heard := sound(name):
                self.by_sound[heard].append((n, how, name))
            for word in set(words(name)):
                self.by_word[word].append(n)


def index_of(library: Library) -> Index:
    """The index of a library, made once and kept while it is asked for."""
    return _index(library)


@lru_cache(maxsize=4)
def _index(library: Library) -> Index:
    return Index(list(_entries(library)))


def _entries(library: Library) -> Iterator[Entry]:
    for item in items(library):
        if not item.is_retired:
            yield entry_of(item)


def entry_of(item: Item) -> Entry:
    """An item with its names."""
    names = [("title", item.title.get("en", ""))]
    names += [("translation", text) for tag, text in item.title.items() if tag != "en"]
    names += [("synonym", one) for one in (*item.synonyms, *_translated(item.schema))]
    names.append(("key", item.name.replace("_", " ")))
    home = item.address.partition("#")[0]
    return Entry(item, tuple((how, name) for how, name in names if name), home, _codes(item, home))


def _translated(schema: Mapping[str, Any]) -> Iterator[str]:
    """Synonyms in other languages."""
    translations = schema.get("translations")
    for texts in translations.values() if isinstance(translations, Mapping) else ():
        found = texts.get("synonyms") if isinstance(texts, Mapping) else None
        yield from (one for one in found if isinstance(one, str)) if isinstance(found, list) else ()


def _codes(item: Item, home: str) -> str:
    reference = item.schema.get("$ref")
    return urljoin(home, reference).partition("#")[0] if isinstance(reference, str) else ""
