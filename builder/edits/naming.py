"""Names for what is new: ids of layout items, names of cells, made from what people call it. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from pypinyin import lazy_pinyin

from builder.edits.spots import Document, Refused, all_items
from runtime.api import gettext as _

LONGEST = 40
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def plain(title: str, join: str) -> str:
    """A title in small letters and digits, Chinese in pinyin, the words joined by `join`; may be empty."""
    spoken = " ".join(lazy_pinyin(unicodedata.normalize("NFKC", title)))
    letters = unicodedata.normalize("NFKD", spoken).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", letters)
    kept = ""
    for word in words:
        longer = f"{kept}{join}{word}" if kept else word
        if kept and len(longer) > LONGEST:
            break
        kept = longer[:LONGEST]
    return kept


def fresh(wanted: str, taken: Collection[str], join: str) -> str:
    """`wanted`, with a number behind it where it is taken."""
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted}{join}{number}" in taken:
        number += 1
    return f"{wanted}{join}{number}"


def item_id(document: Document, title: str, kind: str) -> str:
    """A free id for an item of the layout."""
    taken = {str(item["id"]) for item in all_items(document)}
    return fresh(plain(title, "-") or kind.lower(), taken, "-")


def cell_name(taken: Collection[str], title: str) -> str:
    """A free name for a cell beside those that are taken."""
    wanted = plain(title, "_") or "cell"
    return fresh(wanted if wanted[0].isalpha() else f"cell_{wanted}", taken, "_")


def checked_name(name: str, taken: Collection[str]) -> str:
    """A name that somebody typed; raises `Refused` where it is none, or taken."""
    if not _NAME.fullmatch(name):
        raise Refused(
            _(
                "A name has small letters, digits and _, and begins with a letter, such as home_visits."
            )
        )
    if name in taken:
        raise Refused(_("There is a cell named %(name)s beside it already.", name=name))
    return name
