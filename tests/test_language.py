"""Every message that we write has its Chinese, one and the same in all catalogues, with the same names in it."""

from __future__ import annotations

import ast
import io
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from runtime import language
from runtime.language import gettext, ngettext, using

TOP = Path(__file__).parent.parent
CODE = [TOP / "runtime", TOP / "builder", TOP / "plugins"]
WORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "_same": None}
WITHIN = re.compile(r"\{_\('([^']+)'")
"""A message within an f-string, which the extraction passes over."""
NAMES = re.compile(r"%\((\w+)\)[sd]")


def _catalogues() -> dict[Path, list[Message]]:
    files = sorted(f for place in CODE for f in place.rglob("translations/zh_CN/*.po"))
    return {f: [m for m in read_po(io.BytesIO(f.read_bytes())) if m.id] for f in files}


@cache
def _written() -> set[str]:
    """The messages in our code and templates (of a plural the singular)."""
    found: set[str] = set()
    for place in CODE:
        for file in [*place.rglob("*.py"), *place.rglob("*.html")]:
            if {"tests", "node_modules", "form_defs"} & set(file.parts[len(TOP.parts) :]):
                continue
            method = babel_extract if file.suffix == ".html" else "python"
            for _line, message, *_rest in extract(method, io.BytesIO(file.read_bytes()), WORDS):
                found.add(message[0] if isinstance(message, tuple) else message)
            found |= set(WITHIN.findall(file.read_text("utf-8")))
    return found - {""}


def test_every_message_has_its_chinese() -> None:
    known = {
        m.id[0] if isinstance(m.id, tuple) else m.id
        for ms in _catalogues().values()
        for m in ms
        if m.string
    }
    assert sorted(_written() - known) == []


def test_no_catalogue_keeps_what_nobody_says() -> None:
    files = [file for place in CODE for file in place.rglob("*.py")]
    literals = {
        node.value
        for file in files
        for node in ast.walk(ast.parse(file.read_bytes()))
        if isinstance(node, ast.Constant)
    }
    ids = {
        m.id[0] if isinstance(m.id, tuple) else m.id for ms in _catalogues().values() for m in ms
    }
    assert sorted(ids - literals - _written()) == []


def test_one_message_has_one_translation() -> None:
    said: dict[str, set[str]] = defaultdict(set)
    for messages in _catalogues().values():
        for m in messages:
            one = m.id[0] if isinstance(m.id, tuple) else m.id
            said[one].add(m.string[0] if isinstance(m.string, tuple) else m.string)
    assert {one: found for one, found in said.items() if len(found) > 1} == {}


@pytest.mark.parametrize("file", list(_catalogues()), ids=lambda f: f.stem)
def test_translations_name_the_same_values(file: Path) -> None:
    for m in _catalogues()[file]:
        ids = m.id if isinstance(m.id, tuple) else (m.id,)
        strings = m.string if isinstance(m.string, tuple) else (m.string,)
        allowed = set(NAMES.findall(" ".join(ids)))
        if "month_name" in allowed:  # Chinese counts its months
            allowed.add("month")
        assert set(NAMES.findall(" ".join(strings))) <= allowed, m.id


def test_plurals_are_told_in_both_languages() -> None:
    assert ngettext("%(n)s form", "%(n)s forms", 1) == "1 form"
    assert ngettext("%(n)s form", "%(n)s forms", 2) == "2 forms"
    language.add_catalogues(TOP / "builder" / "translations")
    with using("zh-CN"):
        assert ngettext("%(n)s form", "%(n)s forms", 2) == "2 张表单"


def test_an_unknown_language_is_english() -> None:
    with using("xx"):
        assert gettext("must be filled in") == "must be filled in"
