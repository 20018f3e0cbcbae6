"""What keywords, levels and values are called in the sentences of a patch. Not for the sentences themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from builder.edits.patch import Path
from runtime.api import LANGUAGES, MISSING, dumps, say, texts_of
from runtime.api import gettext as _

LONGEST = 60
"""Letters of a value that are said."""


def keyword(name: str) -> str:
    """What a keyword is called."""
    known = {
        "title": _("the title"),
        "description": _("the description"),
        "help": _("the help"),
        "number": _("the number"),
        "legalBasis": _("the legal basis"),
        "contact": _("who answers for it"),
        "expires": _("until when it is asked"),
        "burden": _("what filling it takes"),
        "frequency": _("how often"),
        "level": _("the levels"),
        "due": _("when it is due"),
        "days": _("the days until it is due"),
        "department": _("the department"),
        "width": _("the width"),
        "count": _("the number of columns"),
        "rows": _("the rows"),
        "columns": _("the columns"),
        "corner": _("the corner"),
        "text": _("the text"),
        "minimum": _("the least"),
        "maximum": _("the most"),
        "maxLength": _("the longest length"),
        "minItems": _("the rows at least"),
        "maxItems": _("the rows at most"),
        "pattern": _("the pattern"),
        "format": _("the format"),
        "subject": _("whom it is about"),
        "secondsPerCell": _("the seconds for a cell"),
        "fill": _("what it is filled from"),
        "oneOf": _("the choices"),
        "readOnly": _("only to be read"),
        "unit": _("the unit"),
        "digits": _("the places after the point"),
        "translations": _("the translations"),
        "paper": _("the paper"),
        "orientation": _("the orientation"),
        "definition": _("the definition"),
        "synonyms": _("the other names"),
        "steward": _("the department that answers for it"),
        "sensitivity": _("the sensitivity"),
        "purpose": _("the purpose"),
        "retention": _("how long it is kept"),
        "maxAge": _("after what time it grows old"),
        "minLength": _("the fewest characters"),
        "by": _("the breakdowns"),
        "$ref": _("the code list"),
    }
    return known.get(name, name)


def keyword_of(path: Path) -> str:
    """What is said of a keyword: of a translation also its language, of a paper of which output."""
    what = keyword(path[-1])
    if path[-3:-2] == ("translations",):
        name = LANGUAGES.get(path[-2], path[-2])
        return _("%(what)s (%(language)s)", what=what, language=name)
    if path[-3:-2] == ("outputs",):
        return _(
            "%(what)s of the %(output)s", what=what, output={"pdf": "PDF"}.get(path[-2], "Excel")
        )
    return what


def owed_said(level: str, *, more: bool) -> str:
    """That a level is, or is no longer, among those who owe the form."""
    titles = {
        "city": _("City"),
        "district": _("District"),
        "street": _("Street"),
        "community": _("Community"),
        "grid": _("Grid"),
    }
    title = titles.get(level, level)
    if more:
        return _("“%(level)s” is among those who owe it", level=title)
    return _("“%(level)s” is no longer among those who owe it", level=title)


def value_said(value: Any) -> str:
    """A value, cut where it is long: texts in quotes; empty for `MISSING`."""
    text = value if isinstance(value, str) else "" if value is MISSING else _plain(value)
    short = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return _("“%(title)s”", title=short) if isinstance(value, str) else short


def titles_in(node: Mapping[str, Any]) -> dict[str, str]:
    """What a part is called in other languages, by language."""
    more = node.get("translations")
    if not isinstance(more, Mapping):
        return {}
    return {
        lang: one["title"]
        for lang, one in more.items()
        if isinstance(one, Mapping) and isinstance(one.get("title"), str)
    }


def _plain(value: Any) -> str:
    """Headings, breakdowns and choices by what they are called, all else as JSON."""
    if isinstance(value, Mapping) and isinstance(value.get("by"), list):
        return _(", ").join(str(name) for name in value["by"])
    listed = value.get("items") if isinstance(value, Mapping) else value
    titles = [_titles_of(one) for one in listed] if isinstance(listed, list) else []
    return _(", ").join(titles) if titles and all(titles) else dumps(value)


def _titles_of(one: Any) -> str:
    if not isinstance(one, Mapping) or not ("title" in one or "const" in one):
        return ""
    inner = one.get("items")
    own = say(texts_of(dict(one))) or str(one.get("const", ""))
    if not isinstance(inner, list):
        return own
    return f"{own} ({_(', ').join(_titles_of(i) for i in inner)})"
