"""Where in the panel a rule, headings or choices are composed: which tools a part has, and what one of them shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from builder.edits.spots import Document, Refused
from builder.rules.cells import Cells
from builder.rules.filling import filled
from builder.rules.of_form import FormRules
from builder.studio import choosing, filled_from, heading, showing
from builder.studio.canvas import Part, stands_in_table
from builder.studio.opened import Opened
from runtime.api import gettext as _

Posted = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Tool:
    """One thing that is composed: `view` draws it, `carried` does it, `says` tells in the panel how it stands."""

    verb: str
    template: str
    title: Callable[[], str]
    suits: Callable[[Part], bool]
    view: Callable[[Opened, Part, Posted | None], Any]
    carried: Callable[[Opened, Document, Part, Posted], Document]
    says: Callable[[FormRules, Part], str]


@dataclass(frozen=True, slots=True)
class Bench:
    """A tool opened on a part; `words` say why what was asked could not be done."""

    name: str
    tool: Tool
    view: Any
    words: str = ""


def _has_place(part: Part) -> bool:
    return bool(part.pointer) and part.schema is not None


def _condition(kind: str, title: Callable[[], str], none: Callable[[Part], str]) -> Tool:
    def says(rules: FormRules, part: Part) -> str:
        line = rules.shown(part.pointer) if kind == "shown" else rules.needed(part.pointer)
        return line.sentence if line else none(part)

    return Tool(
        f"{kind}-when",
        "builder/studio/bench_condition.html",
        title,
        _has_place,
        lambda one, part, posted: showing.view(one, part, kind, posted),
        lambda one, document, part, posted: showing.carried(one, document, part, kind, posted),
        says,
    )


def _fills(part: Part) -> bool:
    return _has_place(part) and part.kind in ("cell", "rows")


TOOLS: dict[str, Tool] = {
    "shown": _condition("shown", lambda: _("Shown when"), lambda _part: _("always")),
    "needed": _condition(
        "needed",
        lambda: _("Needed when"),
        lambda part: _("always") if part.needed else _("never"),
    ),
    "filled": Tool(
        "filled-from",
        "builder/studio/bench_fill.html",
        lambda: _("Filled from"),
        _fills,
        filled_from.view,
        filled_from.carried,
        lambda rules, part: filled(rules.cells, part.pointer).sentence,
    ),
    "choices": Tool(
        "choices",
        "builder/studio/bench_choices.html",
        lambda: _("Choices"),
        choosing.suits,
        choosing.view,
        choosing.carried,
        lambda _rules, part: choosing.says(part),
    ),
    "headings": Tool(
        "headings",
        "builder/studio/bench_headings.html",
        lambda: _("Headings"),
        heading.suits,
        heading.view,
        heading.carried,
        lambda _rules, part: heading.says(part),
    ),
}


def panel(one: Opened, name: str) -> dict[str, Any]:
    """What the panel shows of the part's rules: a line for each tool, or one tool opened."""
    part = one.picked
    tool = TOOLS.get(name)
    found = {"bench": None, "is_in_table": stands_in_table(one.root, part)}
    if tool is not None and tool.suits(part):
        return {**found, "bench": Bench(name, tool, tool.view(one, part, None)), "tools": []}
    return {**found, "tools": _lines(one, part)}


def _lines(one: Opened, part: Part) -> list[tuple[str, str, str]]:
    found = [(name, tool) for name, tool in TOOLS.items() if tool.suits(part)]
    if not found:
        return []
    rules = FormRules(Cells(one.library, one.address, one.document or {}))
    return [(name, tool.title(), tool.says(rules, part)) for name, tool in found]


def again(one: Opened, posted: Posted, words: str = "") -> Bench | None:
    """The tool as it was posted, where it is only to be drawn anew, or is not complete; None: do it."""
    name = next((n for n, tool in TOOLS.items() if tool.verb == posted.get("do")), "")
    part = one.picked
    if not name or part.key != posted.get("at", "") or not TOOLS[name].suits(part):
        return None
    view = TOOLS[name].view(one, part, posted)
    if words or view.is_step or not view.is_ready:
        return Bench(name, TOOLS[name], view, words)
    return None


def done(one: Opened, document: Document, part: Part, posted: Posted) -> Document:
    """The document after what was composed. Raises `Refused`."""
    tool = next(tool for tool in TOOLS.values() if tool.verb == posted.get("do"))
    if not tool.suits(part):
        raise Refused(_("This part of the form has no such rule."))
    return tool.carried(one, document, part, posted)
