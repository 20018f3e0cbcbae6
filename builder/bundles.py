"""Files that bring forms: one JSON text, or a ZIP of several. Hostile until read; not for what stands in them."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from runtime.api import OperatorError
from runtime.api import gettext as _

LARGEST = 20_000_000
"""Bytes of all texts of one file together."""
MOST = 2_000
"""Forms of one file."""


def files_in(file: Path) -> Iterator[tuple[PurePosixPath, str]]:
    """Each form's place in the file and its text, as it is; raises `OperatorError` for what is no such file."""
    if zipfile.is_zipfile(file):
        yield from _of_zip(file)
    elif file.stat().st_size > LARGEST:
        raise _too_large(file)
    else:
        yield PurePosixPath(file.name), _text(file.name, file.read_bytes())


def _of_zip(file: Path) -> Iterator[tuple[PurePosixPath, str]]:
    try:
        with zipfile.ZipFile(file) as opened:
            inside = [one for one in opened.infolist() if one.filename.endswith(".json")]
            if len(inside) > MOST or sum(one.file_size for one in inside) > LARGEST:
                raise _too_large(file)
            for one in inside:
                with opened.open(one) as content:
                    # what is said of the size may be a lie
                    yield PurePosixPath(one.filename), _text(one.filename, content.read(LARGEST))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise OperatorError(_("%(name)s cannot be unpacked.", name=file.name)) from error


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise OperatorError(_("%(name)s is not text in UTF-8.", name=name)) from error


def _too_large(file: Path) -> OperatorError:
    return OperatorError(
        _("%(name)s is too large: at most 20 MB and 2,000 forms at once.", name=file.name)
    )
