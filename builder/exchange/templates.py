"""Forms' Excel templates in a set: taken along, and found again for the forms that fill them. Not for filling.

A set holds them as `templates/<department>/<form>.xlsx`, beside `forms/<department>/<form>.json`. Which one a form
fills is told by its digest, which the form names; else by its path.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from builder.exchange.bundles import File
from builder.exchange.report import Line, line
from runtime.api import EntryError, OperatorError, Session, Site, dumps, own_sheets, uploads
from runtime.api import gettext as _

FOLDER = "templates"
POINTER = "/outputs/xlsx/template"


@dataclass(frozen=True, slots=True)
class Taken:
    """The template that came with a form: what the form calls it now, and the workbook, cleared."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Fitted:
    """A form's text with the template that came with it, and what became of it.

    `wanted` is what the form calls a template that did not come with it; empty where it wants none.
    """

    text: str
    taken: Taken | None = None
    wanted: str = ""
    lines: tuple[Line, ...] = ()


def named(document: Mapping[str, Any]) -> str:
    """What a form calls its Excel template; empty where it has none of its own."""
    outputs = document.get("outputs")
    wish = outputs.get("xlsx") if isinstance(outputs, dict) else None
    name = wish.get("template") if isinstance(wish, dict) else None
    return name if isinstance(name, str) else ""


def is_kept(name: str) -> bool:
    """Whether a template is kept by the site under its digest; else it lies in a department's folder."""
    return name.startswith(own_sheets.KEPT)


def place(short: str, name: str, taken: Collection[str] = ()) -> str:
    """Where in a set the template lies that the form `<department>/<form>` calls `name`."""
    if not is_kept(name):
        return f"{FOLDER}/{name}"
    own = f"{FOLDER}/{short}.xlsx"  # of a department's folder the file has its name already
    return own if own not in taken else f"{FOLDER}/{short}-{name[-8:]}.xlsx"


def content_of(session: Session, site: Site, name: str) -> bytes | None:
    """The workbook of that name; None where the site has none."""
    return own_sheets.sheet(session, site.outputs, name)


def told(session: Session, site: Site, wanted: str) -> Line:
    """A line on a template that did not come with its form."""
    if content_of(session, site, wanted) is not None:
        return Line(POINTER, _("its Excel template is here already"))
    why = _(
        "its Excel template is neither in the file nor here: Excel is laid out like the form until the sheet is"
        " uploaded under “From Excel”"
    )
    return Line(POINTER, "", "loss", (why,))


class Templates:
    """The templates of a set, each cleared and measured when its form asks for it."""

    def __init__(self, files: Iterable[File]) -> None:
        self._by_path = {_within(file.path): file for file in files}
        self._by_digest = {
            own_sheets.name_of(file.content): file for file in self._by_path.values()
        }
        self._used: set[PurePosixPath] = set()
        self._cleared: dict[PurePosixPath, tuple[Taken, tuple[str, ...]]] = {}
        self._cells = self._unpacked = 0

    def find(self, path: PurePosixPath, document: Mapping[str, Any]) -> File | None:
        """The template of the form at a path of the set; None where it has none, or it is not there."""
        if not (name := named(document)):
            return None
        short = f"{path.parent.name}/{path.stem}"
        found = self._by_digest.get(name) or self._by_path.get(PurePosixPath(place(short, name)))
        if found is not None:
            self._used.add(found.path)
        return found

    def fitted(self, text: str, document: dict[str, Any], file: File | None) -> Fitted:
        """The form with its template `file`. Raises `OperatorError` for a workbook that no form's sheet may be."""
        name = named(document)
        if file is None:
            return Fitted(text, wanted=name)
        taken, losses = self._take(file)
        other = is_kept(name) and name != own_sheets.name_of(file.content)
        changed = [_("it is another sheet than the one that the form named")] if other else []
        what = _("Excel template: %(file)s", file=file.path)
        told_ = line(POINTER, what, (*changed, *losses))
        return Fitted(_renamed(text, document, name, taken.name), taken, "", (told_,))

    def unused(self) -> Iterator[File]:
        """The templates that no form of the set fills; asked after the forms."""
        return (file for file in self._by_path.values() if file.path not in self._used)

    def _take(self, file: File) -> tuple[Taken, tuple[str, ...]]:
        if file.path not in self._cleared:
            try:
                self._cleared[file.path] = self._clear(file)
            except EntryError as error:
                raise OperatorError(
                    _(
                        "%(name)s: %(why)s Take it out of the set, and its form comes in without it.",
                        name=file.path,
                        why=error,
                    )
                ) from error
        return self._cleared[file.path]

    def _clear(self, file: File) -> tuple[Taken, tuple[str, ...]]:
        """The workbook as an upload is cleared, under the same bounds; those of a set hold together what one may."""
        from builder.excel import reading  # late: openpyxl takes a while to come in

        reading.require_small(file.content)
        with zipfile.ZipFile(io.BytesIO(file.content)) as packed:
            self._unpacked += sum(part.file_size for part in packed.infolist())
        self._cells += uploads.cells_in(file.content)
        if self._unpacked > reading.MOST_UNPACKED or self._cells > reading.MOST_HELD:
            raise EntryError(_("The sheets of the set are too large together; divide it."))
        clear, picture = reading.cleared(file.content)
        if len(clear.content) > own_sheets.LARGEST:
            raise EntryError(_("The workbook unpacks to far more than a form's sheet holds."))
        return Taken(own_sheets.name_of(clear.content), clear.content), tuple(
            _losses(clear.dropped, picture)
        )


def _losses(dropped: Sequence[str], picture: Any) -> Iterator[str]:
    if dropped:
        yield _(
            "Formulas that ask more than the sheet itself are not kept: %(cells)s.",
            cells=", ".join(dropped),
        )
    lost = {one for sheet in picture.sheets for one in sheet.lost}
    words = {
        "macros": _("macros are not kept"),
        "pictures": _("pictures are not kept"),
        "charts": _("charts are not kept"),
    }
    yield from (said for one, said in words.items() if one in lost)


def is_template(file: File) -> bool:
    """Whether a file of a set lies where templates do: `templates/<department>/<file>.xlsx`."""
    above = file.path.parent.parent
    return above.name == FOLDER and file.path.suffix.lower() in (".xlsx", ".xlsm")


def _within(path: PurePosixPath) -> PurePosixPath:
    return PurePosixPath(FOLDER, path.parent.name, path.name)


def _renamed(text: str, document: dict[str, Any], name: str, fresh: str) -> str:
    """The text letter by letter, but for the name of its template."""
    if name == fresh:
        return text
    if text.count(f'"{name}"') == 1:
        return text.replace(f'"{name}"', f'"{fresh}"')
    outputs = document["outputs"]
    changed = {**outputs, "xlsx": {**outputs["xlsx"], "template": fresh}}
    return dumps({**document, "outputs": changed}, indent=2)
