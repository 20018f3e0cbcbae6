"""All rules of a form: when each cell is there, when it is needed, what it is filled from. Not for changing them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from builder.edits.branches import Term
from builder.edits.conditions import homes, own_conditions
from builder.edits.needs import needs_of
from builder.edits.spots import Refused, pointer_of, schema_path, tokens
from builder.rules.cells import Cells, reads_of
from builder.rules.fields import Field
from builder.rules.filling import filled
from builder.rules.rows import Group, Path
from builder.rules.scopes import either, whole
from builder.rules.sentences import condition
from builder.rules.writing import written
from runtime.api import dumps, say
from runtime.api import gettext as _

KINDS = ("shown", "needed", "filled")


@dataclass(frozen=True, slots=True)
class Line:
    """One rule of a cell: its sentence and what it reads; `place` is where it stands in the document."""

    kind: str
    pointer: str
    sentence: str
    reads: tuple[str, ...] = ()
    place: tuple[str | int, ...] = ()
    written: str = ""
    """As JSON; empty where only the dictionary says it."""
    group: Group | None = None
    """Of a condition: as rows over the whole entry; None: only the JSON can say it."""


class FormRules:
    """The rules of one form, each worked out when it is asked for."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self._called: dict[Path, tuple[Field, ...]] = {}

    @cached_property
    def titles(self) -> dict[str, str]:
        """What each cell is called where cells of all groups stand side by side, by its pointer."""
        return {pointer_of(one.path): say(one.title) for one in self.fields("")}

    def lines(self) -> list[Line]:
        """Every condition and every fill that the form itself says, in the order of its cells."""
        return [line for pointer in self.cells.schemas for line in self.of(pointer)]

    def of(self, pointer: str) -> Iterator[Line]:
        """The rules of one cell."""
        for line in (self.shown(pointer), self.needed(pointer), self.filled(pointer)):
            if line is not None:
                yield line

    def shown(self, pointer: str) -> Line | None:
        """When a cell is there; None: always, where that which holds it is."""
        try:
            terms = own_conditions(self.cells.document, pointer)
            path = schema_path(self.cells.document, pointer)
        except Refused:
            return None
        if not terms:
            return None
        group = whole(_said(terms))
        return self._line("shown", pointer, terms, group, path)

    def needed(self, pointer: str) -> Line | None:
        """When a cell must be answered, beside always; None: under no condition."""
        try:
            needs = needs_of(self.cells.document, pointer)
        except Refused:
            return None
        if not needs:
            return None
        groups = [whole(_said(need.terms)) for need in needs]
        plain = [group for group in groups if group is not None]
        group = either(plain) if len(plain) == len(groups) else None
        terms = [term for need in needs for term in need.terms]
        return self._line("needed", pointer, terms, group, needs[0].path)

    def filled(self, pointer: str) -> Line | None:
        """What a cell is filled from; None where people type it."""
        found = filled(self.cells, pointer)
        if found.is_typed:
            return None
        path = schema_path(self.cells.document, pointer)
        schema = self.cells.schemas.get(pointer, {})
        own = {k: schema[k] for k in ("fill", "totalOf") if k in schema}
        return Line("filled", pointer, found.sentence, found.reads, path, dumps(own) if own else "")

    def sentence(self, group: Group, pointer: str) -> str:
        """What a condition of a cell says."""
        return condition(written(group), self.fields(pointer))

    def fields(self, pointer: str) -> tuple[Field, ...]:
        """All fields of the form as they are called from a cell."""
        around = tokens(pointer)[:-1]
        if around not in self._called:
            self._called[around] = self.cells.called((*around, ""))
        return self._called[around]

    def _line(
        self,
        kind: str,
        pointer: str,
        terms: list[Term],
        group: Group | None,
        path: tuple[str | int, ...],
    ) -> Line:
        said = _("a condition that is written as JSON holds")
        sentence = self.sentence(group, pointer) if group is not None else said
        reads = sorted({place for term in terms for place in reads_of(term)})
        text = dumps([[term.home, term.schema, term.negated] for term in terms])
        return Line(kind, pointer, sentence, tuple(reads), path, text, group)

    @cached_property
    def sentences(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Of each rule that the form itself says, by its cell and kind: the sentence, and how it is written."""
        found = {}
        for line in self.lines():
            if line.written:
                found[(line.pointer, line.kind)] = (line.sentence, line.written)
        return found


def object_homes(pointer: str) -> list[Path]:
    """The objects around a cell that its condition may be about, outermost first."""
    return [tokens(home) for home in homes(pointer)]


def _said(terms: list[Term] | tuple[Term, ...]) -> list[tuple[Path, object, bool]]:
    return [(tokens(term.home), term.schema, term.negated) for term in terms]
