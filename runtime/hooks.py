"""Every hook of Yibiao in one file: what a plugin may answer, typed and told. Types only, no behaviour.

A plugin is a module or object with functions of these names, marked `@hookimpl`. It is found by the
entry-point group `yibiao.plugins`, or as `plugins/<department>/plugin.py`; a department folder without
`plugin.py` gives its `form_defs/`, `templates/` and `translations/` all the same. Features of our own come in
through the same door.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import pluggy

from runtime.errors import Problem

if TYPE_CHECKING:
    import click
    from flask import Blueprint

    from runtime.definitions.plan import Plan
    from runtime.fields.base import FieldType
    from runtime.jobs.run import Run
    from runtime.outputs.document import Document

PROJECT = "yibiao"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Output(Protocol):
    """An output format: one file from one document."""

    name: str
    """The file ending: `pdf`."""
    media_type: str
    title: Mapping[str, str]
    """What the button says, per language."""

    def write(self, document: Document) -> bytes:
        """The file's content."""


@dataclass(frozen=True, slots=True)
class Navigation:
    """One place in the top bar: title per language, URL endpoint, and the roles that see it (empty: all)."""

    title: Mapping[str, str]
    endpoint: str
    roles: tuple[str, ...] = ()
    order: int = 100


class JobKind(NamedTuple):
    """A kind of work in the background: its name, and the function that does it. It must be safe to repeat."""

    name: str
    work: Callable[[Run], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a source is asked: for which form (its address), unit (its code), period (`202610`) and days, and cells.

    `subject` is the id of the subject that the form is about; `cells` holds the dictionary's address of what
    each cell means (`""`: it is the form's own), by the cell's pointer. Either of unit and period may be empty.
    """

    form: str
    unit: str
    period: str
    first: date
    last: date
    subject: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Supplied:
    """One cell's value, the day whose state it tells, and what a reader should know of it."""

    value: Any
    as_of: date | None = None
    note: str = ""


class SourceRefused(Exception):
    """What a source raises that will not tell; its words are shown, and it does not count as a failure."""


class Source(Protocol):
    """A program that fills cells: those whose definition says `"fill": {"source": "<its name>"}`."""

    name: str
    title: Mapping[str, str]
    """What people call it, per language."""

    def supply(self, asked: Asked) -> Mapping[str, Supplied]:
        """Values by pointer, of as many cells as it knows; asked once for an entry, from a thread of its own.

        It has two seconds, and no session of ours. What does not fit a cell's schema is not taken.
        """


class Specification:
    """The hooks. Each may be answered by any number of plugins; the answers are joined."""

    @hookspec
    def yibiao_field_types(self) -> Iterable[FieldType]:
        """Field types; a name that is taken already is an error that names both plugins."""
        raise AssertionError

    @hookspec
    def yibiao_outputs(self) -> Iterable[Output]:
        """Output formats; a name that is taken already is an error that names both plugins."""
        raise AssertionError

    @hookspec
    def yibiao_definitions(self) -> Iterable[Traversable]:
        """Folders laid out as `form_defs/`, read into the one tree of addresses."""
        raise AssertionError

    @hookspec
    def yibiao_templates(self) -> Iterable[tuple[str, Traversable]]:
        """`(department, folder)`: PDF templates, named `<department>/<file>` by forms' `outputs`."""
        raise AssertionError

    @hookspec
    def yibiao_translations(self) -> Iterable[Traversable]:
        """Folders of message catalogues: `<language>/*.po`."""
        raise AssertionError

    @hookspec
    def yibiao_problems(self, plan: Plan, data: Any) -> Iterable[Problem]:
        """Checks of an entry that JSON Schema cannot express; asked at check, review and submit.

        `plan.address` tells which form. A check that raises is named in the log and left out.
        """
        raise AssertionError

    @hookspec
    def yibiao_sources(self) -> Iterable[Source]:
        """Programs that fill cells; a name that is taken already is an error that names both plugins."""
        raise AssertionError

    @hookspec
    def yibiao_blueprints(self) -> Iterable[Blueprint]:
        """Pages of a plugin's own."""
        raise AssertionError

    @hookspec
    def yibiao_navigation(self) -> Iterable[Navigation]:
        """Places in the top bar."""
        raise AssertionError

    @hookspec
    def yibiao_jobs(self) -> Iterable[JobKind]:
        """Kinds of work in the background; a name that is taken already is an error that names both plugins."""
        raise AssertionError

    @hookspec
    def yibiao_commands(self) -> Iterable[click.Command]:
        """Sub-commands of `yibiao`; their context's `obj` opens the site of the environment: `obj() -> Site`."""
        raise AssertionError
