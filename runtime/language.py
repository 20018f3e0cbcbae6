"""The language in force, texts of definitions in it, and our own messages translated.

Layers below the web need translated messages too (checks, the command line, PDF), so this stands beside the
errors, on Babel alone, and the web layer only sets the language per request. Catalogues are read from `.po`
files as they are, so that there is nothing to compile at set-up.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import c2py
from importlib.resources import files
from importlib.resources.abc import Traversable

from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

LANGUAGES: dict[str, str] = {"en": "English", "zh-CN": "中文"}
SOURCE = "en"

Texts = dict[str, str]
"""A text of a definition: language tag -> text; `en` is the source language."""

_current: ContextVar[str] = ContextVar("language", default=SOURCE)
_folders: list[Traversable] = [files("runtime") / "translations"]


def current() -> str:
    """The language tag in force, one of `LANGUAGES`."""
    return _current.get()


def use(language: str) -> None:
    """Put `language` in force for the rest of this context (a request); an unknown one is taken as `en`."""
    _current.set(language if language in LANGUAGES else SOURCE)


@contextmanager
def using(language: str) -> Iterator[None]:
    """Put `language` in force within the block."""
    token = _current.set(language if language in LANGUAGES else SOURCE)
    try:
        yield
    finally:
        _current.reset(token)


def add_catalogues(folder: Traversable) -> None:
    """Read messages of a plugin too: `folder/<language>/*.po` (as `zh_CN`)."""
    if folder not in _folders:
        _folders.append(folder)
        _catalogue.cache_clear()


def gettext(message: str, /, **values: object) -> str:
    """`message` in the language in force, with `%(name)s` replaced by `values`."""
    text = _catalogue(_current.get()).gettext(message)
    return text % values if values else text


def ngettext(one: str, many: str, n: int, /, **values: object) -> str:
    """`one` or `many` for `n` in the language in force; `%(n)s` is the number."""
    text: str = _catalogue(_current.get()).ngettext(one, many, n)
    return text % {"n": n, **values}


def say(texts: Mapping[str, str], language: str | None = None) -> str:
    """A definition's text in `language` (or the one in force), else in English, else any, else empty."""
    return (
        texts.get(language or _current.get()) or texts.get(SOURCE) or next(iter(texts.values()), "")
    )


def in_all(text: Callable[[], str]) -> Texts:
    """What `text` says in each language, for what is kept: `in_all(lambda: _("Import of %(file)s", file=…))`."""
    said = {}
    for tag in LANGUAGES:
        with using(tag):
            said[tag] = text()
    return said


@cache
def _catalogue(language: str) -> NullTranslations:
    merged = NullTranslations() if language == SOURCE else Translations()
    if isinstance(merged, Translations):
        for folder in _folders:
            for file in _po_files(folder, language):
                merged.merge(_read(file))
        # What is merged keeps its texts but not its rule for numbers.
        merged.plural = c2py(get_plural(language.replace("-", "_")).plural_expr)  # type: ignore[assignment]
    return merged


def _po_files(folder: Traversable, language: str) -> list[Traversable]:
    place = folder / language.replace("-", "_")
    if not place.is_dir():
        return []
    return sorted((f for f in place.iterdir() if f.name.endswith(".po")), key=lambda f: f.name)


def _read(file: Traversable) -> Translations:
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(file.read_bytes())))
    compiled.seek(0)
    return Translations(compiled)
