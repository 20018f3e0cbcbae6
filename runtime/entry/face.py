"""What of a part looks the same in every entry: its texts in one language and the make of its control."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape

from runtime.definitions import plan as parts
from runtime.fields.base import FieldType, Options
from runtime.fields.catalogue import field_types
from runtime.language import current, say
from runtime.language import gettext as _


@dataclass(slots=True)
class Face:
    """The texts of a part."""

    title: str = ""
    description: str = ""
    help: str = ""
    computed: bool = False


@dataclass(slots=True)
class CellFace:
    """The texts and the control of a cell."""

    key: str
    title: str
    description: str
    help: str
    unit: str
    control: str
    """`text`, `number`, `textarea`, `date`, `month`, `time`, `radio`, `select`, `search`, `checkboxes`, …"""
    plain: bool
    """Drawn as one `<input>`."""
    input: str
    """The `type` of an `<input>`."""
    attributes: Markup
    """Attributes of the control that no entry changes, with a leading space."""
    hint: str
    """What an empty box says that is to be filled."""
    safe_hint: str
    safe_help: str
    safe_unit: str
    """The same texts with their special characters written as HTML does, once instead of for each entry."""
    numeric: bool
    width: str
    choices: list[tuple[str, str]]
    safe_choices: list[tuple[str, str, str, str]]
    """Key and text, and both as HTML writes them."""
    across: bool
    read_only: bool
    computed: bool
    """A total: worked out on the server, never typed."""
    filled: bool
    """Worked out from a register by a rule, or asked of a program."""
    fact: bool
    """A field of the subject that the form, or the row, is about."""
    fill: parts.CellFill | None
    definition: str
    options: Options
    type: FieldType
    frames: dict[Any, list[str]] = field(default_factory=dict)
    """What the cell looks like around its value and message: kept by `runtime.entry.frame`."""

    def display(self, value: Any) -> str:
        """`value` as a reader sees it."""
        return self.type.display(value, self.options)

    def encode(self, value: Any) -> list[str]:
        """The strings that the control holds for `value`."""
        return self.type.encode(value, self.options)


@dataclass(slots=True)
class CrossFace:
    """The headings of a cross-table in one language, as merged cells, and a label for each of its cells."""

    depth: int
    """How many columns the row headings take."""
    corner: str
    columns: list[list[tuple[str, int, int, bool]]] = field(default_factory=list)
    """Line by line `(text, colspan, rowspan, is a total)`."""
    rows: list[list[tuple[str, int, int, bool]]] = field(default_factory=list)
    """For each line of cells the headings that begin there: `(text, colspan, rowspan, is a total)`."""
    labels: list[list[str]] = field(default_factory=list)
    row_totals: list[bool] = field(default_factory=list)


_LIMIT = 200_000
_faces: dict[tuple[int, str, str], tuple[Any, Any]] = {}


def _kept(node: Any, make: Callable[[Any], Any], kind: str = "") -> Any:
    """`make(node)`, remembered for this very node and the language in force."""
    key = (id(node), current(), kind)
    found = _faces.get(key)
    if found is not None and found[0] is node:
        return found[1]
    if len(_faces) > _LIMIT:
        _faces.clear()
    made = make(node)
    _faces[key] = (node, made)
    return made


def face_of(node: Any) -> Face:
    """The texts of a part (or branch) in the language in force."""
    return _kept(node, _face)  # type: ignore[no-any-return]


def _face(node: Any) -> Face:
    words: parts.Words = node.words
    return Face(say(words.title), say(words.description), say(words.help))


def cell_face(node: Any) -> CellFace:
    """The texts and control of a cell in the language in force."""
    key = (id(node), current(), "cell")
    found = _faces.get(key)
    if found is not None and found[0] is node:
        return found[1]  # type: ignore[no-any-return]
    return _kept(node, _cell_face, "cell")  # type: ignore[no-any-return]


def _cell_face(node: parts.Cell) -> CellFace:
    kind = field_types[node.field if node.field in field_types else "text"]
    words = node.words
    choices = [(c["key"], say(c["title"]) or c["key"]) for c in node.options.get("choices", ())]
    control = str(node.options.get("style", kind.control))
    return CellFace(
        key="/".join(node.path),
        title=say(words.title),
        description=say(words.description),
        help=say(words.help),
        unit=say(words.unit) or str(node.options.get("unit", "")),
        control=control,
        plain=control not in _OTHERS,
        input=_INPUTS.get(control) or str(node.options.get("input", "text")),
        attributes=_attributes(kind, control, node.options),
        hint=_hint(control),
        safe_hint=str(escape(_hint(control))),
        safe_help=str(escape(say(words.help))),
        safe_unit=str(escape(say(words.unit) or node.options.get("unit", ""))),
        numeric=kind.numeric,
        width=node.width or ("wide" if control in WIDE else ""),
        choices=choices,
        safe_choices=[(k, t, str(escape(k)), str(escape(t))) for k, t in choices],
        across=sum(len(text) for _key, text in choices) <= SHORT,
        read_only=node.read_only or node.computed,
        computed=node.computed,
        filled=node.expected,
        fact=node.fact is not None,
        fill=node.fill,
        definition=node.definition,
        options=node.options,
        type=kind,
    )


WIDE = {"textarea", "attachment", "checkboxes"}
SHORT = 24
"""Choices of so many letters in all stand beside one another."""
_OTHERS = {"textarea", "select", "search", "radio", "checkboxes", "attachment", "display"}
_INPUTS = {"date": "date", "month": "month", "time": "time"}


def _attributes(kind: FieldType, control: str, options: Options) -> Markup:
    given: dict[str, Any] = {}
    if control == "number":
        whole = kind.name == "integer" or options.get("digits") == 0
        given["inputmode"] = "numeric" if whole else "decimal"
    elif control in {"text", "textarea"}:
        given["maxlength"] = options.get("maxLength")
    elif control == "attachment":
        given["accept"] = ",".join(options.get("mediaTypes", ())) or None
    return Markup("").join(
        Markup(' {}="{}"').format(name, value) for name, value in given.items() if value is not None
    )


def _hint(control: str) -> str:
    if control == "number":
        return _("type a number")
    return "" if control in _INPUTS else _("to type")


def cross_face(node: parts.CrossTable) -> CrossFace:
    """The headings of a cross-table in the language in force."""
    return _kept(node, _cross_face, "cross")  # type: ignore[no-any-return]


def _cross_face(node: parts.CrossTable) -> CrossFace:
    depth = max(1, _depth(node.rows))
    face = CrossFace(depth, say(node.corner))
    face.columns = _lines(node.columns, max(1, _depth(node.columns)))
    face.rows = _beginnings(node.rows, depth)
    down, across = list(_leaves(node.rows)), list(_leaves(node.columns))
    face.labels = [[_(", ").join(r + c) for c, _t in across] for r, _t in down]
    face.row_totals = [total for _r, total in down]
    return face


def _depth(headers: tuple[parts.Header, ...]) -> int:
    return max((1 + _depth(h.children) for h in headers), default=0)


def _width(header: parts.Header) -> int:
    return sum(map(_width, header.children)) or 1


def _lines(headers: tuple[parts.Header, ...], depth: int) -> list[list[tuple[str, int, int, bool]]]:
    lines: list[list[tuple[str, int, int, bool]]] = [[] for _line in range(depth)]

    def place(level: tuple[parts.Header, ...], at: int) -> None:
        for header in level:
            rest = 1 if header.children else depth - at
            lines[at].append((_text(header), _width(header), rest, header.total))
            place(header.children, at + 1)

    place(headers, 0)
    return lines


def _beginnings(
    headers: tuple[parts.Header, ...], depth: int
) -> list[list[tuple[str, int, int, bool]]]:
    lines: list[list[tuple[str, int, int, bool]]] = []

    def place(header: parts.Header, at: int, before: list[tuple[str, int, int, bool]]) -> None:
        rest = 1 if header.children else depth - at
        here = [*before, (_text(header), rest, _width(header), header.total)]
        if not header.children:
            lines.append(here)
        for number, child in enumerate(header.children):
            place(child, at + 1, here if number == 0 else [])

    for header in headers:
        place(header, 0, [])
    return lines


def _leaves(
    headers: tuple[parts.Header, ...], before: tuple[str, ...] = ()
) -> list[tuple[tuple[str, ...], bool]]:
    found: list[tuple[tuple[str, ...], bool]] = []
    for header in headers:
        here = (*before, _text(header)) if _text(header) else before
        if header.children:
            found += [(t, total or header.total) for t, total in _leaves(header.children, here)]
        else:
            found.append((here, header.total))
    return found


def _text(header: parts.Header) -> str:
    return say(header.title) or (_("Total") if header.total else "")
