"""What a designer asks of a form, read from what the page sends, as one pure step. Not for keeping it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from builder.edits.cells import object_path, remove_cell, remove_item
from builder.edits.fragments import pasted
from builder.edits.layout import move, put, stepped, take
from builder.edits.naming import item_id
from builder.edits.renaming import rename
from builder.edits.spots import (
    HOLDERS,
    ChangedMeanwhile,
    Document,
    Refused,
    at,
    find,
    pointer_of,
    schema_path,
    tokens,
    with_at,
)
from builder.edits.texts import with_text
from builder.studio import bench
from builder.studio.adding import Beside, add, behind, reference_from
from builder.studio.canvas import Part, picked, stands_in_table, walk
from builder.studio.following import following
from builder.studio.opened import Opened
from builder.studio.panel import cell_reach
from builder.studio.properties import changed, form_reach, item_reach
from runtime.api import NotJson, current_language, loads
from runtime.api import gettext as _

LONGEST_TITLE = 200
"""Letters of a search that become the label of a new cell."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The document after the step, and the key of the part that is picked then."""

    document: Document
    key: str

    @property
    def pair(self) -> tuple[Document, str]:
        """Both."""
        return self.document, self.key


def asked(opened: Opened, posted: Mapping[str, str]) -> Callable[[Document], Outcome]:
    """The step that a page asks for, on whatever the form is by then. The step raises `Refused`."""
    verb = posted.get("do", "")
    doing = _DOING.get(verb)

    def step(document: Document) -> Outcome:
        if doing is None:
            raise Refused(_("Nothing is known to do by that name."))
        root = opened.tree_of(document)
        part = picked(root, posted.get("at", ""))
        if part.key != posted.get("at", ""):
            raise ChangedMeanwhile(_("This part of the form is no longer there."))
        if verb in _OF_PARTS and stands_in_table(root, part):
            raise Refused(_("It stands in a table: change the headings of the table instead."))
        return doing(opened, document, root, part, posted)

    return step


Asked = Mapping[str, str]


def _add(opened: Opened, document: Document, root: Part, part: Part, posted: Asked) -> Outcome:
    title = posted.get("title", "").strip()[:LONGEST_TITLE]
    beside = Beside(part, root, opened.shapes, opened.address, current_language(), title)
    return Outcome(*add(document, posted.get("what", ""), beside))


def _use(opened: Opened, document: Document, root: Part, part: Part, posted: Asked) -> Outcome:
    """An own cell becomes what the dictionary has already, in its place; what is broken down becomes a table."""
    what = posted.get("what", "")
    place = what.removeprefix("field:")
    reference = reference_from(opened.address, place)
    found = opened.shapes.of_reference(reference)
    if not found or part.kind != "cell":
        raise Refused(_("The dictionary has nothing at %(place)s.", place=place))
    if found.get("by"):
        document, key = _add(opened, document, root, part, posted).pair
        gone = remove_item if part.item is not None else remove_cell
        return Outcome(gone(document, part.key if part.item is not None else part.pointer), key)
    kept = {k: v for k, v in (part.schema or {}).items() if k == "readOnly"}
    path = schema_path(document, part.pointer)
    return Outcome(with_at(document, path, {"$ref": reference, **kept}), part.key)


def _set(opened: Opened, document: Document, _root: Part, part: Part, posted: Asked) -> Outcome:
    now = Opened(opened.session, opened.library, opened.department, opened.name, part.key)
    now.__dict__["document"] = document
    fresh = changed(document, part, now.properties, posted)
    return Outcome(*following(document, fresh, part, lambda: opened.versions))


def _label(opened: Opened, document: Document, _root: Part, part: Part, posted: Asked) -> Outcome:
    """The title in the language that the page speaks."""
    text = posted.get("text", "").strip()
    word = "text" if part.kind == "note" else "title"
    reach = form_reach if part.kind == "form" else cell_reach
    if part.item is not None and part.kind not in ("cell", "rows", "part"):
        reach = item_reach
    fresh = reach(document, part, lambda n: with_text(n, word, current_language(), text))
    return Outcome(*following(document, fresh, part, lambda: opened.versions))


def _step(_opened: Opened, document: Document, root: Part, part: Part, posted: Asked) -> Outcome:
    way = posted["do"]
    if part.item is None:
        return _reordered(document, root, part, way)
    return Outcome(stepped(document, part.key, way), part.key)


def _reordered(document: Document, root: Part, part: Part, way: str) -> Outcome:
    """A cell without an item moves among the members of its group or list; one of the form gets an item first."""
    if not part.key:
        raise Refused(_("Pick the part that is to move."))
    if not part.holder:
        document, key = _on_layout(document, part)
        return Outcome(document, key)
    siblings = [one.key for one in picked(root, part.holder).children]
    place = siblings.index(part.key) + (-1 if way == "up" else 1)
    if way not in ("up", "down") or not 0 <= place < len(siblings):
        raise Refused(_("It is at the edge of its group already."))
    siblings.remove(part.key)
    siblings.insert(place, part.key)
    names = [tokens(key[1:])[-1] for key in siblings]
    holder = picked(root, part.holder)
    return Outcome(_in_order(document, holder, names), part.key)


def _in_order(document: Document, holder: Part, names: list[str]) -> Document:
    path = object_path(document, holder.pointer)
    schema = at(document, path)
    own = schema.get("properties", {})
    ordered = {name: own[name] for name in names if name in own}
    document = with_at(
        document,
        (*path, "properties"),
        {**ordered, **{k: v for k, v in own.items() if k not in ordered}},
    )
    if "propertyOrder" in schema:
        document = with_at(document, (*path, "propertyOrder"), names)
    return document


def _on_layout(document: Document, part: Part) -> tuple[Document, str]:
    name = tokens(part.pointer)[-1]
    item = {"id": item_id(document, name, part.kind), "kind": part.kind, "at": part.pointer}
    return put(document, item, ""), str(item["id"])


def _move(_opened: Opened, document: Document, root: Part, part: Part, posted: Asked) -> Outcome:
    """To a place that was pointed at: before another part, or into a holder."""
    if part.item is None and part.key and not part.holder:
        document, key = _on_layout(document, part)
        part = Part(key, part.kind, part.pointer)
    elif part.item is None:
        raise Refused(_("A cell of a group or list moves within it only."))
    target = picked(root, posted.get("to", ""))
    if posted.get("place") == "in" and target.kind in HOLDERS:
        return Outcome(move(document, part.key, target.key), part.key)
    if target.item is None:
        return Outcome(move(document, part.key, ""), part.key)
    if posted.get("place") == "after":
        item = find(document, part.key).item
        return Outcome(*behind(take(document, part.key), item, target.key))
    return Outcome(
        move(document, part.key, find(document, target.key).holder, target.key), part.key
    )


def _remove(_opened: Opened, document: Document, root: Part, part: Part, _posted: Asked) -> Outcome:
    if not part.key:
        raise Refused(_("Pick the part that is to go."))
    keys = [one.key for one in walk(root) if one.key]
    gone = {one.key for one in walk(part)}
    place = keys.index(part.key)
    after = next((k for k in keys[place:] if k not in gone), "") or next(
        (k for k in reversed(keys[:place])), ""
    )
    if part.item is not None:
        return Outcome(remove_item(document, part.key), after)
    return Outcome(remove_cell(document, part.pointer), after)


def _rename(_opened: Opened, document: Document, _root: Part, part: Part, posted: Asked) -> Outcome:
    name = posted.get("name", "").strip()
    document = rename(document, part.pointer, name)
    if part.item is not None:
        return Outcome(document, part.key)
    return Outcome(document, "@" + pointer_of((*tokens(part.pointer)[:-1], name)))


def _paste(_opened: Opened, document: Document, _root: Part, part: Part, posted: Asked) -> Outcome:
    try:
        fragment = loads(posted.get("fragment", ""))
    except NotJson:
        raise Refused(_("What was copied is not part of a form.")) from None
    if part.kind in HOLDERS and part.item is not None and fragment_kind(fragment) != "section":
        return Outcome(*pasted(document, fragment, part.key))
    document, key = pasted(document, fragment, "")
    if part.item is None:
        return Outcome(document, key)
    item = find(document, key).item
    return Outcome(*behind(take(document, key), item, part.key))


def fragment_kind(fragment: object) -> str:
    """The kind of what was copied."""
    item = fragment.get("item") if isinstance(fragment, Mapping) else None
    return str(item.get("kind", "")) if isinstance(item, Mapping) else ""


def _bench(opened: Opened, document: Document, _root: Part, part: Part, posted: Asked) -> Outcome:
    """What was composed in the panel: a condition, a fill, headings, choices."""
    return Outcome(bench.done(opened, document, part, posted), part.key)


_OF_PARTS = ("up", "down", "in", "out", "move", "remove", "rename")
"""What can be done to a part that has a place of its own."""
_DOING: dict[str, Callable[[Opened, Document, Part, Part, Asked], Outcome]] = {
    "add": _add,
    "use": _use,
    "set": _set,
    "label": _label,
    "up": _step,
    "down": _step,
    "in": _step,
    "out": _step,
    "move": _move,
    "remove": _remove,
    "rename": _rename,
    "paste": _paste,
    **{tool.verb: _bench for tool in bench.TOOLS.values()},
}
