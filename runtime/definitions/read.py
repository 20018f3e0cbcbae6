"""Definition files read from folders, each bad one as a flaw. Not for what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from runtime.definitions.address import BASE, Kind, address_of, kind_of
from runtime.definitions.json import NotJson, dumps, loads
from runtime.errors import Problem
from runtime.language import gettext as _

LARGEST = 5_000_000
"""Bytes of one file; more is no definition that a person wrote."""

_DEEPEST = 8
_FOLDERS = ("dictionary", "code-lists", "indicators", "forms")
_REASONS = {
    "syntax": "Line %(line)s, column %(column)s: this is not JSON (%(detail)s).",
    "repeated": "Line %(line)s, column %(column)s: the key %(detail)s stands twice in one object.",
    "number": "A number cannot be read (%(detail)s).",
    "deep": "Line %(line)s, column %(column)s: this is nested too deeply.",
}


@dataclass(frozen=True, slots=True)
class Source:
    """One definition as its author wrote it; `origin` says where it was read, for a person."""

    address: str
    kind: Kind
    document: dict[str, Any]
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What keeps a file from being read, not yet put into words: a library outlives many languages."""

    code: str
    message: str
    address: str = ""
    pointer: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    def problem(self) -> Problem:
        """The flaw in the language in force."""
        return Problem(self.code, _(self.message, **self.values), self.pointer, self.address)


def read(roots: Iterable[Traversable | str]) -> tuple[dict[str, Source], list[Flaw]]:
    """All definitions below `roots`, each laid out as `form_defs/`, by address; and what is wrong with files.

    The first of two files with one address is kept. Nothing raises for a file or folder that cannot be read.
    """
    sources: dict[str, Source] = {}
    flaws: list[Flaw] = []
    for root in roots:
        folder = Path(root) if isinstance(root, str) else root
        for parts, file in _files(folder, flaws):
            found = _source(parts, file)
            if isinstance(found, Flaw):
                flaws.append(found)
            elif found.address in sources:
                flaws.append(_taken(found, sources[found.address]))
            else:
                sources[found.address] = found
    return sources, flaws


def _files(root: Traversable, flaws: list[Flaw]) -> Iterator[tuple[tuple[str, ...], Traversable]]:
    if not root.is_dir():
        text = "There is no folder %(folder)s to read definitions from."
        flaws.append(Flaw("no-folder", text, values={"folder": str(root)}))
        return
    for folder in _FOLDERS:
        if (root / folder).is_dir():
            yield from _within(root / folder, (folder,), flaws, set())


def _within(
    folder: Traversable, parts: tuple[str, ...], flaws: list[Flaw], seen: set[Path]
) -> Iterator[tuple[tuple[str, ...], Traversable]]:
    try:
        if isinstance(folder, Path):
            if folder.resolve() in seen or len(parts) > _DEEPEST:
                flaws.append(_looped(parts))
                return
            seen = seen | {folder.resolve()}
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except (OSError, RuntimeError) as error:
        flaws.append(_unreadable(parts, error))
        return
    for entry in entries:
        if entry.name.startswith((".", "__")):
            continue
        if entry.is_dir():
            yield from _within(entry, (*parts, entry.name), flaws, seen)
        elif entry.name.endswith(".json"):
            yield (*parts, entry.name), entry


def _source(parts: tuple[str, ...], file: Traversable) -> Source | Flaw:
    place = address_of(parts)
    try:
        raw = file.read_bytes()
    except OSError as error:
        return _unreadable(parts, error)
    if len(raw) > LARGEST:
        text = "The file is larger than %(limit)s bytes; divide it."
        return Flaw("too-large", text, place, values={"limit": LARGEST})
    try:
        document = loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        text = "The file is not in UTF-8 (byte %(byte)s); save it with the encoding UTF-8."
        return Flaw("encoding", text, place, values={"byte": error.start + 1})
    except NotJson as error:
        return not_json(error, place)
    return as_source(document, place, str(file))


def as_source(document: Any, place: str, origin: str = "") -> Source | Flaw:
    """`document` as the definition at `place`, or at its own `$id` where it has one; or why it is none."""
    try:
        dumps(document).encode()
    except (TypeError, ValueError, RecursionError) as error:
        text = "The definition cannot be written as JSON: %(detail)s."
        return Flaw("json", text, place, values={"detail": str(error)})
    if not isinstance(document, dict):
        text = "A definition is a JSON object in braces; this one is not."
        return Flaw("not-object", text, place)
    address = document.get("$id", place)
    kind = kind_of(address) if isinstance(address, str) else None
    if kind is None or kind == "schema":
        text = (
            "%(address)s is not an address of the tree; it must be %(base)sdictionary/…, code-lists/…, "
            "indicators/… or forms/<department>/…, in small letters, digits, hyphens, ending in .json."
        )
        values = {"address": str(address), "base": BASE}
        return Flaw("address", text, place, "/$id" if "$id" in document else "", values)
    return Source(address, kind, document, origin)


def not_json(error: NotJson, address: str = "") -> Flaw:
    """What is wrong with a text that is not JSON."""
    values = {"line": error.line, "column": error.column, "detail": error.detail}
    return Flaw("json", _REASONS[error.reason], address, values=values)


def _taken(found: Source, first: Source) -> Flaw:
    text = "%(address)s is defined twice, in %(first)s and in %(second)s; the second is left out. Rename one."
    values = {"address": found.address, "first": first.origin, "second": found.origin}
    return Flaw("duplicate", text, found.address, values=values)


def _looped(parts: tuple[str, ...]) -> Flaw:
    text = "The folder %(folder)s leads back into itself (a symbolic link); it is left out."
    return Flaw("loop", text, address_of(parts), values={"folder": "/".join(parts)})


def _unreadable(parts: tuple[str, ...], error: Exception) -> Flaw:
    text = "It cannot be read: %(detail)s."
    return Flaw("unreadable", text, address_of(parts), values={"detail": str(error)})
