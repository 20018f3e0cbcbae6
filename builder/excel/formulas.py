"""How many formulas a workbook holds and how long they are, measured before it is opened. Not for what they say.

A shared formula stands once in the file and is written out anew, letter by letter, for each of its cells.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from runtime.api import EntryError, own_sheets
from runtime.api import gettext as _

LONGEST = 8_192
"""Characters that Excel takes in a formula."""
MOST_CHARACTERS = 200_000
"""Of all formulas together, shared ones for each of their cells: each is read several times."""
_FORMULA = re.compile(rb"<(?:[^\s<>/=:]+:)?f(?=[\s/>])([^>]*)>([^<]*)(<!)?")
_SHARED = re.compile(rb"""\st ?= ?["']shared["']""")
_GROUP = re.compile(rb"""\ssi ?= ?["']([0-9]{1,9})["']""")
_SHEETS = ("xl/worksheets/", "xl/macrosheets/", "xl/dialogsheets/")


def require_few(content: bytes) -> None:
    """Raise `EntryError` where the workbook holds more or longer formulas than a form's sheet."""
    count = characters = 0
    for length in _lengths(content):
        count, characters = count + 1, characters + length
        if length > LONGEST:
            raise EntryError(
                _(
                    "A formula of the workbook has more than %(most)s characters; shorten it.",
                    most=f"{LONGEST:,}",
                )
            )
        if count > own_sheets.MOST_FORMULAS or characters > MOST_CHARACTERS:
            raise EntryError(
                _(
                    "The workbook has more formulas than a form's sheet: at most %(most)s, of %(characters)s"
                    " characters together. Keep those of the form.",
                    most=f"{own_sheets.MOST_FORMULAS:,}",
                    characters=f"{MOST_CHARACTERS:,}",
                )
            )


def _lengths(content: bytes) -> Iterator[int]:
    """The length of the formula of each cell that has one."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for part in packed.infolist():
            if part.filename.startswith(_SHEETS):
                yield from _of_sheet(packed.read(part))


def _of_sheet(text: bytes) -> Iterator[int]:
    shared: dict[bytes, int] = {}
    for found in _FORMULA.finditer(text):
        said, formula, odd = found.groups()
        if odd:
            raise EntryError(
                _("The workbook holds something that no Excel writes; it is not read.")
            )
        length = len(formula)
        group = _GROUP.search(said) if _SHARED.search(said) else None
        if group is not None:
            key = group[1].lstrip(b"0")
            length = shared[key] = max(length, shared.get(key, 0))
        yield length
