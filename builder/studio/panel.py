"""Which properties a part of a form has: drawn from its kind, and a cell's from its field type's own option schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from builder.edits.cells import is_required, require
from builder.edits.spots import Document, Refused, at, schema_path, with_at
from builder.studio.canvas import Part
from builder.studio.properties import (
    Change,
    Property,
    flag,
    form_reach,
    item_reach,
    keyword,
    shown,
    texts,
    typed,
    with_keyword,
)
from builder.studio.shapes import Shapes
from builder.studio.tables import axes
from runtime.api import LANGUAGES, MISSING, Cell, Library, field_types, say, texts_of
from runtime.api import gettext as _


def properties(part: Part, cell: Cell | None, shapes: Shapes, library: Library) -> list[Property]:
    """The properties of a part, in the order of the panel. `cell` is what it compiles to, if it is one."""
    if part.kind == "form":
        return _of_form(library)
    if part.kind == "section":
        return [
            *texts("title", _("Title"), item_reach, {}),
            *texts("description", _("Description"), item_reach, {}),
        ]
    if part.kind == "columns":
        counts = tuple((str(n), str(n)) for n in range(2, 7))
        return [
            keyword("count", _("How many"), item_reach, of="integer", choices=counts, empty=False)
        ]
    if part.kind == "note":
        return texts("text", _("Text"), item_reach, {}, "textarea")
    if part.kind == "crossTable":
        return [
            *texts("title", _("Title"), item_reach, {}),
            *texts("corner", _("Corner"), item_reach, {}),
            *axes(part, shapes),
        ]
    return [*_of_cell(part, cell, shapes)] if part.schema is not None else []


def _of_form(library: Library) -> list[Property]:
    frequencies = tuple(
        (code, name)
        for code, name in (
            ("daily", _("every day")), ("weekly", _("every week")), ("tenDays", _("every ten days")),
            ("monthly", _("every month")), ("quarterly", _("every quarter")),
            ("halfYearly", _("every half-year")), ("yearly", _("every year")),
        )
    )  # fmt: skip
    registers = tuple(
        (name, say(texts_of(library.register(name))) or name) for name in library.registers()
    )
    return [
        *texts("title", _("Title"), form_reach, {}),
        *texts("description", _("Description"), form_reach, {}, "textarea"),
        keyword("number", _("Catalogue number"), form_reach),
        *texts("legalBasis", _("Legal basis"), form_reach, {}),
        *texts("contact", _("Contact"), form_reach, {}),
        keyword("expires", _("Asked until (year-month-day)"), form_reach),
        keyword(
            "frequency", _("How often"), form_reach, choices=frequencies, hint=_("not regularly")
        ),
        *_levels(),
        _due(),
        _subject(registers),
        _seconds(),
        *_paper(),
    ]


_OF_A_PERIOD = ("frequency", "level", "due")


def _subject(registers: tuple[tuple[str, str], ...]) -> Property:
    """A form is about a subject or about a unit and a period: with a subject what is of a period goes."""
    found = keyword(
        "subject",
        _("About one subject of"),
        form_reach,
        choices=registers,
        hint=_("a unit and a period"),
    )

    def put(document: Document, part: Part, value: str) -> Document:
        document = found.set(document, part, value)
        return {k: v for k, v in document.items() if not value or k not in _OF_A_PERIOD}

    return replace(
        found,
        set=put,
        help=_("With a subject it is owed by nobody: it is filled when there is reason to."),
    )


def _levels() -> list[Property]:
    titles = {
        "city": _("City"), "district": _("District"), "street": _("Street"),
        "community": _("Community"), "grid": _("Grid"),
    }  # fmt: skip
    return [_level(code, title) for code, title in titles.items()]


def _level(code: str, title: str) -> Property:
    def get(document: Document, _part: Part) -> bool:
        levels = document.get("level")
        return isinstance(levels, list) and code in levels

    def put(document: Document, _part: Part, value: bool) -> Document:
        levels = document.get("level")
        left = [one for one in levels if one != code] if isinstance(levels, list) else []
        fresh = [*left, code] if value else left
        return with_keyword(document, "level", fresh or MISSING)

    found = flag(f"level.{code}", title, get, put)
    return Property(found.name, found.label, found.get, found.set, "check", group=_("Owed by"))


def _due() -> Property:
    def get(document: Document, _part: Part) -> str:
        days = at(document, ("due", "days"))
        return "" if days is MISSING else str(days)

    def put(document: Document, _part: Part, value: str) -> Document:
        if not value:
            return with_keyword(document, "due", MISSING)
        if not value.isdecimal() or int(value) > 366:
            raise Refused(_("“%(label)s” must be a number of days, 366 at most.", label=_("Due")))
        return with_keyword(document, "due", {"days": int(value)})

    return Property("due", _("Days until it is due, after the period"), get, put, "number")


def _seconds() -> Property:
    """How long one cell takes to type, where the department has timed it."""

    def get(document: Document, _part: Part) -> str:
        return shown(at(document, ("burden", "secondsPerCell")))

    def put(document: Document, _part: Part, value: str) -> Document:
        label = _("Seconds for a cell")
        return with_at(document, ("burden", "secondsPerCell"), typed(value, "number", label))  # type: ignore[no-any-return]

    hint = _("as measured on this site")
    return Property("seconds", _("Seconds for a cell"), get, put, "number", hint=hint)


def _paper() -> list[Property]:
    found = []
    for output, title in (("pdf", "PDF"), ("xlsx", "Excel")):
        for name, label, choices in (
            ("paper", _("%(output)s: paper", output=title), (("A4", "A4"), ("A3", "A3"))),
            ("orientation", _("%(output)s: orientation", output=title),
             (("portrait", _("upright")), ("landscape", _("across")))),
        ):  # fmt: skip
            found.append(_of_output(output, name, label, choices))
    return found


def _of_output(
    output: str, name: str, label: str, choices: tuple[tuple[str, str], ...]
) -> Property:
    def get(document: Document, _part: Part) -> str:
        value = at(document, ("outputs", output, name))
        return value if isinstance(value, str) else ""

    def put(document: Document, _part: Part, value: str) -> Document:
        return with_at(document, ("outputs", output, name), value or MISSING)  # type: ignore[no-any-return]

    options = (("", _("as usual")), *choices)
    return Property(f"{output}.{name}", label, get, put, "select", options, group=_("Paper"))


def cell_reach(document: Document, part: Part, change: Change) -> Document:
    """Changes the schema of a cell, wherever the form writes it."""
    path = schema_path(document, part.pointer)
    return with_at(document, path, change(at(document, path)))  # type: ignore[no-any-return]


def _of_cell(part: Part, cell: Cell | None, shapes: Shapes) -> list[Property]:
    schema = part.schema or {}
    known: Mapping[str, Any] = (
        shapes.of_reference(schema["$ref"]) if isinstance(schema.get("$ref"), str) else {}
    )
    titles = {tag: texts_of(known).get(tag, "") for tag in LANGUAGES}
    helps = {tag: texts_of(known, "help").get(tag, "") for tag in LANGUAGES}
    found = [
        *texts("title", _("Label"), cell_reach, titles),
        *texts("help", _("Help"), cell_reach, helps, "textarea"),
        flag("needed", _("Needed to submit"), lambda d, p: is_required(d, p.pointer),
             lambda d, p, v: require(d, p.pointer, needed=v)),
    ]  # fmt: skip
    if part.kind == "cell":
        found.append(_read_only())
    if part.kind == "cell" and part.item is not None:
        found.append(_width())
    if part.kind == "rows":
        found += [
            keyword("minItems", _("Rows at least"), cell_reach, of="integer"),
            keyword("maxItems", _("Rows at most"), cell_reach, of="integer"),
        ]
    return [*found, *_of_type(cell, known)] if cell is not None else found


def _read_only() -> Property:
    def get(_document: Document, part: Part) -> bool:
        return (part.schema or {}).get("readOnly") is True

    def put(document: Document, part: Part, value: bool) -> Document:
        return cell_reach(
            document, part, lambda n: with_keyword(n, "readOnly", True if value else MISSING)
        )

    return flag("readOnly", _("Only to be read"), get, put)


def _width() -> Property:
    widths = (("narrow", _("narrow")), ("wide", _("wide")), ("full", _("the whole line")))

    def get(_document: Document, part: Part) -> str:
        return str((part.item or {}).get("width", ""))

    def put(document: Document, part: Part, value: str) -> Document:
        return item_reach(document, part, lambda n: with_keyword(n, "width", value or MISSING))

    return Property("width", _("Width"), get, put, "select", (("", _("as usual")), *widths))


def _of_type(cell: Cell, known: Mapping[str, Any]) -> list[Property]:
    """What the field type says that can be set, with what the dictionary has as the hint."""
    if cell.field not in field_types:
        return []
    options = field_types[cell.field].option_schema.get("properties", {})
    return [_option(name, schema, known) for name, schema in options.items()]


def _option(name: str, schema: Mapping[str, Any], known: Mapping[str, Any]) -> Property:
    label = say(texts_of(schema)) or name
    values = schema.get("enum")
    choices = tuple((str(v), str(v)) for v in values) if isinstance(values, list) else ()
    if len(choices) == 1:
        return _only(name, label, choices[0][0])
    hint = "" if name not in known else str(known[name])
    kind = str(schema.get("type", "string"))
    return keyword(name, label, cell_reach, of=kind, choices=choices, hint=hint)


def _only(name: str, label: str, value: str) -> Property:
    """An option with one value is a yes or no."""

    def get(_document: Document, part: Part) -> bool:
        return (part.schema or {}).get(name) == value

    def put(document: Document, part: Part, on: bool) -> Document:
        return cell_reach(document, part, lambda n: with_keyword(n, name, value if on else MISSING))

    return flag(name, label, get, put)
