"""From where on in a text somebody would search it: the parts of an address, the words of a sentence. Pure.

    星澜市湖滨区东关街道长乐街170号1幢2单元301室  →  湖滨区… 东关街道… 长乐街… 170号… 301室
    41 Qingfeng Road, Lotus Street                  →  41… Qingfeng… Road… Lotus… Street

What is counted with a number (号, 幢, 单元) is searched together with it, and so begins nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MOST = 12
"""Beginnings of one text: an address has six or seven, and of a long remark the first ones must do."""
_HAN = "一-鿿㐀-䶿"
_PART = re.compile(
    rf"""(?P<letters>[a-z]{{2,}})
    |(?P<number>[0-9]+)(?P<house>\s*号|(?=\s+[a-z]{{2}}))?(?:\s*(?:单元|[号栋幢座室楼层弄院]))*
    |(?P<run>[{_HAN}]{{2,}})""",
    re.VERBOSE,
)
_PLACE = re.compile(rf"(?<=[{_HAN}])(?:街道|[省市区县镇乡村](?![路街巷道]))(?=[{_HAN}]{{2}})")
"""The end of a place's name within a run, where that of a smaller one or of a street follows: 新村路 is one name."""


def beginnings(text: str) -> list[int]:
    """Where the parts of `text` (small letters) begin, in their order; at most `MOST`."""
    return [n for n, _ in zip(_beginnings(text), range(MOST), strict=False)]


def _beginnings(text: str) -> Iterator[int]:
    for part in _PART.finditer(text):
        number = part["number"]
        if not number or len(number) >= 3 or part["house"] is not None:
            yield part.start()
        if run := part["run"]:
            yield from (part.start() + place.end() for place in _PLACE.finditer(run))
