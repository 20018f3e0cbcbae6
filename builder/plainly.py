"""Problems said without the words of JSON, for pages on which nobody sees JSON. Not for the JSON tab, which does."""

from __future__ import annotations

import re

from builder.studio.wording import keyword_words

_ASIDE = re.compile(r"\s*[(（]`[^()（）]*[)）]")
"""In brackets, beginning with a keyword: said for who writes JSON."""
_KEYWORD = re.compile(r"`([^`]+)`")


def plainly(message: str) -> str:
    """A problem's message with keywords called as the pages call them, and asides for authors of JSON left out."""
    words = keyword_words()
    return _KEYWORD.sub(lambda k: f"“{words.get(k[1], k[1])}”", _ASIDE.sub("", message))
