"""One field of a subject as a form of its own, with the control of its type. Not for keeping what is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from msgspec.structs import replace
from werkzeug.datastructures import MultiDict

from runtime.definitions.load import Library
from runtime.definitions.place import place
from runtime.definitions.plan import Cell, Group, Plan
from runtime.definitions.verdict import problems as verdict
from runtime.entry.decode import Decoded, decode
from runtime.entry.drawn import Sheet
from runtime.entry.face import cell_face
from runtime.entry.screen import Screen
from runtime.errors import NotFound, Problem
from runtime.fields.base import MISSING
from runtime.fields.measured import unit_after
from runtime.language import gettext as _
from runtime.language import say
from runtime.web.asking import site
from runtime.web.described import plan_of_register


@dataclass(frozen=True, slots=True)
class Shown:
    """A field with the value that a subject has."""

    name: str
    title: str
    value: str
    """As a reader sees it, with its unit; empty where nothing is known."""


def fields_of(register: str) -> list[str]:
    """The fields of a register that staff may correct here, in their order."""
    return list(_cells(register, site().library))


def shown(register: str, name: str, document: Mapping[str, Any]) -> Shown:
    """A field of a subject as a reader sees it."""
    face = cell_face(_cells(register, site().library)[name])
    value = face.display(document[name]) if name in document else ""
    return Shown(
        name, face.title, f"{value} {unit_after(value, face.unit)}".strip() if value else ""
    )


def title_of_field(register: str, name: str) -> str:
    """What a field is called, in the language in force."""
    cell = _cells(register, site().library).get(name)
    return (say(cell.words.title) if cell else "") or name


def text_of(register: str, name: str, value: Any) -> str:
    """A value of a field as a reader sees it."""
    cell = _cells(register, site().library).get(name)
    return str(value) if cell is None else cell_face(cell).display(value)


def screen_of(
    register: str,
    name: str,
    document: Mapping[str, Any],
    problems: Sequence[Problem] = (),
    raw: Mapping[str, Sequence[str]] | None = None,
) -> Screen:
    """The field's control, holding what the subject has or (`raw`) what was typed. Raises `NotFound`."""
    plan = _plan(register, name)
    return Screen(plan, place(plan, _only(name, document)), Sheet(problems, raw=raw or {}))


def read(
    register: str, name: str, document: Mapping[str, Any], form: MultiDict[str, str]
) -> Decoded:
    """What was typed, with all that is wrong with it; the value stands in `data`, if there is one."""
    plan = _plan(register, name)
    decoded = decode(plan, form, _only(name, document), {})
    if not decoded.problems and value_of(decoded, name) is not MISSING:
        at = f"/{name}"
        decoded.problems.extend(p for p in verdict(plan, decoded.data, {}) if p.pointer == at)
    return decoded


def value_of(decoded: Decoded, name: str) -> Any:
    """The value that was typed; `MISSING` where there is none."""
    return decoded.data.get(name, MISSING) if isinstance(decoded.data, dict) else MISSING


def _only(name: str, document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: document[name]} if name in document else {}


def _plan(register: str, name: str) -> Plan:
    if name not in _cells(register, site().library):
        raise NotFound(_("There is no such field."))
    return _plan_of(register, name, site().library)


@lru_cache(maxsize=512)
def _plan_of(register: str, name: str, _library: Library) -> Plan:
    whole = plan_of_register(register)
    cell = _cells(register, _library)[name]
    return replace(whole, root=Group(children=(cell,)), digest=f"{whole.digest} {name}")


@lru_cache(maxsize=64)
def _cells(register: str, _library: Library) -> dict[str, Cell]:
    root = plan_of_register(register).root
    children = root.children if isinstance(root, Group) else ()
    return {c.path[0]: c for c in children if isinstance(c, Cell) and len(c.path) == 1}
