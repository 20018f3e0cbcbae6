"""A cell's name changed wherever the form speaks of it: schemas, conditions, layout, formulas, fills. Pure.

Not for names of the dictionary, and not for what was reported under the old name: entries keep their version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from builder.edits.cells import names_in
from builder.edits.naming import checked_name
from builder.edits.spots import Document, Refused, pointer_of, schema_path, tokens
from runtime.api import gettext as _

_SAME_PLACE = ("if", "then", "else", "not")
_LISTS = ("allOf", "anyOf", "oneOf")
_MAPS = ("dependentSchemas",)


def rename(document: Document, pointer: str, name: str) -> Document:
    """The document with another name for the cell at a pointer. Raises `Refused`."""
    steps = tokens(pointer)
    if not steps or steps[-1] == "*":
        raise Refused(_("Only a cell or a group has a name."))
    if steps[-1] == name:
        return document
    schema_path(document, pointer)
    taken = names_in(document, _holder(steps))
    return _Renaming(steps, checked_name(name, taken)).document(document)


def _holder(steps: tuple[str, ...]) -> str:
    """The pointer of the object or list that the cell stands in."""
    above = steps[:-1]
    return pointer_of(above[:-1] if above[-1:] == ("*",) else above)


class _Renaming:
    def __init__(self, steps: tuple[str, ...], name: str) -> None:
        self.holder, self.old, self.new = steps[:-1], steps[-1], name
        self.was, self.now = pointer_of(steps), pointer_of((*steps[:-1], name))

    def document(self, document: Document) -> Document:
        found: Document = self._schema(document, ())
        layout = document.get("layout")
        if isinstance(layout, list):
            found["layout"] = [self._item(item) for item in layout]
        return found

    def _schema(self, schema: Any, here: tuple[str, ...]) -> Any:
        """A schema of the place `here` with the new name, and all within it."""
        if not isinstance(schema, Mapping):
            return schema
        found = dict(schema)
        home = here == self.holder
        for keyword, value in schema.items():
            if keyword == "properties" and isinstance(value, Mapping):
                found[keyword] = {
                    self._name(k, home=home): self._schema(v, (*here, k)) for k, v in value.items()
                }
            elif keyword in ("required", "propertyOrder") and isinstance(value, list):
                found[keyword] = [self._name(k, home=home) for k in value]
            elif keyword in ("dependentRequired", *_MAPS) and isinstance(value, Mapping):
                found[keyword] = {
                    self._name(k, home=home): self._dependent(v, here, home=home)
                    for k, v in value.items()
                }
            elif keyword in _SAME_PLACE:
                found[keyword] = self._schema(value, here)
            elif keyword in _LISTS and isinstance(value, list):
                found[keyword] = [self._schema(v, here) for v in value]
            elif keyword == "items":
                found[keyword] = self._schema(value, (*here, "*"))
            elif keyword == "totalOf" and isinstance(value, list):
                found[keyword] = [self._relative(v, here) for v in value]
            elif keyword == "fill" and isinstance(value, Mapping):
                found[keyword] = self._fill(value, here)
        return found

    def _dependent(self, value: Any, here: tuple[str, ...], *, home: bool) -> Any:
        if isinstance(value, list):
            return [self._name(k, home=home) for k in value]
        return self._schema(value, here)

    def _name(self, name: Any, *, home: bool) -> Any:
        return self.new if home and name == self.old else name

    def _item(self, item: Any) -> Any:
        if not isinstance(item, Mapping):
            return item
        found = dict(item)
        if isinstance(item.get("at"), str):
            found["at"] = self._pointer(item["at"])
            around = tokens(item["at"])
            if self.holder[: len(around)] == around:
                found |= self._axes(item, self.holder[len(around) :])
        if isinstance(item.get("items"), list):
            found["items"] = [self._item(inner) for inner in item["items"]]
        return found

    def _axes(self, item: Mapping[str, Any], own: tuple[str, ...]) -> dict[str, Any]:
        """Headings of one's own with the new name: a cell's path is first the line's `key`, then the column's."""
        found: dict[str, Any] = {}
        lines = list(_keys(item.get("rows"))) or [()]
        if any(len(line) > len(own) for line in lines):
            found["rows"] = self._axis(item.get("rows"), own)
            return {k: v for k, v in found.items() if v is not None}
        met = [line for line in lines if own[: len(line)] == line]
        if met and isinstance(item.get("columns"), Mapping):
            rest = own[len(met[0]) :]
            if len(lines) > 1 and (*rest, self.old) in {
                k[: len(rest) + 1] for k in _keys(item["columns"])
            }:
                raise Refused(
                    _(
                        "All lines of a table share the names of its columns; change them in the JSON."
                    )
                )
            found["columns"] = self._axis(item["columns"], rest)
        return found

    def _axis(self, axis: Any, own: tuple[str, ...]) -> Any:
        if not (isinstance(axis, Mapping) and isinstance(axis.get("items"), list)):
            return axis
        return {**axis, "items": [self._header(one, own) for one in axis["items"]]}

    def _header(self, header: Any, own: tuple[str, ...]) -> Any:
        if not isinstance(header, Mapping):
            return header
        found = dict(header)
        keys = tuple(header["key"].split("/")) if isinstance(header.get("key"), str) else ()
        if keys[: len(own)] == own and keys[len(own) : len(own) + 1] == (self.old,):
            found["key"] = "/".join((*own, self.new, *keys[len(own) + 1 :]))
        if isinstance(header.get("items"), list):
            found["items"] = [self._header(one, own) for one in header["items"]]
        return found

    def _pointer(self, pointer: str) -> str:
        if pointer == self.was or pointer.startswith(f"{self.was}/"):
            return self.now + pointer[len(self.was) :]
        return pointer

    def _fill(self, fill: Mapping[str, Any], here: tuple[str, ...]) -> dict[str, Any]:
        found = dict(fill)
        for keyword in ("of", "carry"):
            if isinstance(fill.get(keyword), str):
                found[keyword] = self._pointer(fill[keyword])
        if isinstance(fill.get("cells"), Mapping):
            found["cells"] = {k: self._relative(v, here) for k, v in fill["cells"].items()}
        if isinstance(fill.get("formula"), str) and here[:-1] == self.holder:
            named = fill.get("cells")
            if not (isinstance(named, Mapping) and self.old in named):
                found["formula"] = _renamed_word(fill["formula"], self.old, self.new)
        return found

    def _relative(self, value: Any, here: tuple[str, ...]) -> Any:
        """A Relative JSON Pointer as it leads from the cell at `here`."""
        found = re.fullmatch(r"(\d+)(/.*)?", value) if isinstance(value, str) else None
        if found is None or int(found[1]) > len(here):
            return value
        above = pointer_of(here[: len(here) - int(found[1])])
        fresh = self._pointer(above + (found[2] or ""))
        return found[1] + fresh[len(self._pointer(above)) :]


def _keys(axis: Any) -> Iterator[tuple[str, ...]]:
    """The paths of the ends of an axis with headings of one's own."""
    waiting = list(axis.get("items", ())) if isinstance(axis, Mapping) else []
    while waiting:
        header = waiting.pop()
        if not isinstance(header, Mapping):
            continue
        if isinstance(header.get("items"), list):
            waiting += header["items"]
        elif isinstance(header.get("key"), str):
            yield tuple(header["key"].split("/")) if header["key"] else ()


def _renamed_word(text: str, old: str, new: str) -> str:
    """A formula with another name for a cell; what stands in quotes is text and stays."""
    parts = re.split(r'("[^"]*")', text)
    word = re.compile(rf"(?<![\w.]){re.escape(old)}(?![\w.(])")
    return "".join(p if p.startswith('"') else word.sub(new, p) for p in parts)
