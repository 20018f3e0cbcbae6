"""Forms as files: JSON letter by letter, an XLSForm, or a set with all that they refer to, Excel templates included."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from builder.exchange import templates
from builder.exchange.reading import KEPT
from builder.exchange.report import Line
from builder.exchange.sheets import write_sheets
from builder.exchange.sources import Source
from builder.exchange.xlsform import Out, given_out
from builder.history import read
from runtime.api import (
    BASE,
    DefinitionError,
    Library,
    OperatorError,
    Session,
    Site,
    dumps,
    judge,
    register_address,
)
from runtime.api import gettext as _

FORMATS = {".json": "json", ".xlsx": "xlsx"}
"""Formats of one form, by the ending of the file."""
_REGISTERS = frozenset({"subject", "count", "sum", "average", "min", "max", "distinct", "list"})
_LONGEST = 300
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def write_one(library: Library, source: Source, kind: str) -> tuple[bytes, tuple[Line, ...]]:
    """A form as `json` or `xlsx`, and what became of its parts. Raises `OperatorError` where it cannot be said so."""
    if kind == "json":
        why = _("its Excel template goes along only in a set (.zip)")
        has_template = bool(templates.named(read(source.text) or {}))
        lost = Line(templates.POINTER, "", "loss", (why,))
        return source.text.encode(), (lost,) if has_template else ()
    out = as_xlsform(library, source)
    return write_sheets(out.sheets), out.lines


def as_xlsform(library: Library, source: Source) -> Out:
    """The sheets of a form. Raises `OperatorError` while it has errors."""
    document = read(source.text)
    judged = judge(library, source.address, source.text)
    if document is None or judged.plan is None or judged.library is None:
        raise OperatorError(
            _("%(name)s has errors; as an XLSForm it can go out without any.", name=source.name)
        )
    try:
        return given_out(judged.plan, document, judged.library)
    except DefinitionError as error:
        raise OperatorError(str(error)) from error


@dataclass(frozen=True, slots=True)
class Packed:
    """A set as a file; `without` are the forms whose Excel template the site does not have."""

    content: bytes
    without: tuple[str, ...] = ()


def packed(session: Session, site: Site, sources: Sequence[Source]) -> Packed:
    """A ZIP of forms, laid out as `form_defs/`, with the definitions that they refer to, directly or by others.

    Beside them, in `templates/`, their departments' own sheets.
    """
    texts = {f"forms/{source.short}.json": source.text for source in sources}
    for address in _referred(site.library, sources):
        texts[address.removeprefix(BASE)] = dumps(site.library.source(address), indent=2)
    books, without = _templates(session, site, texts)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in texts.items():
            _write(made, name, text)
        for name, book in books.items():
            _write(made, name, book)
    return Packed(content.getvalue(), tuple(without))


def _write(made: zipfile.ZipFile, name: str, content: str | bytes) -> None:
    made.writestr(zipfile.ZipInfo(name, _FIRST_DAY), content, zipfile.ZIP_DEFLATED)


def _templates(
    session: Session, site: Site, texts: Mapping[str, str]
) -> tuple[dict[str, bytes], list[str]]:
    """The Excel templates of the forms among these texts, by their place in the set, and the forms without theirs."""
    names = {
        file.removeprefix("forms/").removesuffix(".json"): templates.named(read(text) or {})
        for file, text in texts.items()
        if file.startswith("forms/")
    }
    found: dict[str, bytes] = {}
    without: list[str] = []
    for short, name in sorted(names.items(), key=lambda one: templates.is_kept(one[1])):
        content = templates.content_of(session, site, name) if name else None
        if content is not None:
            found[templates.place(short, name, found)] = content
        elif name:
            without.append(short)
    return found, sorted(without)


def _referred(library: Library, sources: Iterable[Source]) -> Iterator[str]:
    """Addresses of all that the forms refer to and this site has, beside the forms themselves."""
    own = {source.address for source in sources}
    seen, waiting = set(own), list[str]()
    for source in sources:
        document = read(source.text)
        if document is not None:
            waiting += _named(document, source.address)
    found = set[str]()
    while waiting:
        address = waiting.pop()
        if address in seen or address not in library or address.startswith(f"{BASE}schemas/"):
            continue
        seen.add(address)
        found.add(address)
        waiting += _named(library.source(address), address)
    yield from sorted(found)


def _named(document: Any, address: str) -> list[str]:
    """The addresses that a definition names: of files, relative to its own, and of registers, by their short names."""
    found: list[str] = []
    waiting: list[tuple[str, Any]] = [("", document)]
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [pair for pair in value.items() if pair[0] != KEPT]
        elif isinstance(value, list):
            waiting += [(key, one) for one in value]
        elif isinstance(value, str) and key in _REGISTERS and value.isidentifier():
            found.append(register_address(value))
        elif isinstance(value, str) and ".json" in value and len(value) < _LONGEST:
            with suppress(ValueError):
                found.append(urljoin(address, value).partition("#")[0])
    return found
