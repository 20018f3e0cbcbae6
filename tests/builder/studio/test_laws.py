"""What must hold for any steps on any form: what cannot be is refused, and all that was done can be taken back."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from builder.edits.kept import read, written
from builder.edits.patch import applied, difference, inverse
from builder.edits.sentences import sentences
from builder.edits.spots import Refused, all_items
from builder.history import titles_of
from builder.studio.canvas import tree, walk
from builder.studio.changed import exchanges
from builder.studio.doing import asked
from builder.studio.opened import Opened
from runtime.api import Library, check, dumps, form_address
from runtime.definitions.load import Library as Definitions

DEPARTMENT, NAME = "disabled-persons", "trial"
ADDRESS = form_address(f"{DEPARTMENT}/{NAME}")
WHAT = (
    "part:section", "part:columns", "part:note", "part:rows", "part:part", "part:nothing", "type:text",
    "type:integer", "type:choice", "type:multiple-choice", "type:long-text", "type:none",
    "field:https://yibiao.example/defs/dictionary/resident.json#/properties/name",
    "field:https://yibiao.example/defs/indicators/disability.json#/properties/holders",
    "field:https://yibiao.example/defs/indicators/disability.json#/properties/visited",
    "field:https://yibiao.example/defs/dictionary/none.json#/properties/none",
)  # fmt: skip
FORMS = (
    "disabled-persons/residents-monthly",
    "disabled-persons/needs-survey",
    "housing/rented-homes-quarterly",
    "civil-affairs/children-in-difficulty-list",
)


@cache
def library() -> Library:
    return Definitions.read([files("form_defs")])


def forms() -> st.SearchStrategy[dict[str, Any]]:
    blank = {"type": "object", "title": "Blank", "properties": {}, "layout": []}
    known = [library().source(form_address(short)) for short in FORMS]
    return st.sampled_from([blank, *known])


class Hand:
    """A designer's hand: what it does is drawn from what there is on the form."""

    def __init__(self, data: st.DataObject, document: dict[str, Any]) -> None:
        self.draw, self.document, self.copied = data.draw, document, ""

    def step(self) -> dict[str, str]:
        keys = [part.key for part in walk(tree(self.document, _shape, library(), ADDRESS))]
        key = self.draw(st.sampled_from([*keys, "gone", "@/gone"]))
        verb = self.draw(st.sampled_from(list(_VERBS)))
        posted = {"do": verb, "at": key}
        return posted | {name: self.draw(_of(name, keys)) for name in _VERBS[verb]}


_VERBS: dict[str, tuple[str, ...]] = {
    "add": ("what",), "use": ("what",), "up": (), "down": (), "in": (), "out": (), "remove": (), "label": ("text",),
    "rename": ("name",), "move": ("to", "place"), "paste": ("fragment",), "nonsense": (),
}  # fmt: skip


def _of(name: str, keys: list[str]) -> st.SearchStrategy[str]:
    return {
        "what": st.sampled_from(WHAT),
        "text": st.text(max_size=12),
        "name": st.sampled_from(["fresh", "remarks", "Wrong", "", "a_b2"]),
        "to": st.sampled_from(keys),
        "place": st.sampled_from(["in", "before", "after", ""]),
        "fragment": st.sampled_from(FRAGMENTS),
    }[name]


REMARKS = {
    "item": {"kind": "cell", "id": "remarks", "at": "/remarks"},
    "cells": {"/remarks": {"type": "string"}},
    "required": ["/remarks"],
}
SECTION = {
    "item": {"kind": "section", "id": "s", "items": [{"kind": "cell", "id": "c", "at": "/a/b"}, 7]},
    "cells": {"/a/b": {"title": "B"}},
}
NOTE = {"item": {"kind": "note", "id": "n", "text": "x"}, "cells": {}}
FRAGMENTS = ("", "[]", '{"item": 1}', *map(json.dumps, (NOTE, REMARKS, SECTION)))


def _shape(schema: Any) -> Any:
    return opened({}).shapes.whole(schema)


def opened(document: dict[str, Any]) -> Opened:
    found = Opened(None, library(), DEPARTMENT, NAME)  # type: ignore[arg-type]
    found.__dict__["versions"] = []
    found.__dict__["document"] = document
    return found


@given(st.data())
def test_any_steps_give_a_form_that_can_be_taken_back(data: st.DataObject) -> None:
    document = data.draw(forms())
    hand, patches = Hand(data, document), []
    first = document
    for _turn in range(data.draw(st.integers(1, 8))):
        posted = hand.step()
        try:
            outcome = asked(opened(document), posted)(document)
        except Refused:
            continue
        patch = difference(document, outcome.document)
        assert read(written(patch)) == patch
        assert dumps(applied(document, patch)) == dumps(outcome.document)
        told = sentences(document, outcome.document, patch, titles_of(library(), ADDRESS))
        assert bool(told) == bool(patch)
        exchanges(
            tree(document, _shape, library(), ADDRESS),
            tree(outcome.document, _shape, library(), ADDRESS),
        )
        patches.append(patch)
        document = hand.document = outcome.document
        ids = [str(item["id"]) for item in all_items(document)]
        assert len(ids) == len(set(ids))
    for patch in reversed(patches):
        document = applied(document, inverse(patch))
    assert dumps(document) == dumps(first)


@given(st.data())
def test_steps_on_a_sound_form_leave_no_broken_reference(data: st.DataObject) -> None:
    """Whatever is added, moved, renamed or taken away: no line of the layout leads nowhere."""
    document = data.draw(forms())
    hand = Hand(data, document)
    for _turn in range(data.draw(st.integers(1, 6))):
        posted = hand.step()
        if posted["do"] in ("paste", "nonsense"):
            continue
        try:
            document = asked(opened(document), posted)(document).document
        except Refused:
            continue
        hand.document = document
    draft = library().with_document(ADDRESS, json.loads(dumps(document)))
    codes = {p.code for p in check(draft, [ADDRESS])}
    assert not codes & {"layout-at", "layout-twice", "layout-id", "layout-kind", "ref"}
