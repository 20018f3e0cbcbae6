"""The codes of a list as rows of a page, and back. Not for bands, whose limits stay as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from builder.dictionary.controls import LANGUAGES
from runtime.api import gettext as _

CODE = re.compile(r"[^\s/~]{1,64}")
MOST = 500
EMPTY = 3
"""Rows for new codes that the page shows."""


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One code: how it is written, what it is called, and on which days it may be used."""

    code: str
    title: str
    titles: tuple[tuple[str, str], ...]
    valid_from: str = ""
    valid_to: str = ""
    is_new: bool = False
    problem: str = ""


def rows_of(document: Mapping[str, Any]) -> list[CodeRow]:
    """The codes of a list in their order."""
    return [_row(one) for one in document.get("oneOf", ()) if isinstance(one, Mapping)]


def empty_rows(n: int = EMPTY) -> list[CodeRow]:
    """Rows for codes that are to come."""
    return [CodeRow("", "", tuple((tag, "") for tag in LANGUAGES), is_new=True) for _n in range(n)]


def posted_rows(
    form: MultiDict[str, str], document: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], list[CodeRow]]:
    """The `oneOf` as posted, and its rows with what is wrong; codes that are there keep how they are written."""
    old = {one["const"]: one for one in document.get("oneOf", ()) if isinstance(one, Mapping)}
    found: list[dict[str, Any]] = []
    rows: list[CodeRow] = []
    seen: set[str] = set()
    for n in range(MOST):
        if f"code.{n}" not in form:
            break
        row = _posted(form, n, old)
        if row.is_new and not (row.code or row.title or any(text for _tag, text in row.titles)):
            continue
        row = _judged(row, seen)
        seen.add(row.code)
        rows.append(row)
        found.append(_member(row, old.get(row.code, {}) if not row.is_new else {}))
    return found, rows


def _posted(form: MultiDict[str, str], n: int, old: Mapping[Any, Any]) -> CodeRow:
    code = form[f"code.{n}"].strip()
    titles = tuple((tag, form.get(f"title.{n}@{tag}", "").strip()) for tag in LANGUAGES)
    days = (form.get(f"from.{n}", "").strip(), form.get(f"to.{n}", "").strip())
    is_new = f"old.{n}" not in form or code not in old
    return CodeRow(code, form.get(f"title.{n}", "").strip(), titles, *days, is_new)


def _judged(row: CodeRow, seen: set[str]) -> CodeRow:
    problem = ""
    if not CODE.fullmatch(row.code):
        problem = _("A code has letters, digits and marks, no spaces and no slash.")
    elif row.code in seen:
        problem = _("This code stands twice.")
    elif not row.title:
        problem = _("Say what the code is called.")
    return CodeRow(
        row.code, row.title, row.titles, row.valid_from, row.valid_to, row.is_new, problem
    )


def _row(one: Mapping[str, Any]) -> CodeRow:
    translations = one.get("translations")
    translations = translations if isinstance(translations, Mapping) else {}
    titles = tuple((tag, str((translations.get(tag) or {}).get("title", ""))) for tag in LANGUAGES)
    days = (str(one.get("validFrom", "")), str(one.get("validTo", "")))
    return CodeRow(str(one.get("const", "")), str(one.get("title", "")), titles, *days)


def _member(row: CodeRow, old: Mapping[str, Any]) -> dict[str, Any]:
    if old and _row(old) == CodeRow(row.code, row.title, row.titles, row.valid_from, row.valid_to):
        return dict(old)
    found: dict[str, Any] = {**old, "const": row.code, "title": row.title}
    for key, day in (("validFrom", row.valid_from), ("validTo", row.valid_to)):
        found.pop(key, None)
        if day:
            found[key] = day
    translations = {tag: dict(texts) for tag, texts in (old.get("translations") or {}).items()}
    for tag, text in row.titles:
        texts = {**translations.get(tag, {}), "title": text}
        if text:
            translations[tag] = texts
        else:
            translations.pop(tag, None)
    found.pop("translations", None)
    return {**found, "translations": translations} if translations else found
