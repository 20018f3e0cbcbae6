"""How headers and values are compared: without capitals, and all but a few signs. Pure text, knows no register."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from runtime.outputs.clean import clean

_SIGNS = re.compile(r"[\s\W_]+")
_SIGNS_OF_VALUES = re.compile(r"(?<=\d)[\s\W_]+(?=\d)|([\s\W_]+)")
_ASIDE = re.compile(r"[（(\[【〔][^）)\]】〕]*[）)\]】〕]")


@lru_cache(maxsize=10_000)
def key(text: str) -> str:
    """`text` for comparing: width and capitals levelled, signs and spaces out; `联系 电话*` -> `联系电话`."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text).casefold())


@lru_cache(maxsize=10_000)
def key_of_value(text: str) -> str:
    """As `key`, but with one sign between two figures: `3-12号` and `3－12 号` are one address, `31-2号` is another."""
    levelled = unicodedata.normalize("NFKC", text).casefold()
    return _SIGNS_OF_VALUES.sub(lambda found: "" if found[1] else "-", levelled)


def without_asides(text: str) -> str:
    """`text` without what stands in brackets: `残疾等级（1-4级）` -> `残疾等级`."""
    return _ASIDE.sub("", text)


def as_text(value: Any) -> str:
    """A cell's value as a person sees it: whole numbers without `.0`, nothing for nothing, no unseen characters."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clean(str(value)).strip()
