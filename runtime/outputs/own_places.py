"""Which cells of a kept sheet our names lead to, read once for each file and remembered. Not for filling them."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from zipfile import BadZipFile, ZipFile

from sqlalchemy.orm import Session

from runtime.outputs.assets import KEPT, LARGEST, asset
from runtime.outputs.own_names import steps_of


@dataclass(frozen=True, slots=True)
class Named:
    """A name of ours in a workbook, in small letters."""

    name: str
    steps: tuple[str, ...]
    """Those of the pointer that it stands for; none where that is too long to be spelled."""
    cells: tuple[tuple[str, str], ...]
    """(sheet, cell)."""


Places = tuple[Named, ...]
MOST_KEPT = 2_000
_BOOK = "xl/workbook.xml"
_CELL = r"\$?[A-Z]{1,3}\$?[1-9][0-9]{0,6}"
_AREA = re.compile(rf"(?:'((?:[^']|'')+)'|([^'!,]+))!({_CELL})(?::{_CELL})?(?:,|$)")
_IN_BOOK = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_kept: OrderedDict[str, Places] = OrderedDict()
_lock = Lock()


def cells_named_in(session: Session, name: str) -> Places:
    """The cells of the file that forms call `name` (`sha256:…`); none where it is not kept, or is no workbook.

    A file never changes under its digest, so it is taken out of the database and looked into once.
    """
    with _lock:
        if name in _kept:
            _kept.move_to_end(name)
            return _kept[name]
    content = asset(session, name) if name.startswith(KEPT) else None
    if content is None:
        return ()  # it may still be brought
    found = places_in(content)
    with _lock:
        _kept[name] = found
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found


def places_in(content: bytes) -> Places:
    """The same of a workbook's bytes: only its list of names is read, none of its sheets."""
    from openpyxl.xml.functions import fromstring

    try:
        with ZipFile(BytesIO(content)) as package:
            if package.getinfo(_BOOK).file_size > LARGEST:
                return ()
            book = fromstring(package.read(_BOOK))
    except (BadZipFile, KeyError, SyntaxError, ValueError, NotImplementedError):
        return ()
    sheets = {sheet.get("name") for sheet in book.iter(f"{_IN_BOOK}sheet")}
    found: dict[str, list[tuple[str, str]]] = {}
    for defined in book.iter(f"{_IN_BOOK}definedName"):
        name = str(defined.get("name", "")).casefold()
        if name.startswith("yb_"):
            cells = [cell for cell in _cells(defined.text or "") if cell[0] in sheets]
            found.setdefault(name, []).extend(cells)
    return tuple(
        Named(name, steps_of(name), tuple(dict.fromkeys(cells)))
        for name, cells in found.items()
        if cells
    )


def _cells(text: str) -> Iterator[tuple[str, str]]:
    """Where a name leads, the first cell of each area; nowhere, where its cell was deleted."""
    if "#REF!" not in text:
        for quoted, plain, cell in _AREA.findall(text):
            yield quoted.replace("''", "'") or plain.strip(), cell.replace("$", "")
