"""The choices of a cell of the form's own: its codes with their titles, or a code list of the dictionary. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from builder.edits.naming import fresh, plain
from builder.edits.spots import Document, Refused, Steps, at, schema_path, with_at
from builder.edits.texts import SOURCE, text_in, with_text
from runtime.api import dumps
from runtime.api import gettext as _

_LISTING = ("type", "oneOf", "enum", "$ref")


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice; `was` is the code under which it stands in the form already, as it is written there; None: new."""

    code: str
    titles: Mapping[str, str]
    was: Any = None


def holder_of(schema: Mapping[str, Any]) -> str | None:
    """Where the choices of a cell stand: `""` in itself, `items` in what it takes several of; None: it has none."""
    items = schema.get("items")
    for where, node in (("", schema), ("items", items)):
        if isinstance(node, Mapping) and (_listed(node) is not None or code_list_of(node)):
            return where
    return None


def choices_of(schema: Mapping[str, Any]) -> list[Choice]:
    """The choices that the form itself lists."""
    listed = _listed(_node(schema)) or []
    return [Choice(spelt(one["const"]), _titles(one), one["const"]) for one in listed]


def code_list_of(node: Mapping[str, Any]) -> str:
    """The code list that a cell, or what it takes several of, refers to; empty where it lists its own."""
    reference = node.get("$ref")
    if not isinstance(reference, str) or "code-lists/" not in reference:
        return ""
    return reference


def set_choices(document: Document, pointer: str, choices: Sequence[Choice]) -> Document:
    """The document with these choices of a cell. Raises `Refused` for a code that is missing or stands twice."""
    path = schema_path(document, pointer)
    place = _place(at(document, path), path)
    node = at(document, place)
    old = {dumps(one["const"]): one for one in _listed(node) or []}
    if not choices:
        raise Refused(_("A choice needs something to choose from; leave one at least."))
    is_number = any(isinstance(one["const"], int) for one in old.values())
    listed = [_written(one, old, is_number=is_number) for one in choices]
    codes = [dumps(one["const"]) for one in listed]
    for code in codes:
        if codes.count(code) > 1:
            raise Refused(
                _("The code %(code)s stands twice; each has its own.", code=code.strip('"'))
            )
    kind = {"type": "integer" if all(isinstance(one["const"], int) for one in listed) else "string"}
    return _with(document, place, {**kind, "oneOf": listed})


def set_code_list(document: Document, pointer: str, reference: str) -> Document:
    """The document in which the choices of a cell are those of a code list. Raises `Refused`."""
    path = schema_path(document, pointer)
    return _with(document, _place(at(document, path), path), {"$ref": reference})


def new_code(titles: Mapping[str, str], taken: Iterable[str]) -> str:
    """A free code for a new choice, made of what it is called."""
    known = set(taken)
    title = titles.get(SOURCE) or next((text for text in titles.values() if text), "")
    return fresh(plain(title, "-") or "1", known, "-") if title else fresh_number(known)


def fresh_number(taken: set[str]) -> str:
    """The first number that is no code yet."""
    return next(str(n) for n in range(1, len(taken) + 2) if str(n) not in taken)


def spelt(code: Any) -> str:
    """A code as people read it."""
    return code if isinstance(code, str) else dumps(code)


def _node(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    items = schema.get("items")
    return items if holder_of(schema) == "items" and isinstance(items, Mapping) else schema


def _place(schema: Any, path: Steps) -> Steps:
    where = holder_of(schema) if isinstance(schema, Mapping) else None
    if where is None:
        raise Refused(_("This cell has no choices."))
    return (*path, where) if where else path


def _listed(node: Mapping[str, Any]) -> list[Mapping[str, Any]] | None:
    branches, plain_ = node.get("oneOf"), node.get("enum")
    if isinstance(branches, list) and all(
        isinstance(b, Mapping) and "const" in b for b in branches
    ):
        return branches
    return [{"const": value} for value in plain_] if isinstance(plain_, list) else None


def _titles(one: Mapping[str, Any]) -> dict[str, str]:
    tags = {SOURCE, *(one["translations"] if isinstance(one.get("translations"), Mapping) else ())}
    return {tag: text for tag in tags if (text := text_in(one, "title", tag))}


def _written(
    choice: Choice, old: Mapping[str, Mapping[str, Any]], *, is_number: bool
) -> dict[str, Any]:
    """A choice as it is written; what else stands beside a code that was there before stays."""
    if choice.was is not None:
        node = dict(old.get(dumps(choice.was), {"const": choice.was}))
    elif not choice.code:
        raise Refused(_("Each choice needs a code."))
    else:
        code: Any = int(choice.code) if is_number and choice.code.isdecimal() else choice.code
        node = {"const": code}
    for tag, text in choice.titles.items():
        node = with_text(node, "title", tag, text)
    if not node.get("title"):
        raise Refused(_("Each choice needs a title."))
    ordered: dict[str, Any] = {k: node[k] for k in ("const", "title")}
    return {**ordered, **node}


def _with(document: Document, place: Steps, listing: Mapping[str, Any]) -> Document:
    node = at(document, place)
    kept = {k: v for k, v in node.items() if k not in _LISTING}
    head = {k: kept.pop(k) for k in ("title", "help") if k in kept}
    tail = {"translations": kept.pop("translations")} if "translations" in kept else {}
    return with_at(document, place, {**head, **listing, **kept, **tail})  # type: ignore[no-any-return]
