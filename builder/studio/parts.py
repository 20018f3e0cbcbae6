"""From a place of the document, or a key, to the part that it is about and to its element on the page. Pure."""

from __future__ import annotations

import re

from builder.edits.spots import Document, items_of
from builder.studio.canvas import Part, picked, walk

_ODD = re.compile(r"[^A-Za-z0-9]")


def node_id(key: str) -> str:
    """The id of the element of a part: one for each key, of letters and digits."""
    return "n-" + _ODD.sub(lambda found: f"_{ord(found[0]):x}_", key)


def part_at(root: Part, document: Document, pointer: str) -> Part:
    """The part that a JSON pointer of the document is about; the form where it is about none."""
    steps = [s.replace("~1", "/").replace("~0", "~") for s in pointer.split("/")[1:]]
    if steps[:1] == ["layout"]:
        return picked(root, _item_key(document, steps[1:]))
    place = _entry_pointer(steps)
    found = root
    for part in walk(root):
        if part.pointer and (place == part.pointer or place.startswith(f"{part.pointer}/")):
            found = part if len(part.pointer) >= len(found.pointer) else found
    return found


def _item_key(document: Document, steps: list[str]) -> str:
    items, key = document.get("layout"), ""
    for step in steps:
        if step == "items":
            continue
        if not step.isdecimal() or not isinstance(items, list) or int(step) >= len(items):
            break
        item = items[int(step)]
        key = str(item.get("id", key)) if isinstance(item, dict) else key
        items = items_of(item)
    return key


def _entry_pointer(steps: list[str]) -> str:
    found, n = "", 0
    while n < len(steps):
        if steps[n] in ("properties", "dependentSchemas") and n + 1 < len(steps):
            found += f"/{steps[n + 1]}" if steps[n] == "properties" else ""
            n += 2
        else:
            found += "/*" if steps[n] == "items" else ""
            n += 1
    return found
