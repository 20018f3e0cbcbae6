"""The choices of a cell in the panel: rows of code and titles, or a code list of the dictionary. Not its type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from builder.edits.choices import (
    Choice,
    choices_of,
    code_list_of,
    holder_of,
    new_code,
    set_choices,
    set_code_list,
)
from builder.edits.spots import Document, Refused, schema_at
from builder.studio.adding import reference_from
from builder.studio.canvas import Part
from builder.studio.opened import Opened
from runtime.api import LANGUAGES, dumps, loads, say, texts_of
from runtime.api import gettext as _

MOST = 200


@dataclass
class Choosing:
    """The choices on their way; `code_list` is the address of the one that is referred to, empty for own rows."""

    choices: list[Choice]
    code_list: str
    code_lists: list[tuple[str, str]]
    was: str
    is_step: bool = False
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        """Nothing is missing."""
        return not self.problems

    @property
    def languages(self) -> Mapping[str, str]:
        """The languages in which each choice has a title."""
        return LANGUAGES

    def written(self, choice: Choice) -> str:
        """The code under which a choice stands already, for the page; empty for a new one."""
        return "" if choice.was is None else dumps(choice.was)


def suits(part: Part) -> bool:
    """Whether the part has choices of its own, or of a code list that the form names."""
    schema = part.schema or {}
    is_known = "$ref" in schema and not code_list_of(schema)
    return part.kind == "cell" and not is_known and holder_of(schema) is not None


def says(part: Part) -> str:
    """How many choices, or which list."""
    node = _node(part.schema or {})
    if name := code_list_of(node):
        return _("the code list %(name)s", name=name.rpartition("/")[2].removesuffix(".json"))
    titles = [say(dict(one.titles)) or one.code for one in choices_of(part.schema or {})]
    return _(", ").join(titles[:6]) + ("…" if len(titles) > 6 else "")


def view(one: Opened, part: Part, posted: Mapping[str, str] | None) -> Choosing:
    """The choices as they stand, or as they were posted."""
    return _view(one, part.schema or {}, posted)


def carried(one: Opened, document: Document, part: Part, posted: Mapping[str, str]) -> Document:
    """The document with the choices as they were posted. Raises `Refused`."""
    found = _view(one, schema_at(document, part.pointer), posted)
    if posted.get("was", found.was) != found.was:
        raise Refused(
            _("Somebody else has changed these choices meanwhile; look at them again first.")
        )
    if not found.is_ready:
        raise Refused(" ".join(found.problems.values()))
    if found.code_list:
        return set_code_list(
            document, part.pointer, reference_from(one.address, found.code_list).rstrip("#")
        )
    return set_choices(document, part.pointer, found.choices)


def _view(one: Opened, schema: Mapping[str, Any], posted: Mapping[str, str] | None) -> Choosing:
    lists = [
        (a, say(texts_of(one.library.source(a))) or a) for a in one.library.addresses("code-list")
    ]
    reference = code_list_of(_node(schema))
    name = reference.rpartition("/")[2]
    address = next((a for a, _t in lists if reference and a.rpartition("/")[2] == name), "")
    choices = choices_of(schema)
    if reference and not choices:
        choices = _of_list(one, address)
    was = dumps([reference, [[c.was, dict(c.titles)] for c in choices_of(schema)]])
    found = Choosing(choices, address, lists, was)
    if posted is not None:
        _post(found, MultiDict(posted))
    return found


def _node(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    items = schema.get("items")
    return items if holder_of(schema) == "items" and isinstance(items, Mapping) else schema


def _of_list(one: Opened, address: str) -> list[Choice]:
    """The codes of a list, to begin own ones with."""
    try:
        return [replace(c, was=None) for c in choices_of(dict(one.library.source(address)))]
    except LookupError:
        return []


def _post(found: Choosing, form: MultiDict[str, str]) -> None:
    found.code_list = form.get("list", "")
    rows = [
        _row(form, n)
        for n in range(MOST)
        if f"choice.{n}.code" in form or f"choice.{n}.was" in form
    ]
    if rows or "rows" in form:
        found.choices = rows
    step = form.get("choice.do", "")
    found.is_step = bool(step)
    if step:
        found.choices = _stepped(found.choices, step)
        return
    if found.code_list:
        known = dict(found.code_lists)
        found.problems = {} if found.code_list in known else {"list": _("Choose a code list.")}
        return
    taken = [c.code for c in found.choices if c.code]
    found.choices = [c if c.code or c.was is not None else _coded(c, taken) for c in found.choices]
    found.problems = _problems(found.choices)


def _coded(choice: Choice, taken: list[str]) -> Choice:
    code = new_code(choice.titles, taken)
    taken.append(code)
    return replace(choice, code=code)


def _row(form: MultiDict[str, str], n: int) -> Choice:
    titles = {tag: form.get(f"choice.{n}.title.{tag}", "").strip() for tag in LANGUAGES}
    was = form.get(f"choice.{n}.was", "")
    try:
        before = loads(was) if was else None
    except ValueError:
        before = None
    code = form.get(f"choice.{n}.code", "").strip()
    return Choice(code if before is None else str(before), titles, before)


def _stepped(choices: list[Choice], step: str) -> list[Choice]:
    verb, _colon, place = step.partition(":")
    n = int(place) if place.isdecimal() else -1
    found = list(choices)
    if verb == "add":
        return [*found, Choice("", {})]
    if not 0 <= n < len(found):
        return found
    one = found.pop(n)
    if verb in ("up", "down"):
        found.insert(max(0, n + (-1 if verb == "up" else 1)), one)
    elif verb != "remove":
        found.insert(n, one)
    return found


def _problems(choices: list[Choice]) -> dict[str, str]:
    found: dict[str, str] = {}
    codes = [choice.code for choice in choices]
    if not choices:
        found["rows"] = _("A choice needs something to choose from; leave one at least.")
    for n, choice in enumerate(choices):
        if not any(choice.titles.values()):
            found[f"choice.{n}"] = _("Each choice needs a title.")
        elif codes.count(choice.code) > 1:
            found[f"choice.{n}"] = _(
                "The code %(code)s stands twice; each has its own.", code=choice.code
            )
    return found
