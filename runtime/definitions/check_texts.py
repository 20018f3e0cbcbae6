"""Checks that what people read has a title, and each text its translation. Not whether they are well said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from runtime.definitions.address import pointer
from runtime.definitions.codes import problem
from runtime.definitions.spots import ROWS, Spots
from runtime.definitions.view import View, as_list, as_map
from runtime.errors import Problem
from runtime.language import LANGUAGES, SOURCE
from runtime.language import gettext as _

CHINESE = re.compile("[\u4e00-\u9fff]")
TRANSLATED = ("title", "description", "help", "unit", "text", "corner", "definition", "purpose")


def texts(view: View, spots: Spots | None) -> Iterator[Problem]:
    """Missing titles and missing translations of the definition, its fields or cells, and its layout."""
    if not view.document.get("title"):
        text = _("The definition has no `title`; add the name that people know it by.")
        yield problem("title-missing", text, view.address)
    if view.kind == "department":
        yield from _translated(view, "", view.document)
        return
    for place, schema in view.schemas:
        yield from _translated(view, place, schema)
    yield from _cells(view, spots) if spots is not None else _fields(view)
    for place, item in _layout_texts(view.document.get("layout"), "/layout"):
        yield from _translated(view, place, item)


def _translated(view: View, place: str, node: dict[str, Any]) -> Iterator[Problem]:
    translations = as_map(node.get("translations"))
    for language in LANGUAGES:
        if language == SOURCE:
            continue
        there = as_map(translations.get(language))
        missing = [
            k for k in TRANSLATED if node.get(k) and isinstance(node[k], str) and not there.get(k)
        ]
        written = [key for key in missing if view.written(place, key)]
        if written:
            text = _(
                "There is no %(language)s for %(keys)s yet (`translations`).",
                language=LANGUAGES[language],
                keys=", ".join(f"`{key}`" for key in written),
            )
            yield problem("translation-missing", text, view.address, place)
    yield from _untranslated(view, place, node)


def _untranslated(view: View, place: str, node: dict[str, Any]) -> Iterator[Problem]:
    """Texts of the source language that are Chinese, and the same as their translation: nobody has translated them."""
    there = as_map(as_map(node.get("translations")).get("zh-CN"))
    found = [
        key
        for key in TRANSLATED
        if isinstance(node.get(key), str)
        and node[key] == there.get(key)
        and CHINESE.search(node[key])
        and view.written(place, key)
    ]
    if found:
        text = _(
            "No English for %(keys)s: the Chinese stands there too.",
            keys=", ".join(f"`{key}`" for key in found),
        )
        yield problem("translation-missing", text, view.address, place)


def _fields(view: View) -> Iterator[Problem]:
    """Fields, derived fields and indicators without a title."""
    for group in ("properties", "derive"):
        for name, schema in as_map(view.document.get(group)).items():
            if isinstance(schema, dict) and not view.flat(schema).get("title"):
                yield _untitled(view, pointer(group, name), name)


def _cells(view: View, spots: Spots) -> Iterator[Problem]:
    """Cells and groups of a form without a title, and branches of a choice."""
    for path, spot in spots.items():
        if path and path[-1] != ROWS and spot.place is not None and not spot.says("title"):
            yield _untitled(view, spot.place, path[-1])
        for schema, place in spot.parts:
            for n, branch in enumerate(as_list(schema.get("oneOf")) if place is not None else []):
                if isinstance(branch, dict) and not view.flat(branch).get("title"):
                    text = _(
                        "The branch %(number)s of a choice has no `title`; add one.", number=n + 1
                    )
                    yield problem("title-missing", text, view.address, f"{place}/oneOf/{n}")


def _untitled(view: View, place: str, name: str) -> Problem:
    text = _("The cell or field `%(name)s` has no `title`; add one.", name=name)
    return problem("title-missing", text, view.address, place)


def _layout_texts(items: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for n, item in enumerate(as_list(items)):
        if isinstance(item, dict):
            here = place + pointer(n)
            yield here, item
            yield from _layout_texts(item.get("items"), here + "/items")
            for axis in ("rows", "columns"):
                inner = as_map(item.get(axis)).get("items")
                yield from _layout_texts(inner, here + pointer(axis, "items"))
