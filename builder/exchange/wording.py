"""The texts of an XLSForm's row as those of a definition, with their translations. Not for conditions."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from builder.exchange.columns import Column, tag_of
from runtime.api import Texts
from runtime.api import gettext as _

_MARK_UP = re.compile(r"</?[A-Za-z][^<>]{0,300}>")
_STARS = re.compile(r"(?<![\w*])(\*\*|__)(?=\S)(.+?)(?<=\S)\1(?![\w*])")
_HEADING = re.compile(r"^#{1,6}\s+")
_LINK = re.compile(r"\[([^\[\]]{1,200})\]\((?:https?:)[^()\s]{1,300}\)")
_NAMED = re.compile(r"\$\{\s*([A-Za-z_][\w.\-]*)\s*\}")


class Wording:
    """Says texts of rows, by the languages that the file is in."""

    def __init__(self, default_language: str, said: Callable[[str], str]) -> None:
        self._default = tag_of(default_language)
        self._said = said
        """What a question is called, by its name, for texts that speak of it."""

    def texts(self, row: Mapping[Column, str], column: str, losses: list[str]) -> Texts:
        """The texts of one column by language tag; those without a language stand under the default one."""
        found: Texts = {}
        for (name, language), text in row.items():
            if name != column:
                continue
            tag = tag_of(language) if language else self._default or "en"
            if tag:
                found.setdefault(tag, self._plain(text, losses))
            else:
                losses.append(_("the language “%(name)s” is not known here", name=language))
        return found

    def _plain(self, text: str, losses: list[str]) -> str:
        bare = html.unescape(_MARK_UP.sub("", text))
        bare = _LINK.sub(r"\1", _STARS.sub(r"\2", _HEADING.sub("", bare)))
        if bare != text:
            losses.append(_("its mark-up is kept and not shown"))
        if _NAMED.search(bare):
            losses.append(
                _("an answer that stands within the text is shown as the question's name")
            )
            bare = _NAMED.sub(lambda found: f"[{self._said(found[1])}]", bare)
        return bare.strip()


def put(node: dict[str, Any], member: str, texts: Texts) -> None:
    """Say a text of a definition in all its languages; English is the source where there is any."""
    if not texts:
        return
    node[member] = texts.get("en") or next(iter(texts.values()))
    for tag, text in texts.items():
        if tag != "en":
            node.setdefault("translations", {}).setdefault(tag, {})[member] = text


def joined(parts: Sequence[Texts]) -> Texts:
    """The texts one behind the other, language by language."""
    tags = dict.fromkeys(tag for texts in parts for tag in texts)
    return {tag: " ".join(t[tag] for t in parts if t.get(tag)) for tag in tags}
