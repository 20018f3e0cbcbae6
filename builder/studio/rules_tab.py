"""The Rules tab: every condition, fill and formula of the form in one list, each as a sentence with what it reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from builder.edits.spots import pointer_of
from builder.rules.cells import Cells
from builder.rules.contradiction import why_never
from builder.rules.fields import fields_of_register
from builder.rules.of_form import FormRules, Line
from builder.rules.reading import read
from builder.studio.canvas import Part, walk
from builder.studio.opened import Opened
from builder.studio.pages import READ, frame, opened, studio
from runtime.api import NotFound, Problem, needs, register_of, say
from runtime.api import gettext as _

OWN = ("shown", "needed", "filled")
TOOL_OF = {"shown": "shown", "needed": "needed", "filled": "filled"}


@dataclass(frozen=True, slots=True)
class Row:
    """One rule in the list: where it stands (the key of its part), and links to what it reads."""

    line: Line
    title: str
    key: str
    reads: tuple[tuple[str, str], ...]
    marks: tuple[tuple[str, str], ...]
    """Severity and words of what is wrong with it."""
    is_own: bool


def rows(one: Opened) -> list[Row]:
    """All rules of the form, in the order in which their parts stand on it."""
    rules = FormRules(Cells(one.library, one.address, one.document or {}))
    known = {part.pointer: part for part in reversed(list(walk(one.root))) if part.pointer}
    order = {part.key: n for n, part in enumerate(walk(one.root))}
    found = [_row(one, rules, line, known) for line in rules.lines()]
    return sorted(found, key=lambda row: order.get(row.key, len(order)))


def _row(one: Opened, rules: FormRules, line: Line, known: dict[str, Part]) -> Row:
    reads = tuple((_title(rules, place), _key(place, known)) for place in line.reads)
    marks = tuple(dict.fromkeys(_marks(one, rules, line)))
    title = _title(rules, line.pointer)
    return Row(line, title, _key(line.pointer, known), reads, marks, bool(line.written))


def _title(rules: FormRules, pointer: str) -> str:
    return rules.titles.get(pointer) or say(rules.cells.title(pointer))


def _key(pointer: str, known: dict[str, Part]) -> str:
    """The part of a cell, or the nearest around it that can be picked."""
    while pointer and pointer not in known:
        pointer = pointer.rpartition("/")[0]
    return known[pointer].key if pointer else ""


def _marks(one: Opened, rules: FormRules, line: Line) -> Iterator[tuple[str, str]]:
    if line.group is not None and (why := why_never(line.group, rules.fields(line.pointer))):
        yield "error", why
    if line.kind == "filled" and (why := _of_register(rules, line)):
        yield "error", why
    if not line.written:
        return
    place = pointer_of([str(step) for step in line.place])
    if line.kind == "filled":
        here = (f"{place}/fill", f"{place}/totalOf")
        yield from ((p.severity, p.message) for p in one.judged.problems if _about(p, here))


def _of_register(rules: FormRules, line: Line) -> str:
    """Why the rule by which rows or figures are found in a register finds nobody; empty where it may."""
    schema = rules.cells.schemas.get(line.pointer, {})
    reference = schema.get("$ref")
    known = rules.cells.referred(reference) if isinstance(reference, str) else {}
    fill = {**known, **schema}.get("fill")
    if not isinstance(fill, dict) or "where" not in fill:
        return ""
    register, group = register_of(fill), read(fill["where"])
    try:
        return why_never(group, fields_of_register(rules.cells.library, register)) if group else ""
    except NotFound:
        return ""


def _about(problem: Problem, places: tuple[str, ...]) -> bool:
    return any(problem.pointer == p or problem.pointer.startswith(f"{p}/") for p in places)


@studio.get("/rules")
@needs(READ)
def rules(department: str, name: str) -> str | Response:
    """The list; `kind` shows one kind, `dictionary` what the dictionary says as well."""
    one = opened(department, name)
    if one.document is None:
        return redirect(url_for("builder.source", department=department, name=name))
    kind = request.args.get("kind", "")
    found = rows(one)
    shown = [row for row in found if _asked(row, kind)]
    counts = {code: sum(_asked(row, code) for row in found) for code, _title_ in kinds()}
    return render_template(
        "builder/studio/rules.html",
        **frame(one), rows=shown, kind=kind, kinds=kinds(), counts=counts, tool_of=TOOL_OF,
    )  # fmt: skip


def _asked(row: Row, kind: str) -> bool:
    if kind == "wrong":
        return bool(row.marks)
    if kind == "dictionary":
        return not row.is_own
    return row.is_own and kind in ("", row.line.kind)


def kinds() -> list[tuple[str, str]]:
    """What the list can be narrowed to."""
    return [
        ("", _("All of this form")),
        ("shown", _("Shown when")),
        ("needed", _("Needed when")),
        ("filled", _("Filled from")),
        ("wrong", _("Something is wrong")),
        ("dictionary", _("Said by the dictionary")),
    ]
