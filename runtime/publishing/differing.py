"""What makes one version of a form of another, cell by cell, as data. Not for an entry's values, nor in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from runtime.definitions.plan import Cell, Plan
from runtime.fields.catalogue import field_types
from runtime.fields.choices import same, value_of
from runtime.language import Texts, say
from runtime.language import gettext as _
from runtime.publishing.burden import counted_cells

Kind = Literal["new", "gone", "tighter", "other", "looser"]
_ANY = "any"


@dataclass(frozen=True, slots=True)
class Differing:
    """One cell that differs. `tighter` and `other`: values that stood there before may not fit any more."""

    kind: Kind
    pointer: str
    title: Texts
    why: str = ""
    definition: str = ""

    @property
    def is_compatible(self) -> bool:
        """Whether whatever stood there before still may."""
        return self.kind in ("new", "looser")


@dataclass(frozen=True, slots=True)
class Versions:
    """The cells that differ, and the dictionary's items used by one version only."""

    cells: tuple[Differing, ...]
    taken_up: tuple[str, ...]
    let_go: tuple[str, ...]

    @property
    def incompatible(self) -> tuple[Differing, ...]:
        """Those of which values may be lost or refused."""
        return tuple(one for one in self.cells if not one.is_compatible)


def between(before: Plan | None, after: Plan) -> Versions:
    """What differs from `before` (None: nothing was there) to `after`."""
    old = cells_of(before) if before is not None else {}
    new = cells_of(after)
    return Versions(
        tuple(_cells(old, new)),
        tuple(sorted(_used(new) - _used(old))),
        tuple(sorted(_used(old) - _used(new))),
    )


def cells_of(plan: Plan) -> dict[str, Cell]:
    """The cells of a form by pointer, `*` for rows."""
    return {one.pointer: one.node for one in counted_cells(plan)}


def _used(cells: Mapping[str, Cell]) -> set[str]:
    return {cell.definition for cell in cells.values() if cell.definition}


def _cells(old: Mapping[str, Cell], new: Mapping[str, Cell]) -> Iterator[Differing]:
    for pointer, cell in new.items():
        before = old.get(pointer)
        if before is None:
            yield Differing("new", pointer, cell.words.title, definition=cell.definition)
        elif (found := _changed(before, cell)) is not None:
            yield Differing(found[0], pointer, cell.words.title, found[1], cell.definition)
    for pointer, cell in old.items():
        if pointer not in new:
            yield Differing("gone", pointer, cell.words.title, definition=cell.definition)


def _changed(old: Cell, new: Cell) -> tuple[Kind, str] | None:
    if old.field != new.field and {old.field, new.field} not in _ALIKE:
        return "other", _("another kind of value")
    if old.definition != new.definition:
        return "other", _("another meaning: it refers to another item of the dictionary")
    for found in (_choices(old, new), _limits(old, new)):
        if found is not None:
            return found
    if new.required and not old.required:
        return "tighter", _("must be filled in now")
    return (
        ("looser", _("need not be filled in any more"))
        if old.required and not new.required
        else None
    )


_ALIKE = (
    {"text", "long-text"},
    {"choice", "code-list"},
    {"integer", "computed"},
    {"decimal", "computed"},
)


def _choices(old: Cell, new: Cell) -> tuple[Kind, str] | None:
    before, after = old.options.get("choices"), new.options.get("choices")
    if not before or not after:
        return None
    gone = [c for c in before if not any(same(value_of(c), value_of(other)) for other in after)]
    if gone:
        return "tighter", _("no longer among the choices: %(known)s", known=_named(gone))
    come = [c for c in after if not any(same(value_of(c), value_of(other)) for other in before)]
    return ("looser", _("among the choices now: %(known)s", known=_named(come))) if come else None


def _named(choices: list[Mapping[str, Any]]) -> str:
    return _(", ").join(say(one["title"]) for one in choices[:8])


def _limits(old: Cell, new: Cell) -> tuple[Kind, str] | None:
    looser: str = ""
    for key, higher_is_tighter in _SENSE.items():
        before, after = _exact(old.options.get(key)), _exact(new.options.get(key))
        if before == after:
            continue
        tighter = before is None or (after is not None and (after > before) == higher_is_tighter)
        said = _LIMITS[key](new.options.get(key) if after is not None else old.options.get(key))
        if tighter:
            return "tighter", said
        looser = said if after is not None else _("without a limit that it had")
    if old.options.get("pattern") != new.options.get("pattern") and "pattern" in new.options:
        return "tighter", _("of another form than before")
    return ("looser", looser) if looser else None


_SENSE = {"minimum": True, "exclusiveMinimum": True, "minLength": True, "minItems": True,
          "maximum": False, "exclusiveMaximum": False, "maxLength": False, "maxItems": False,
          "digits": False}  # fmt: skip
_LIMITS = {
    "minimum": lambda n: _("at least %(n)s", n=n),
    "exclusiveMinimum": lambda n: _("more than %(n)s", n=n),
    "minLength": lambda n: _("at least %(n)s letters", n=n),
    "minItems": lambda n: _("at least %(n)s of them", n=n),
    "maximum": lambda n: _("at most %(n)s", n=n),
    "exclusiveMaximum": lambda n: _("less than %(n)s", n=n),
    "maxLength": lambda n: _("at most %(n)s letters", n=n),
    "maxItems": lambda n: _("at most %(n)s of them", n=n),
    "digits": lambda n: _("%(n)s digits after the point", n=n),
}


def _exact(value: Any) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except ArithmeticError:
        return None


def shown(cell: Cell, value: Any) -> str:
    """A value as its cell shows it."""
    if cell.field in field_types:
        try:
            return field_types[cell.field].display(value, cell.options)
        except (TypeError, ValueError, LookupError):
            pass
    return str(value)
