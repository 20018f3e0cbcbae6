"""How the subjects of a register are called and shown in a list. Not for which of them, nor for who may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from runtime.definitions.compile import compile_form
from runtime.definitions.load import Library
from runtime.definitions.place import place
from runtime.definitions.plan import Plan
from runtime.entry.drawn import Sheet
from runtime.entry.screen import Screen
from runtime.facts.timeline import UNIT
from runtime.language import current, say
from runtime.language import gettext as _
from runtime.storage.tables import Subject
from runtime.web.asking import site

_LONG = 10
"""Characters from which on the last four of a value tell little of the rest."""


@dataclass(frozen=True, slots=True)
class Found:
    """One subject in a list."""

    subject: Subject
    label: str
    values: list[str]


def names() -> list[str]:
    """The short names of all registers."""
    return site().library.registers()


def title_of(name: str) -> str:
    """What a register is called, in the language in force."""
    return say(plan_of_register(name).words.title) or name


@lru_cache(maxsize=64)
def _register_plan(name: str, library: Library) -> Plan:
    return compile_form(library.register(name), library=library)


def plan_of_register(name: str) -> Plan:
    """A register as a plan: its fields are the cells."""
    return _register_plan(name, site().library)


def columns_of(name: str) -> list[tuple[str, str]]:
    """The fields that a list shows, with their titles: up to four of label and identity, and the place."""
    schema, faces = site().library.register(name), faces_of(name)
    place = [field for field in schema.get("place", ()) if field in faces]
    wanted = [*schema.get("label", ()), *(f for key in schema.get("identity", ()) for f in key)]
    named = [f for f in dict.fromkeys(wanted) if f in faces and f not in place][:4]
    return [(field, faces[field][0]) for field in named + place]


def faces_of(name: str) -> dict[str, tuple[str, Any]]:
    """Field -> its title and its face, in the language in force."""
    return _faces(name, site().library, current())


@lru_cache(maxsize=64)
def _faces(name: str, library: Library, _language: str) -> dict[str, tuple[str, Any]]:
    plan = _register_plan(name, library)
    screen = Screen(plan, place(plan, {}), Sheet(reading=True))
    return {c.name[1:]: (c.face.title, c.face) for c in screen.cells}


def label_of(name: str, document: Mapping[str, Any]) -> str:
    """How a subject is called."""
    fields, faces = site().library.register(name).get("label", ()), faces_of(name)
    shown = (faces[f][1].display(document[f]) for f in fields if f in document and f in faces)
    return " ".join(shown) or _("(no name)")


def place_of(name: str, document: Mapping[str, Any]) -> str:
    """Where a subject is; empty where its register does not say so, or what says so is sensitive."""
    schema, faces = site().library.register(name), faces_of(name)
    fields = [f for f in schema.get("place", ()) if f in document and f in faces]
    told = [f for f in fields if schema["properties"][f].get("sensitivity") != "sensitive"]
    return " ".join(faces[f][1].display(document[f]) for f in told)


def days_of_a_line(name: str) -> list[str]:
    """The dates that every line of the register has: when it happened. None in registers of what lasts."""
    schema = site().library.register(name)
    fields = schema["properties"]
    return [one for one in schema.get("required", ()) if fields[one].get("format") == "date"]


def sensitive_columns(name: str) -> list[str]:
    """Those of the fields that a list shows whose values are sensitive: hidden until somebody asks for them."""
    fields = site().library.register(name)["properties"]
    shown = [field for field, _title in columns_of(name)]
    return [f for f in shown if fields.get(f, {}).get("sensitivity") == "sensitive"]


def _masked(text: str) -> str:
    """A sensitive value in a list: of a long number the end, to tell two people of one name apart, else nothing."""
    return f"••••••{text[-4:]}" if len(text) >= _LONG else "••••" if text else ""


def listed(name: str, subject: Subject, *, bare: bool = False) -> Found:
    """The subject as a line of a list; sensitive values are masked unless `bare`."""
    row = row_of(name, subject.document, bare=bare)
    return Found(subject, label_of(name, subject.document), row)


def row_of(name: str, document: Mapping[str, Any], *, bare: bool = False) -> list[str]:
    """A subject's values of the columns that a list shows; sensitive ones are masked unless `bare`."""
    faces, hidden = faces_of(name), () if bare else sensitive_columns(name)
    shown = [f for f, _title in columns_of(name)]
    texts = [faces[f][1].display(document[f]) if f in document else "" for f in shown]
    return [_masked(t) if f in hidden else t for f, t in zip(shown, texts, strict=True)]


def shown_value(name: str, units: Mapping[Any, str], field: str, value: Any) -> str:
    """A value of a step of the timeline as people read it, with its unit."""
    if value is None:
        return "–"
    if field == UNIT:
        return units.get(value, str(value))
    face = faces_of(name).get(field)
    if face is None:
        return str(value)
    return f"{face[1].display(value)} {face[1].unit}".strip()
