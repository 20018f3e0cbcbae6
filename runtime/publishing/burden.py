"""What a form costs those who fill it, from its plan: cells, cells to type, hours a year. Pure; reads no database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

from runtime.definitions.address import pointer as pointer_of
from runtime.definitions.plan import AnyNode, Cell, Choice, CrossTable, ListRule, Plan, Rows
from runtime.language import Texts, ngettext, say
from runtime.language import gettext as _
from runtime.periods import a_year
from runtime.publishing.elsewhere import NOWHERE, Elsewhere, Known

SECONDS = 15.0
"""To look one value up and type it, where neither the form nor the site says how long it takes: an assumption."""

Source = Literal["declared", "measured", "assumed"]


@dataclass(frozen=True, slots=True)
class Counted:
    """A cell as it counts: its place with `*` for rows; whether a person types it, and whether they must."""

    pointer: str
    node: Cell
    typed: bool
    must: bool
    lists: tuple[str, ...] = ()
    """The lists with rows that it stands in, outermost first."""


@dataclass(frozen=True, slots=True)
class OfRows:
    """Of a list: the cells that must be typed in each row, and how many rows a report has (0: nobody knows yet)."""

    pointer: str
    title: Texts
    typed: int
    rows: float = 0.0


@dataclass(frozen=True, slots=True)
class OfLevel:
    """What units of one level owe: how many they are, and their hours a year."""

    level: str
    units: int
    hours: float


@dataclass(frozen=True, slots=True)
class Burden:
    """What a form costs. `hours` are those of a year; None where nobody knows how often it is filled."""

    cells: int
    typed: int
    """Cells outside of rows that must be typed."""
    optional: int
    """Cells that may be typed."""
    rows: tuple[OfRows, ...]
    levels: tuple[OfLevel, ...]
    times: float
    """How often a year each unit fills it; of a form about a subject: how often it is filled in all."""
    seconds: float
    source: Source
    """Where the seconds for a cell are from."""
    known: tuple[Known, ...]
    """Of the cells to type those that are known from elsewhere."""
    per_subject: bool = False

    @property
    def per_entry(self) -> float:
        """Cells to type in one entry, its rows with their usual number (one, where nobody knows)."""
        return self.typed + sum(one.typed * (one.rows or 1) for one in self.rows)

    @property
    def units(self) -> int:
        """How many units owe it."""
        return sum(level.units for level in self.levels)

    @property
    def hours(self) -> float | None:
        """Hours a year, of all who fill it."""
        if self.per_subject:
            return self.times * self.per_entry * self.seconds / 3600 if self.times else None
        return sum(level.hours for level in self.levels)

    @property
    def minutes_a_year(self) -> int | None:
        """The same in whole minutes, for what is kept."""
        return None if self.hours is None else round(self.hours * 60)

    @property
    def minutes(self) -> float:
        """Minutes for one entry."""
        return self.per_entry * self.seconds / 60


def burden(
    plan: Plan,
    units: Mapping[str, int],
    elsewhere: Elsewhere = NOWHERE,
    *,
    measured: float | None = None,
    rows: Mapping[str, float] | None = None,
    times: float = 0.0,
) -> Burden:
    """What the form of `plan` costs where there are so many `units` of each level.

    `elsewhere` says what other forms and the dictionary know (`elsewhere.known_in`). Where the site has them:
    `measured` are the seconds that a cell takes, `rows` the usual rows of a list by its pointer, `times` how often
    a form about a subject is filled in a year.
    """
    counted = list(counted_cells(plan))
    counts = Counts(
        cells=len(counted),
        typed=sum(one.must and not one.lists for one in counted),
        optional=sum(one.typed and not one.must for one in counted),
        rows=tuple(_of_rows(plan, counted, rows or {})),
    )
    known = tuple(_known(plan, counted, elsewhere))
    return reckoned(plan.form, counts, units, measured=measured, times=times, known=known)


class Says(Protocol):
    """What a form says of how often, by whom and how long it is filled: `plan.Form`, or as much of it."""

    @property
    def frequency(self) -> str: ...
    @property
    def levels(self) -> Sequence[str]: ...
    @property
    def burden(self) -> Mapping[str, Any]: ...


class Counts(NamedTuple):
    """A form's cells counted, whoever has counted them; fields as those of `Burden`."""

    cells: int
    typed: int
    optional: int
    rows: tuple[OfRows, ...]


def reckoned(
    form: Says,
    counts: Counts,
    units: Mapping[str, int],
    *,
    measured: float | None = None,
    times: float = 0.0,
    known: tuple[Known, ...] = (),
) -> Burden:
    """What cells that are counted already cost; see `burden`."""
    seconds, source = _seconds(form, measured)
    per_entry = counts.typed + sum(one.typed * (one.rows or 1) for one in counts.rows)
    often = a_year(form.frequency) if form.frequency else times
    hours = per_entry * seconds * often / 3600
    return Burden(
        *counts,
        levels=tuple(
            OfLevel(level, units.get(level, 0), units.get(level, 0) * hours)
            for level in form.levels
        ),
        times=often,
        seconds=seconds,
        source=source,
        known=known,
        per_subject=not form.frequency,
    )


def counted_cells(plan: Plan) -> Iterator[Counted]:
    """Every cell that the form may show once, a list with one row; fixed texts are none."""
    seen: set[str] = set()
    for one in _below(plan.root, "", (), must=True):
        if one.pointer not in seen and not _is_fixed(one.node):
            seen.add(one.pointer)
            yield one


def is_typed(cell: Cell) -> bool:
    """Whether nobody but the person who fills knows what stands there."""
    known = cell.fill or cell.own or cell.fact or cell.source
    return not (cell.read_only or cell.computed or known)


def _below(node: AnyNode, base: str, lists: tuple[str, ...], *, must: bool) -> Iterator[Counted]:
    here = base + pointer_of(*node.path) if node.path else base
    if isinstance(node, Cell):
        needed = must and (node.required or bool(node.required_when))
        typed = is_typed(node)
        yield Counted(here, node, typed, typed and needed, lists)
    elif isinstance(node, Rows):
        filled = isinstance(node.fill, ListRule) or node.below or node.carry is not None
        there = must and (filled or node.minimum > 0)
        yield from _row(node, here, lists, must=there)
    elif isinstance(node, Choice):
        for branch in node.branches:
            yield from _below(branch.node, here, lists, must=must)
    elif isinstance(node, CrossTable):
        for cell in (c for line in node.cells for c in line if c is not None):
            yield from _below(cell, here, lists, must=must)
    else:
        for child in getattr(node, "children", ()):
            yield from _below(child, here, lists, must=must)


def _row(node: Rows, here: str, lists: tuple[str, ...], *, must: bool) -> Iterator[Counted]:
    for one in _below(node.item, f"{here}/*", (*lists, here), must=must):
        carried = node.carry is not None or node.below
        if isinstance(node.item, Cell) and carried:
            yield Counted(one.pointer, one.node, typed=False, must=False, lists=one.lists)
        elif isinstance(node.item, Cell) and node.minimum:
            yield Counted(one.pointer, one.node, one.typed, one.typed and must, one.lists)
        else:
            yield one


def _is_fixed(node: Cell) -> bool:
    return node.read_only and len(node.options.get("choices", ())) == 1


def _seconds(form: Says, measured: float | None) -> tuple[float, Source]:
    declared = form.burden.get("secondsPerCell")
    if declared is not None:
        return float(declared), "declared"
    return (measured, "measured") if measured else (SECONDS, "assumed")


def _of_rows(plan: Plan, counted: list[Counted], rows: Mapping[str, float]) -> Iterator[OfRows]:
    titles = {pointer: node.words.title for pointer, node in _lists(plan.root, "")}
    typed: dict[str, int] = {}
    for one in counted:
        if one.must and one.lists:
            typed[one.lists[-1]] = typed.get(one.lists[-1], 0) + 1
    for pointer, number in typed.items():
        yield OfRows(pointer, titles.get(pointer, {}), number, rows.get(pointer, 0.0))


def _lists(node: AnyNode, base: str) -> Iterator[tuple[str, Rows]]:
    here = base + pointer_of(*node.path) if node.path else base
    if isinstance(node, Rows):
        yield here, node
        yield from _lists(node.item, f"{here}/*")
    for branch in getattr(node, "branches", ()):
        yield from _lists(branch.node, here)
    for child in getattr(node, "children", ()):
        yield from _lists(child, here)


def _known(plan: Plan, counted: list[Counted], elsewhere: Elsewhere) -> Iterator[Known]:
    for one in counted:
        if one.typed and (found := elsewhere.of(plan.address, one.pointer, one.node)):
            yield found


def line(told: Burden) -> str:
    """The burden in one line: `12 of 49 cells must be typed · about 98 hours a year for 61 communities`."""
    must = ngettext(
        "%(typed)s of %(n)s cell must be typed",
        "%(typed)s of %(n)s cells must be typed",
        told.cells,
        typed=told.typed,
    )
    parts = [must]
    in_rows = sum(one.typed for one in told.rows)
    if in_rows:
        parts.append(ngettext("%(n)s more in each row", "%(n)s more in each row", in_rows))
    hours = told.hours
    if hours is None:
        about = ngettext(
            "about %(n)s minute each time",
            "about %(n)s minutes each time",
            plural(told.minutes),
            n=rounded(told.minutes),
        )
    elif told.per_subject:
        about = ngettext(
            "about %(n)s hour a year",
            "about %(n)s hours a year",
            plural(hours),
            n=rounded(hours),
        )
    else:
        about = ngettext(
            "about %(n)s hour a year for %(units)s",
            "about %(n)s hours a year for %(units)s",
            plural(hours),
            n=rounded(hours),
            units=units_in_words(told),
        )
    return " · ".join([*parts, about])


def units_in_words(told: Burden) -> str:
    """`61 communities`; `3 streets, 61 communities`."""
    return _(", ").join(level_in_words(one.level, one.units) for one in told.levels) or "–"


def level_in_words(level: str, count: int) -> str:
    """So many units of a level: `61 communities`."""
    return {
        "city": lambda: ngettext("%(n)s city", "%(n)s cities", count),
        "district": lambda: ngettext("%(n)s district", "%(n)s districts", count),
        "street": lambda: ngettext("%(n)s street", "%(n)s streets", count),
        "community": lambda: ngettext("%(n)s community", "%(n)s communities", count),
        "grid": lambda: ngettext("%(n)s grid", "%(n)s grids", count),
    }.get(level, lambda: f"{count} {level}")()


def level_word(level: str) -> str:
    """What units of a level are called: `Communities`."""
    return {
        "city": _("Cities"), "district": _("Districts"), "street": _("Streets"),
        "community": _("Communities"), "grid": _("Grids"),
    }.get(level, level)  # fmt: skip


def rounded(number: float) -> str:
    """A number that is only about so much: no digits where there are many, one where it is small."""
    return f"{number:,.0f}" if number >= 10 or number == int(number) else f"{number:,.1f}"


def plural(number: float) -> int:
    """How many of something that is said as `rounded` grammar counts: `1 hour`, but `0.9 hours`."""
    return 1 if rounded(number) == "1" else 2


def title_of(known: Known) -> str:
    """What a cell that is known elsewhere is called here."""
    return say(known.title)
