"""Files that bring forms: a JSON text, a workbook, or a ZIP of several. Hostile; not for what stands in them."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from builder.exchange.sheets import OLD
from runtime.api import OperatorError
from runtime.api import gettext as _

LARGEST = 20_000_000
"""Bytes of all that one file holds, unpacked."""
MOST = 2_000
"""Forms of one file."""
_ZIP = b"PK\x03\x04"
_TAKEN = (".json", ".xlsx", ".xlsm", ".xls")


@dataclass(frozen=True, slots=True)
class File:
    """One form's file: its place in the set, and what stands in it."""

    path: PurePosixPath
    content: bytes

    @property
    def is_workbook(self) -> bool:
        """Whether it begins as a workbook does; whether it is one shows when it is read."""
        return self.content.startswith((_ZIP, OLD))

    def text(self) -> str:
        """As text. Raises `OperatorError` for what is none."""
        try:
            return self.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise OperatorError(_("%(name)s is not text in UTF-8.", name=self.path.name)) from error


def files_at(path: Path) -> list[File]:
    """The files that the one at `path` brings. Raises `OperatorError` for what cannot be read."""
    if path.stat().st_size > LARGEST:
        raise _too_large(path.name)
    return files_in(path.name, path.read_bytes())


def files_in(name: str, content: bytes) -> list[File]:
    """The files that an upload brings: itself, or what a ZIP holds. Raises `OperatorError` for what cannot be read."""
    if len(content) > LARGEST:
        raise _too_large(name)
    if not content.startswith((_ZIP, b"PK\x05\x06")):
        return [File(PurePosixPath(name), content)]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            if "[Content_Types].xml" in opened.namelist():
                return [File(PurePosixPath(name), content)]
            return list(_of_zip(name, opened))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise OperatorError(_("%(name)s cannot be unpacked.", name=name)) from error


def _of_zip(name: str, opened: zipfile.ZipFile) -> Iterator[File]:
    inside = [one for one in opened.infolist() if one.filename.lower().endswith(_TAKEN)]
    if len(inside) > MOST or sum(one.file_size for one in inside) > LARGEST:
        raise _too_large(name)
    if not inside:
        raise OperatorError(_("%(name)s holds no form: no .json, .xlsx or .xls.", name=name))
    for one in inside:
        with opened.open(one) as content:
            # what is said of the size may be a lie
            yield File(PurePosixPath(one.filename), content.read(one.file_size + 1)[:LARGEST])


def _too_large(name: str) -> OperatorError:
    return OperatorError(
        _("%(name)s is too large: at most 20 MB and 2,000 forms at once.", name=name)
    )
