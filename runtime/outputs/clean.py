"""Text that is fit to be written: no characters that XML forbids, no string that a spreadsheet would run."""

from __future__ import annotations

import re
from unicodedata import east_asian_width

_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
"""XML 1.0 `Char` turned round, and the control characters that it discourages."""

_RUN = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet may take for a formula at the start of a text, full-width forms included (OWASP)."""


def clean(text: str) -> str:
    """`text` without the characters that XML forbids, its line ends as a newline."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet might compute `text` rather than show it."""
    return text.startswith(_RUN)


def width(text: str) -> int:
    """How many Latin letters wide the longest line of `text` is: Chinese ones count double."""
    return max((_line_width(line) for line in text.split("\n")), default=0)


def lines(text: str, room: int) -> int:
    """How many lines `text` takes in a box `room` Latin letters wide."""
    room = max(room, 2)
    return sum(max(1, -(-_line_width(line) // room)) for line in text.split("\n"))


def _line_width(line: str) -> int:
    if line.isascii():
        return len(line)
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in line)
