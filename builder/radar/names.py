"""A name as it is compared: without case, marks and order of words; and how it sounds. Not for comparing."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pypinyin import lazy_pinyin

_WORDS = re.compile(r"[^\W_]+")
_FILLERS = frozenset({"a", "an", "and", "by", "for", "in", "of", "on", "or", "the", "to"})
_CHINESE_FILLERS = re.compile("[的之及和与]")


@lru_cache(maxsize=50_000)
def words(name: str) -> tuple[str, ...]:
    """The words that carry it, in order of the alphabet: `Date of birth` and `birth date` are one."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    found = [_CHINESE_FILLERS.sub("", word) or word for word in _WORDS.findall(plain)]
    kept = [_single(word) for word in found if word not in _FILLERS]
    return tuple(sorted(kept or found))


@lru_cache(maxsize=50_000)
def plain(name: str) -> str:
    """The words as one text."""
    return " ".join(words(name))


@lru_cache(maxsize=50_000)
def sound(name: str) -> str:
    """The pinyin of a Chinese name without tones; empty for others."""
    text = plain(name)
    return "" if text.isascii() else "".join(lazy_pinyin(text)).replace(" ", "")


def _single(word: str) -> str:
    """`residents` as `resident`: a plural is no other meaning."""
    is_plural = len(word) > 3 and word.isascii() and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if is_plural else word
