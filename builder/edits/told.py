"""A patch told change by change: what came, went, moved or is other now. Not for rules, which are JSON here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from builder.edits.called import LONGEST, keyword_of, owed_said, titles_in, value_said
from builder.edits.patch import Change, Patch, Path, difference, members
from runtime.api import MISSING, say
from runtime.api import gettext as _

TitleOf = Callable[[Mapping[str, Any]], str]
"""The title of a field as it is where it refers to the dictionary; empty for none."""
_TOGETHER = ("translations", "outputs", "pdf", "xlsx", "due", "burden")
"""Keywords that hold several things, of which each is said by itself."""


class Told:
    """What `patch` does between `before` and `after`, a sentence for each change, in order."""

    def __init__(self, before: Any, after: Any, patch: Patch, title_of: TitleOf) -> None:
        self.before, self.after, self.patch, self.title_of = before, after, patch, title_of
        self.came = {c.path[-1]: c for c in patch if c.path and _is_item(c.after)}
        self.went = {c.path[-1]: c for c in patch if c.path and _is_item(c.before)}
        self.cells = {c.path for c in patch if c.path[-2:-1] == ("properties",) and not c.move}
        self.renamed = _renamed(patch)
        """The new paths of cells that have another name and are the same otherwise, by the old ones."""

    def all(self) -> Iterator[str]:
        yield from self._all(self.patch)

    def _all(self, changes: Iterable[Change]) -> Iterator[str]:
        for change in changes:
            yield from self._one(change)

    def _one(self, change: Change) -> Iterator[str]:
        path = change.path
        if not path:
            yield _("replaced the whole form")
        elif self._is_of_name(change):
            yield from self._name(change)
        elif "layout" in path[:1] and (_is_item(change.after) or _is_item(change.before)):
            yield from self._item(change)
        elif change.move:
            if _is_ordered(path, self.after):
                yield self._moved(path, change.next)
        elif (within := _members(change)) is not None:
            yield from self._all(within)
        elif len(path) > 1 and path[-2] == "oneOf" and not _both(change):
            yield self._choice(change)
        elif len(path) > 1 and path[-2] == "properties":
            yield self._cell(change)
        elif len(path) > 1 and path[-2] == "required":
            yield self._asked(change)
        elif path[:-1] == ("level",) and not _both(change):
            yield owed_said(path[-1], more=change.before is MISSING)
        else:
            yield self._set(change)

    def _is_of_name(self, change: Change) -> bool:
        """Whether all that a change says is that a cell has another name."""
        if change.path in self.renamed or change.path in self.renamed.values():
            return True
        cell = (*change.path[:-2], "properties", change.path[-1])
        if change.path[-2:-1] == ("required",):
            return cell in self.renamed or cell in self.renamed.values()
        is_place = change.path[-1] == "at" and isinstance(change.after, str)
        return is_place and cell_path(str(change.after)) in self.renamed.values()

    def _name(self, change: Change) -> Iterator[str]:
        if change.path in self.renamed:
            new = self.renamed[change.path]
            within = difference(change.before, at_path(self.after, new))
            yield from self._all([replace(c, path=(*new, *c.path)) for c in within])
            thing = self.thing(new, self.after)
            yield _("%(thing)s is named %(name)s in the data", thing=thing, name=new[-1])

    def _item(self, change: Change) -> Iterator[str]:
        """Something of the layout that came or went; what went here and came there was moved."""
        key = change.path[-1]
        one = change.before if change.after is MISSING else change.after
        if not _both(change) and cell_path(str(one.get("at", ""))) in self.cells:
            return  # the cell that came or went with it says so already
        if key in self.came and key in self.went and not (_both(change)):
            if change.after is not MISSING:
                yield self._moved(change.path, change.next)
                within = difference(self.went[key].before, change.after)
                yield from self._all([replace(c, path=change.path + c.path) for c in within])
        elif change.before is MISSING:
            yield _("put %(thing)s on the form", thing=self.thing(change.path, self.after))
        elif change.after is MISSING:
            yield _("took %(thing)s off the form", thing=self.thing(change.path, self.before))
        else:
            yield _("made %(thing)s anew", thing=self.thing(change.path, self.after))

    def _moved(self, path: Path, follows: str | None) -> str:
        thing, around = self.thing(path, self.after), self._around(path)
        if follows is not None:
            beside = self.thing((*path[:-1], follows), self.after)
            return _("moved %(thing)s before %(other)s", thing=thing, other=beside)
        if around:
            return _("moved %(thing)s to the end of %(place)s", thing=thing, place=around)
        return _("moved %(thing)s to the end", thing=thing)

    def _choice(self, change: Change) -> str:
        """A choice of a cell that came or went."""
        thing = self._around(change.path[:-1])
        if change.before is MISSING:
            choice = self.thing(change.path, self.after)
            return _("added the choice %(choice)s to %(thing)s", choice=choice, thing=thing)
        choice = self.thing(change.path, self.before)
        return _("took the choice %(choice)s out of %(thing)s", choice=choice, thing=thing)

    def _cell(self, change: Change) -> str:
        if change.before is MISSING:
            return _("added %(thing)s", thing=self.thing(change.path, self.after))
        if change.after is MISSING:
            return _("took out %(thing)s", thing=self.thing(change.path, self.before))
        return _("made %(thing)s anew", thing=self.thing(change.path, self.after))

    def _asked(self, change: Change) -> str:
        here = (*change.path[:-2], "properties", change.path[-1])
        document = self.after if at_path(self.after, here) is not MISSING else self.before
        thing = self.thing(here, document)
        if change.before is MISSING:
            return _("made %(thing)s required", thing=thing)
        return _("made %(thing)s optional", thing=thing)

    def _set(self, change: Change) -> str:
        thing, what = self._around(change.path), keyword_of(change.path)
        old, new = value_said(change.before), value_said(change.after)
        named = _("%(what)s of %(thing)s", what=what, thing=thing) if thing else what
        if change.before is MISSING:
            return _("set %(named)s to %(new)s", named=named, new=new)
        if change.after is MISSING:
            return _("removed %(named)s (%(old)s)", named=named, old=old)
        return _("changed %(named)s from %(old)s to %(new)s", named=named, old=old, new=new)

    def _around(self, path: Path) -> str:
        """What the nearest thing around is called; empty where that is the form itself."""
        for n in range(len(path) - 1, 0, -1):
            node = at_path(self.after, path[:n])
            node = at_path(self.before, path[:n]) if node is MISSING else node
            is_cell = n > 1 and path[n - 2] == "properties"
            if is_cell or (isinstance(node, Mapping) and "kind" in node):
                return self.thing(path[:n], self.after)
        return ""

    def thing(self, path: Path, document: Any) -> str:
        """What stands at a path of the document, as people call it."""
        node = at_path(document, path)
        node = at_path(self.before, path) if node is MISSING else node
        title = self._title(node, document) if isinstance(node, Mapping) else ""
        if not title and _is_item(node) and node["kind"] == "columns":
            return _("the columns")
        return _("“%(title)s”", title=title or path[-1])

    def _title(self, node: Mapping[str, Any], document: Any) -> str:
        if "at" in node and not node.get("title"):
            cell = at_path(document, cell_path(str(node["at"])))
            return self._title(cell, document) if isinstance(cell, Mapping) else ""
        own = {"en": node.get("title", ""), **titles_in(node)}
        found = say({k: v for k, v in own.items() if v}) if any(own.values()) else ""
        return found or self.title_of(node) or str(node.get("text", ""))[:LONGEST]


def _renamed(patch: Patch) -> dict[Path, Path]:
    cells = [c for c in patch if c.path[-2:-1] == ("properties",) and not c.move]
    came = [c for c in cells if c.before is MISSING]
    return {
        one.path: other.path
        for one in cells
        for other in came
        if one.after is MISSING
        and one.path[:-1] == other.path[:-1]
        and _untitled(one.before) == _untitled(other.after)
    }


def _untitled(cell: Any) -> Any:
    """A cell without what it is called: a new one is often named and called at once."""
    if not isinstance(cell, Mapping):
        return cell
    return {k: v for k, v in cell.items() if k not in ("title", "translations")}


def _is_ordered(path: Path, document: Any) -> bool:
    """Whether the order of what stands beside means something: not that of keywords."""
    return not isinstance(at_path(document, path[:-1]), Mapping) or path[-2:-1] == ("properties",)


def _members(change: Change) -> list[Change] | None:
    """The changes of which one consists, where a keyword came or went with all that it holds."""
    path = change.path
    one = change.before if change.after is MISSING else change.after
    if path[-1] in ("required", "level") and isinstance(one, list) and not _both(change):
        return [_member(change, str(name), name) for name in one]
    inner = path[-2:-1] == ("translations",)
    if _both(change) or not isinstance(one, Mapping) or not (path[-1] in _TOGETHER or inner):
        return None
    return [_member(change, name, value) for name, value in one.items()]


def _member(change: Change, name: str, value: Any) -> Change:
    came = change.before is MISSING
    before, after = (MISSING, value) if came else (value, MISSING)
    return replace(change, path=(*change.path, name), before=before, after=after)


def cell_path(pointer: str) -> Path:
    """Where in the form stands what is asked at a pointer of the entry; through lists to what a row has."""
    found: list[str] = []
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        found += ["items"] if name == "*" or name.isdecimal() else ["properties", name]
    return tuple(found)


def at_path(document: Any, path: Path) -> Any:
    """What stands at a path, as patches name places; `MISSING` where nothing does."""
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
