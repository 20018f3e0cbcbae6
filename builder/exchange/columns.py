"""The columns of an XLSForm's sheets: which one a header names, and in which language. Not for what stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from babel import Locale, UnknownLocaleError

from builder.exchange.sheets import Grid

TEXTS = frozenset({"label", "hint", "guidance_hint", "constraint_message", "required_message"})
"""Columns that may be in several languages, of which we say something."""
MEDIA = frozenset({"image", "big-image", "audio", "video"})
_SAME = {
    "caption": "label",
    "relevance": "relevant",
    "readonly": "read_only",
    "calculate": "calculation",
    "constraining_message": "constraint_message",
    "requiredmsg": "required_message",
    "jr:constraintmsg": "constraint_message",
    "jr:requiredmsg": "required_message",
    "count": "repeat_count",
    "jr:count": "repeat_count",
    "command": "type",
    "list name": "list_name",
    "set_form_title": "form_title",
    "title": "form_title",
    "set_form_id": "form_id",
    "id_string": "form_id",
}
"""Older names of columns; what XLSForm calls them today."""
_NAMES = {"survey": {"tag": "name", "value": "name"}, "choices": {"value": "name"}}
_PREFIXES = ("bind", "control", "body", "media")
_SPACE = re.compile(r"\s+")
_TAG = re.compile(r"\(\s*([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\s*\)\s*$")


class Column(NamedTuple):
    """What a header names; `language` is as the file calls it, empty where it says none."""

    name: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet with headers: its columns in order (None where there is no header), and its rows with their numbers."""

    headers: tuple[str, ...]
    columns: tuple[Column | None, ...]
    rows: tuple[tuple[int, Mapping[Column, str]], ...]

    def header(self, column: Column) -> str:
        """As the file spells it; empty where it has no such column."""
        return next((h for h, c in zip(self.headers, self.columns, strict=True) if c == column), "")


def sheet_of(grid: Grid, name: str) -> Sheet:
    """The sheet of a grid whose first row holds the headers; rows without any text stay, as empty rows."""
    headers = tuple(_SPACE.sub(" ", text).strip() for text in (grid[0] if grid else []))
    columns = tuple(column_of(text, name) for text in headers)
    rows = tuple((n, _row(columns, row)) for n, row in enumerate(grid[1:], 2))
    return Sheet(headers, columns, rows)


def _row(columns: Iterable[Column | None], row: Iterable[str]) -> dict[Column, str]:
    found: dict[Column, str] = {}
    for column, text in zip(columns, row, strict=False):
        if column is not None and text.strip():
            found.setdefault(column, text.strip())
    return found


def column_of(header: str, sheet: str) -> Column | None:
    """The column that a header names: `label::English (en)`, `Label:English`, `bind::relevant`; None for none."""
    if not header:
        return None
    parts = [part.strip() for part in re.split(r"::|(?<!^jr):", header)]
    if parts[0].lower() in _PREFIXES and len(parts) > 1:
        parts = parts[1:]
        if parts[0].lower() == "jr" and len(parts) > 1:
            parts = [f"jr:{parts[1]}", *parts[2:]]
    first = parts[0].lower().replace(" ", "_") if parts[0].lower() != "list name" else "list_name"
    name = _NAMES.get(sheet, {}).get(first) or _SAME.get(first, first)
    if len(parts) > 2 or (len(parts) == 2 and name not in TEXTS | MEDIA):
        return Column(header)
    return Column(name, parts[1] if len(parts) == 2 else "")


def tag_of(language: str) -> str:
    """The tag of a language as XLSForms name it: `English (en)`, `Français`, `中文`; empty for an unknown one."""
    if found := _TAG.search(language):
        return _ours(found[1].replace("_", "-"))
    plain = language.strip().casefold()
    if plain in _by_name():
        return _ours(_by_name()[plain])
    return ""


def _ours(tag: str) -> str:
    """As our definitions write it: Chinese is `zh-CN` unless it says more."""
    language, _dash, rest = tag.partition("-")
    if language.lower() == "zh" and rest.lower() in ("", "cn", "hans", "hans-cn"):
        return "zh-CN"
    return language.lower() + (f"-{rest}" if rest else "")


def language_name(tag: str) -> str:
    """How an XLSForm names a language: `English (en)`, `中文 (zh-CN)`."""
    try:
        own = Locale.parse(tag, sep="-").get_display_name() or tag
    except (UnknownLocaleError, ValueError):
        own = tag
    return f"{own.partition(' (')[0].capitalize()} ({tag})"


_SPOKEN = (
    "am ar bg bn bo cs da de el en es fa fi fr ha he hi hu id it ja kk km ko ky lo mn ms my ne nl no pl ps pt ro "
    "ru si so sv sw ta te tg th tr ug uk ur uz vi yo zh zu"
)
"""Languages that are known by what their speakers call them, too."""


@cache
def _by_name() -> dict[str, str]:
    """Languages by their English names, their own names, and their codes."""
    english = Locale("en").languages
    found = {str(name).casefold(): code for code, name in english.items() if len(code) <= 3}
    for code in _SPOKEN.split():
        own = Locale.parse(code).get_language_name() or code
        found |= {own.casefold(): code, code: code}
    return {**found, "chinese": "zh", "汉语": "zh", "简体中文": "zh"}
