"""Which cells of a department's sheet our names lead to, read once for each file and kept. Not for filling them."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from sqlalchemy.orm import Session

from runtime.outputs.assets import KEPT, LARGEST, asset
from runtime.outputs.own_names import steps_of
from runtime.outputs.xlsx import shipped

if TYPE_CHECKING:
    from runtime.hooks import Output


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


def cells_named_in(session: Session, outputs: Mapping[str, Output], name: str) -> Places:
    """The cells of the file that forms call `name`: kept by the site (`sha256:…`), or in a department's folder.

    None where it is not there, or is no workbook. A file never changes under its digest, so it is taken out of the
    database, and looked into, once.
    """
    content = None
    if not name.startswith(KEPT):
        content = shipped(outputs, name)
        name = sha256(content or b"").hexdigest()
    with _lock:
        if name in _kept:
            _kept.move_to_end(name)
            return _kept[name]
    content = asset(session, name) if name.startswith(KEPT) else content
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
