"""Texts of a definition in all its languages. Not for our own messages: those are `runtime.language`."""

from __future__ import annotations

from typing import Any

from runtime.language import SOURCE, Texts


def texts_of(node: Any, key: str = "title") -> Texts:
    """The text `key` of a schema, layout item or header: language tag -> text, empty where it has none."""
    if not isinstance(node, dict):
        return {}
    found = {SOURCE: node[key]} if isinstance(node.get(key), str) else {}
    translations = node.get("translations")
    if isinstance(translations, dict):
        for language, texts in translations.items():
            if isinstance(texts, dict) and isinstance(texts.get(key), str):
                found[language] = texts[key]
    return found
