"""Finding things by any of their names: title, synonym, translation, pinyin, code. Not for judging likeness."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from pypinyin import Style, lazy_pinyin


def matches(query: str, names: Iterable[str]) -> bool:
    """Whether each word of `query` is part of one of `names`, as written or in pinyin (whole or initials)."""
    words = _plain(query).split()
    spoken = [form for name in names for form in _spoken(name)]
    return all(any(word in form for form in spoken) for word in words)


@lru_cache(maxsize=20_000)
def _spoken(name: str) -> tuple[str, ...]:
    """A name as it may be typed: plain, and where it is Chinese its pinyin and their initials."""
    plain = _plain(name)
    if plain.isascii():
        return (plain,)
    whole = "".join(lazy_pinyin(plain))
    initials = "".join(lazy_pinyin(plain, style=Style.FIRST_LETTER))
    return plain, whole, initials


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
