"""What a patch does, in sentences for people: for undo, for history, for the difference of two versions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from builder.edits.patch import Change, Patch, Path, difference, members
from runtime.api import MISSING, dumps, say
from runtime.api import gettext as _

TitleOf = Callable[[Mapping[str, Any]], str]
"""The title of a field as it is where it refers to the dictionary; empty for none."""
LONGEST = 60
"""Letters of a value that are said."""


def sentences(before: Any, after: Any, patch: Patch, title_of: TitleOf) -> list[str]:
    """One sentence for each change that makes `after` of `before`, in the order of the document."""
    return list(dict.fromkeys(_Told(before, after, patch, title_of).all()))


class _Told:
    def __init__(self, before: Any, after: Any, patch: Patch, title_of: TitleOf) -> None:
        self.before, self.after, self.patch, self.title_of = before, after, patch, title_of
        self.came = {c.path[-1]: c for c in patch if c.path and _is_item(c.after)}
        self.went = {c.path[-1]: c for c in patch if c.path and _is_item(c.before)}

    def all(self) -> Iterator[str]:
        yield from self._all(self.patch)

    def _all(self, changes: Iterable[Change]) -> Iterator[str]:
        for change in changes:
            yield from self._one(change)

    def _one(self, change: Change) -> Iterator[str]:
        path = change.path
        if not path:
            yield _("replaced the whole form")
        elif "layout" in path[:1] and (_is_item(change.after) or _is_item(change.before)):
            yield from self._item(change)
        elif change.move:
            yield self._moved(path, change.next)
        elif len(path) > 1 and path[-2] == "properties":
            yield self._cell(change)
        elif len(path) > 1 and path[-2] == "required":
            yield self._asked(change)
        else:
            yield self._set(change)

    def _item(self, change: Change) -> Iterator[str]:
        """Something of the layout that came or went; what went here and came there was moved."""
        key = change.path[-1]
        if key in self.came and key in self.went and not (_both(change)):
            if change.after is not MISSING:
                yield self._moved(change.path, change.next)
                within = difference(self.went[key].before, change.after)
                yield from self._all([replace(c, path=change.path + c.path) for c in within])
        elif change.before is MISSING:
            yield _("put %(thing)s on the form", thing=self._thing(change.path, self.after))
        elif change.after is MISSING:
            yield _("took %(thing)s off the form", thing=self._thing(change.path, self.before))
        else:
            yield _("made %(thing)s anew", thing=self._thing(change.path, self.after))

    def _moved(self, path: Path, follows: str | None) -> str:
        thing, around = self._thing(path, self.after), self._around(path)
        if follows is not None:
            beside = self._thing((*path[:-1], follows), self.after)
            return _("moved %(thing)s before %(other)s", thing=thing, other=beside)
        if around:
            return _("moved %(thing)s to the end of %(place)s", thing=thing, place=around)
        return _("moved %(thing)s to the end", thing=thing)

    def _cell(self, change: Change) -> str:
        if change.before is MISSING:
            return _("added %(thing)s", thing=self._thing(change.path, self.after))
        if change.after is MISSING:
            return _("took out %(thing)s", thing=self._thing(change.path, self.before))
        return _("made %(thing)s anew", thing=self._thing(change.path, self.after))

    def _asked(self, change: Change) -> str:
        here = (*change.path[:-2], "properties", change.path[-1])
        document = self.after if _at(self.after, here) is not MISSING else self.before
        thing = self._thing(here, document)
        if change.before is MISSING:
            return _("made %(thing)s required", thing=thing)
        return _("made %(thing)s optional", thing=thing)

    def _set(self, change: Change) -> str:
        thing, what = self._around(change.path), keyword(change.path[-1])
        old, new = _said(change.before), _said(change.after)
        named = _("%(what)s of %(thing)s", what=what, thing=thing) if thing else what
        if change.before is MISSING:
            return _("set %(named)s to %(new)s", named=named, new=new)
        if change.after is MISSING:
            return _("removed %(named)s (%(old)s)", named=named, old=old)
        return _("changed %(named)s from %(old)s to %(new)s", named=named, old=old, new=new)

    def _around(self, path: Path) -> str:
        """What the nearest thing around is called; empty where that is the form itself."""
        for n in range(len(path) - 1, 0, -1):
            node = _at(self.after, path[:n])
            node = _at(self.before, path[:n]) if node is MISSING else node
            is_cell = n > 1 and path[n - 2] == "properties"
            if is_cell or (isinstance(node, Mapping) and "kind" in node):
                return self._thing(path[:n], self.after)
        return ""

    def _thing(self, path: Path, document: Any) -> str:
        node = _at(document, path)
        node = _at(self.before, path) if node is MISSING else node
        title = self._title(node, document) if isinstance(node, Mapping) else ""
        return _("“%(title)s”", title=title or path[-1])

    def _title(self, node: Mapping[str, Any], document: Any) -> str:
        if "at" in node and not node.get("title"):
            cell = _at(document, cell_path(str(node["at"])))
            return self._title(cell, document) if isinstance(cell, Mapping) else ""
        own = {"en": node.get("title", ""), **_titles(node)}
        found = say({k: v for k, v in own.items() if v}) if any(own.values()) else ""
        return found or self.title_of(node) or str(node.get("text", ""))[:LONGEST]


def cell_path(pointer: str) -> Path:
    """Where in the form stands what is asked at a pointer of the entry; through lists to what a row has."""
    found: list[str] = []
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        found += ["items"] if name == "*" or name.isdecimal() else ["properties", name]
    return tuple(found)


def keyword(name: str) -> str:
    """What a keyword is called."""
    known = {
        "title": _("the title"),
        "description": _("the description"),
        "help": _("the help"),
        "number": _("the number"),
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
        "maxLength": _("the longest"),
        "fill": _("what it is filled from"),
        "translations": _("the translations"),
        "paper": _("the paper"),
        "orientation": _("the orientation"),
        "definition": _("the definition"),
        "synonyms": _("the other names"),
        "steward": _("the department that answers for it"),
        "sensitivity": _("the sensitivity"),
        "purpose": _("the purpose"),
        "legalBasis": _("the legal basis"),
        "retention": _("how long it is kept"),
        "maxAge": _("after what time it grows old"),
        "unit": _("the unit of measure"),
        "digits": _("the digits after the point"),
        "minLength": _("the fewest characters"),
        "by": _("the breakdowns"),
        "$ref": _("the code list"),
    }
    return known.get(name, name)


def _titles(node: Mapping[str, Any]) -> dict[str, str]:
    more = node.get("translations")
    if not isinstance(more, Mapping):
        return {}
    return {
        lang: one["title"]
        for lang, one in more.items()
        if isinstance(one, Mapping) and isinstance(one.get("title"), str)
    }


def _at(document: Any, path: Path) -> Any:
    for key in path:
        held = members(document)
        if held is None or key not in held:
            return MISSING
        document = held[key]
    return document


def _is_item(value: Any) -> bool:
    return isinstance(value, Mapping) and "kind" in value and "id" in value


def _both(change: Change) -> bool:
    return change.before is not MISSING and change.after is not MISSING


def _said(value: Any) -> str:
    text = value if isinstance(value, str) else "" if value is MISSING else dumps(value)
    short = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return _("“%(title)s”", title=short) if isinstance(value, str) else short
