"""What a patch does, in sentences for people: for undo, for history, for the difference of two versions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from builder.edits.lifted import lifted
from builder.edits.patch import Change, Patch, Path, difference, members
from runtime.api import LANGUAGES, MISSING, dumps, say, texts_of
from runtime.api import gettext as _

TitleOf = Callable[[Mapping[str, Any]], str]
"""The title of a field as it is where it refers to the dictionary; empty for none."""
LONGEST = 60
"""Letters of a value that are said."""


Rules = Mapping[tuple[str, str], tuple[str, str]]
"""By the pointer of a cell and `shown`, `needed` or `filled`: the rule as a sentence, and how it is written."""
RulesOf = Callable[[Any], Rules]


def sentences(
    before: Any, after: Any, patch: Patch, title_of: TitleOf, rules_of: RulesOf | None = None
) -> list[str]:
    """One sentence for each change that makes `after` of `before`, in the order of the document.

    With `rules_of` the patch is all that differs, and conditions and fills are said as rules, not as JSON.
    """
    if rules_of is None:
        return list(dict.fromkeys(_Told(before, after, patch, title_of).all()))
    rules = _Ruled(before, after, patch, title_of, rules_of)
    said = list(dict.fromkeys([*rules.others(), *rules.all()]))
    return said or sentences(before, after, patch, title_of)


class _Ruled:
    """What differs, with rules said of their cells."""

    def __init__(
        self, before: Any, after: Any, patch: Patch, title_of: TitleOf, rules_of: RulesOf
    ) -> None:
        self.plain = (lifted(before), lifted(after))
        self.layout = [c for c in patch if c.path[:1] == ("layout",)]
        self.title_of = title_of
        self.old, self.new = rules_of(before), rules_of(after)
        self.changed = [
            key
            for key in dict.fromkeys((*self.old, *self.new))
            if all(a != b for a, b in zip(self._pair(key, self.old), self._pair(key, self.new), strict=True))
        ]  # fmt: skip

    def _pair(self, key: tuple[str, str], rules: Rules) -> tuple[str, str]:
        return rules.get(key, ("", ""))

    def others(self) -> Iterator[str]:
        """All but the rules. A cell that hangs on something else now has not been moved."""
        old, new = self.plain
        moved = {cell_path(p)[:-1] for p, kind in self.changed if kind == "shown"}
        cells = [
            c
            for c in difference(old, new)
            if c.path[:1] != ("layout",)
            and not (c.move and (c.path[:-1] in moved or c.path[-2:-1] == ("required",)))
        ]
        patch = (*cells, *self.layout)
        yield from _Told(old, new, patch, self.title_of).all()

    def all(self) -> Iterator[str]:
        """The rules that came, went or are others now."""
        old, new = self.plain
        told = _Told(old, new, (), self.title_of)
        for pointer, kind in self.changed:
            path = cell_path(pointer)
            if _at(new, path) is not MISSING:
                thing = told.thing(path, new)
                yield _rule(kind, thing, self.new.get((pointer, kind), ("", ""))[0])


def _rule(kind: str, thing: str, sentence: str) -> str:
    if kind == "shown":
        if not sentence:
            return _("%(thing)s is always shown", thing=thing)
        return _("%(thing)s is shown when %(condition)s", thing=thing, condition=sentence)
    if kind == "needed":
        if not sentence:
            return _("%(thing)s is no longer needed under a condition", thing=thing)
        return _("%(thing)s is needed only when %(condition)s", thing=thing, condition=sentence)
    if not sentence:
        return _("%(thing)s is typed by staff", thing=thing)
    return _("%(thing)s is filled: %(rule)s", thing=thing, rule=sentence)


class _Told:
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
            yield _owed(path[-1], more=change.before is MISSING)
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
            within = difference(change.before, _at(self.after, new))
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
        document = self.after if _at(self.after, here) is not MISSING else self.before
        thing = self.thing(here, document)
        if change.before is MISSING:
            return _("made %(thing)s required", thing=thing)
        return _("made %(thing)s optional", thing=thing)

    def _set(self, change: Change) -> str:
        thing, what = self._around(change.path), _what(change.path)
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
                return self.thing(path[:n], self.after)
        return ""

    def thing(self, path: Path, document: Any) -> str:
        """What stands at a path of the document, as people call it."""
        node = _at(document, path)
        node = _at(self.before, path) if node is MISSING else node
        title = self._title(node, document) if isinstance(node, Mapping) else ""
        if not title and _is_item(node) and node["kind"] == "columns":
            return _("the columns")
        return _("“%(title)s”", title=title or path[-1])

    def _title(self, node: Mapping[str, Any], document: Any) -> str:
        if "at" in node and not node.get("title"):
            cell = _at(document, cell_path(str(node["at"])))
            return self._title(cell, document) if isinstance(cell, Mapping) else ""
        own = {"en": node.get("title", ""), **_titles(node)}
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


def _owed(level: str, *, more: bool) -> str:
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


def _untitled(cell: Any) -> Any:
    """A cell without what it is called: a new one is often named and called at once."""
    if not isinstance(cell, Mapping):
        return cell
    return {k: v for k, v in cell.items() if k not in ("title", "translations")}


def _is_ordered(path: Path, document: Any) -> bool:
    """Whether the order of what stands beside means something: not that of keywords."""
    return not isinstance(_at(document, path[:-1]), Mapping) or path[-2:-1] == ("properties",)


_TOGETHER = ("translations", "outputs", "pdf", "xlsx", "due", "burden")
"""Keywords that hold several things, of which each is said by itself."""


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


def _what(path: Path) -> str:
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
    text = value if isinstance(value, str) else "" if value is MISSING else _plain(value)
    short = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return _("“%(title)s”", title=short) if isinstance(value, str) else short


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
