"""Texts of a part in one language: set, changed, taken away. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runtime.api import texts_of

SOURCE = "en"
"""The language in which definitions are written; the others stand in `translations`."""


def with_text(node: Mapping[str, Any], keyword: str, language: str, text: str) -> dict[str, Any]:
    """The part with this text in this language; an empty one takes it away.

    A title that has no word in the source language yet gets this one there too, since no part may be without.
    """
    if language == SOURCE:
        return _set(node, keyword, text)
    known = node.get("translations")
    translations = dict(known) if isinstance(known, Mapping) else {}
    old = translations.get(language)
    own = _set(old if isinstance(old, Mapping) else {}, keyword, text)
    if own:
        translations[language] = own
    else:
        translations.pop(language, None)
    found = _set(node, "translations", translations)
    if keyword == "title" and text and not node.get("title") and "$ref" not in node:
        return {keyword: text, **found}
    return found


def text_in(node: Any, keyword: str, language: str) -> str:
    """The part's own text in one language; empty where it has none."""
    return texts_of(node, keyword).get(language, "") if isinstance(node, Mapping) else ""


def _set(node: Mapping[str, Any], keyword: str, value: Any) -> dict[str, Any]:
    found = dict(node)
    if value:
        found[keyword] = value
    else:
        found.pop(keyword, None)
    return found
