"""How a department's own sheet names its cells and places: by what Excel moves along when rows are inserted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256

from runtime.definitions.address import tokens
from runtime.outputs.tree import Heading

_PLAIN = re.compile(r"[a-z0-9]")
_SIGN = re.compile(r"(__)|_([0-9a-f]{1,5}|10[0-9a-f]{4})_|[a-z0-9]")
"""Of a name: where a step begins, a character by its number, a character as it is."""
_LONGEST = 250
"""Excel takes 255 characters."""

PLACES = (
    "unit", "period", "filled_by", "reviewed_by", "responsible", "reported_on", "number", "department",
)  # fmt: skip
"""What of the heading a sheet may hold, between braces in the text of any cell: `{unit}`."""
_PLACE = re.compile(r"\{(" + "|".join(PLACES) + r")\}")
_EMPTY = " " * 10


def defined_name(pointer: str) -> str:
    """The workbook's name for the cell at a JSON pointer: `/holders/1/0-17/2` is `yb__holders__1__0_2d_17__2`.

    Excel does not tell capitals apart, so a name has none; two pointers never have the same.
    """
    name = "yb" + "".join("__" + _spelled(step) for step in tokens(pointer))
    if len(name) <= _LONGEST:
        return name
    return "yb_" + sha256(pointer.encode()).hexdigest()


def _spelled(step: str) -> str:
    return "".join(c if _PLAIN.fullmatch(c) else f"_{ord(c):x}_" for c in step)


def steps_of(name: str) -> tuple[str, ...]:
    """The steps of the pointer that `defined_name` made a name of; none where it was too long to be spelled."""
    steps: list[str] = []
    for match in _SIGN.finditer(name.casefold().removeprefix("yb")):
        if match[1] is not None:
            steps.append("")
        elif not steps:
            return ()
        else:
            steps[-1] += chr(int(match[2], 16)) if match[2] else match[0]
    return tuple(steps)


def placed(text: str, heading: Heading | None) -> str:
    """A text with its places filled from the heading; with blanks where there is none (an empty print)."""

    def put(match: re.Match[str]) -> str:
        said = str(getattr(heading, match[1])) if heading is not None else ""
        return said or _EMPTY

    return _PLACE.sub(put, text)


def has_places(text: object) -> bool:
    """Whether a cell's text holds a place to be filled from the heading."""
    return isinstance(text, str) and _PLACE.search(text) is not None


def names_of(defined: Mapping[str, object]) -> frozenset[str]:
    """Those of a workbook's defined names that are ours."""
    return frozenset(name for name in defined if name.casefold().startswith("yb_"))
