"""What a page is told after a cell was typed: the messages, totals, parts and counts that it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, render_template, request
from htmx_flask import make_response

from runtime.entry.decode import Decoded
from runtime.entry.names import is_of_entry
from runtime.entry.screen import Screen
from runtime.web.filling import Filling, overridden, without_missing


def answer(
    filling: Filling,
    before: Screen,
    decoded: Decoded,
    provenance: Mapping[str, Any],
    opened: Sequence[str],
    *,
    saved: bool = False,
    focus: str = "",
) -> Response:
    """The pieces that differ between the screen `before` and the entry as decoded; after a save as it is now saved."""
    data = filling.entry.data if saved else decoded.data
    choices = filling.entry.choices if saved else decoded.choices
    problems = [*decoded.problems, *without_missing(filling.problems(data, choices))]
    after = filling.screen(
        data,
        choices,
        problems=problems,
        raw=decoded.raw,
        provenance=provenance,
        opened=opened,
        like=before,
    )
    changes = after.changes_since(before)
    touched = {name for name in request.form if is_of_entry(name)}
    there = {id(cell) for cell in changes.cells}
    changes.cells += [c for c in after.cells if c.name in touched and id(c) not in there]
    frame = render_template(
        "saved.html",
        f=filling,
        screen=after,
        counts=after.counts(),
        first={s: after.first(*states) for s, states in _STATES.items()},
        changed=overridden(after.cells, provenance),
        reasons={},
        saved=saved,
        opened=opened,
    )
    told = {"yibiao:told": {"cells": changes.states(), "focus": focus, "saved": saved}}
    body = f"{after.pieces(changes)}{frame}".strip()
    made: Response = make_response(body, trigger_after_settle=told)
    return made


_STATES = {"known": ("known",), "ask": ("ask",), "check": ("check", "wrong")}
