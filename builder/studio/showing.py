"""“Shown when” and “needed only when” of a part, composed in the panel and kept as one step. Not for the sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from builder.edits.conditions import show_when
from builder.edits.needs import need_when
from builder.edits.spots import Document, Refused, pointer_of
from builder.rules.cells import Cells
from builder.rules.composer import Composed, Composer
from builder.rules.of_form import FormRules, Line, object_homes
from builder.rules.rows import Group
from builder.rules.scopes import home_of, within
from builder.rules.writing import written
from builder.studio.canvas import Part
from builder.studio.opened import Opened
from runtime.api import dumps
from runtime.api import gettext as _

SETTING = {"shown": show_when, "needed": need_when}


@dataclass(frozen=True, slots=True)
class Showing:
    """A condition on its way; `was` is how it stood when it was opened."""

    kind: str
    composed: Composed
    was: str
    is_locked: bool = False

    @property
    def is_step(self) -> bool:
        """It is only to be drawn anew."""
        return self.composed.is_step

    @property
    def is_ready(self) -> bool:
        """Nothing is missing."""
        return self.composed.is_ready


def view(one: Opened, part: Part, kind: str, posted: Mapping[str, str] | None) -> Showing:
    """The condition of a part as it stands, or as it was posted."""
    return _view(_rules(one, one.document or {}), part, kind, posted)


def carried(
    one: Opened, document: Document, part: Part, kind: str, posted: Mapping[str, str]
) -> Document:
    """The document with the condition that was composed. Raises `Refused`."""
    found = _view(_rules(one, document), part, kind, posted)
    if posted.get("was", found.was) != found.was:
        raise Refused(_("Somebody else has set this condition meanwhile; look at it again first."))
    if found.is_locked or found.composed.group is None:
        raise Refused(_("This condition says more than can be composed; change it in the JSON."))
    if not found.is_ready:
        raise Refused(" ".join(dict.fromkeys(found.composed.problems.values())))
    opened = _view(_rules(one, document), part, kind, None)
    if found.composed.group == opened.composed.group:
        return document
    return _set(document, part, kind, found.composed.group)


def _set(document: Document, part: Part, kind: str, group: Group) -> Document:
    if not group.parts:
        return SETTING[kind](document, part.pointer, None)
    homes = object_homes(part.pointer)
    home = home_of(group, homes)
    if home is None:
        raise Refused(
            _(
                "A condition of a column compares either cells of its own row or cells outside of the list, not both."
            )
        )
    where = {k: v for k, v in written(within(group, home)).items() if k != "type"}
    pointer = pointer_of(home)
    return SETTING[kind](document, part.pointer, where, pointer)


def _rules(one: Opened, document: Document) -> FormRules:
    return FormRules(Cells(one.library, one.address, document))


def _view(rules: FormRules, part: Part, kind: str, posted: Mapping[str, str] | None) -> Showing:
    line: Line | None = getattr(rules, kind)(part.pointer)
    group = line.group if line else Group()
    base = {k: v for k, v in written(group or Group()).items() if k != "type"}
    composer = Composer(rules.cells.readable(part.pointer), "rule", typed=False)
    composed = composer.opened(base) if posted is None else composer.posted(MultiDict(posted), base)
    return Showing(kind, composed, dumps(base), line is not None and line.group is None)
