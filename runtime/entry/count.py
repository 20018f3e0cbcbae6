"""Which cells of a report count, and in which state each is before anybody touches it. Pure; not for adding up.

The rule. A cell counts when something stands in it, or must: fixed texts, totals and optional cells that nobody
needs to fill are none, nor are cells that are locked since the form has no place for what stands in them, nor a choice
that is to be made and a list that is to be begun, for which pages ask as well. It is then one of

- `fresh`: it was filled, and all that it rests on is known, not older than its `maxAge`, and said by nobody otherwise;
  or the form itself holds the value, where nobody may type another: there is nothing to settle;
- `stale`: it was filled, and rests on at least one fact that has grown old;
- `conflict`: it was filled, and rests on a fact of which two sources say different things;
- `offered`: a default stands in it, which nobody knows to be so;
- `incomplete`: it was filled, but subjects that it should count stand in no cell, for want of a fact of theirs or
  because what is said is no code of the list;
- `missing`: it is empty, or its figure was counted although a field that its rule needs is known of nobody at all;
- `typed` or `overridden`: a person has been here.

Only `fresh` cells are filled without typing. A figure of nobody rests on nothing, and is fresh as soon as the fields
of its rule are known of somebody in the site.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from runtime.definitions.place import Placed, cells, place
from runtime.definitions.plan import Cell, Plan
from runtime.fields.base import MISSING
from runtime.fill.ground import Based, Fact, Ground, based
from runtime.fill.provenance import Provenance
from runtime.rules.derive import comes_from

STATES = (
    "fresh",
    "stale",
    "conflict",
    "incomplete",
    "offered",
    "missing",
    "typed",
    "overridden",
)
LOOKED_AT = ("stale", "conflict", "incomplete", "offered")
"""What stands there already, but a person must look at it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A cell that counts: its state, the kind of its provenance (`""`: none), and why it is not fresh."""

    pointer: str
    node: Cell
    state: str
    kind: str = ""
    value: Any = MISSING
    faults: frozenset[Fact] = frozenset()
    """The facts that are missing, stale or in conflict, where it is those."""
    unknown: tuple[str, ...] = ()
    """The fields that nobody has sent yet."""
    stale_share: float = 0.0
    subjects: int = 0
    """How many a figure counts."""
    old: int = 0
    """How many of them rest on a fact that has grown old."""
    before: date | None = None
    """What was said before this day has grown old."""

    @property
    def name(self) -> str:
        """What the cell asks for, whatever the unit, period, row or code: its rule, its definition, or its place."""
        asks = self.node.fill.rule if self.node.fill else self.node.definition
        if asks:
            return asks.rpartition("/defs/")[2] or asks
        return "/".join("*" if step.isdigit() else step for step in self.pointer.split("/"))


@dataclass(frozen=True, slots=True)
class Shown:
    """What pages tell of a cell, small enough to be remembered: as `Seen`, but for whom and what is at fault."""

    state: str
    value: Any = MISSING
    fields: frozenset[str] = frozenset()
    """Those that are missing, stale or in conflict."""
    concerned: int = 0
    """Of how many subjects they are."""
    unknown: tuple[str, ...] = ()
    subjects: int = 0
    old: int = 0
    before: date | None = None


def shown(one: Seen) -> Shown:
    """What pages tell of it."""
    return Shown(
        one.state,
        one.value,
        frozenset(name for _subject, name in one.faults),
        len({subject for subject, _name in one.faults}),
        one.unknown,
        one.subjects,
        one.old,
        one.before,
    )


def seen_of(
    ground: Ground,
    plan: Plan,
    units: Collection[int],
    first: date,
    content: tuple[Any, Mapping[str, str], Mapping[str, Provenance]],
) -> list[Seen]:
    """The cells that count of a report with this content (data, choices, provenance), with their states.

    For these units and the period from `first` to the ground's day. Pages, `burden` and the replay all ask here, and
    so say the same.
    """
    data, choices, told = content
    rules = based(ground, plan, units, first)
    derive = {name: schema.get("derive", {}) for name, schema in ground.schemas.items()}
    return list(seen(cells(place(plan, data, choices)), told, ground, rules, derive))


def seen(
    placed: Iterable[Placed],
    provenance: Mapping[str, Provenance],
    ground: Ground,
    rules: Mapping[str, Based],
    derive: Mapping[str, Mapping[str, Mapping[str, Any]]],
) -> Iterator[Seen]:
    """The cells that count of a form as it is placed, with their states; `derive` is each register's, by name."""
    for one in placed:
        node = one.node
        if not isinstance(node, Cell) or node.computed or one.locked or _is_fixed(node):
            continue
        told = provenance.get(one.pointer)
        if one.value is MISSING or one.value == "":
            if _must_be_typed(one, node):
                yield Seen(one.pointer, node, "missing")
            continue
        yield _of(one.pointer, node, one.value, told, ground, rules, derive)


def _is_fixed(node: Cell) -> bool:
    """A text that is always the same."""
    return node.read_only and len(node.options.get("choices", ())) == 1


def _must_be_typed(one: Placed, node: Cell) -> bool:
    return not node.read_only and (one.required or node.expected)


def _of(
    pointer: str,
    node: Cell,
    value: Any,
    told: Provenance | None,
    ground: Ground,
    rules: Mapping[str, Based],
    derive: Mapping[str, Mapping[str, Mapping[str, Any]]],
) -> Seen:
    if told is None:
        return Seen(pointer, node, "fresh" if node.read_only else "offered", value=value)
    kind = told["kind"]
    if kind in ("typed", "overridden"):
        return Seen(pointer, node, kind, kind, value)
    if node.fill is not None and kind in ("register", "formula"):
        return _figure(pointer, node, value, kind, rules.get(node.fill.rule), ground)
    if kind == "subject":
        own = comes_from(derive.get(told["register"], {}), told["field"])
        return _fact(pointer, node, value, told["subject"], own, ground)
    return Seen(pointer, node, "stale" if told.get("stale") else "fresh", kind, value)


def _figure(
    pointer: str, node: Cell, value: Any, kind: str, rule: Based | None, ground: Ground
) -> Seen:
    if rule is None:
        return Seen(pointer, node, "fresh", kind, value)
    codes = node.fill.codes if node.fill else ()
    basis = rule.of(codes)
    if rule.unknown:
        return Seen(pointer, node, "missing", kind, value, unknown=rule.unknown)
    if basis.conflict:
        return Seen(pointer, node, "conflict", kind, value, frozenset(basis.conflict))
    if rule.missing:
        return Seen(pointer, node, "incomplete", kind, value, frozenset(rule.missing))
    if basis.stale:
        old, of = basis.stale_subjects, basis.subjects
        before = ground.border(rule.register, {name for _subject, name in basis.stale})
        return Seen(
            pointer,
            node,
            "stale",
            kind,
            value,
            frozenset(basis.stale),
            stale_share=old / of,
            subjects=of,
            old=old,
            before=before,
        )
    return Seen(pointer, node, "fresh", kind, value)


def _fact(
    pointer: str, node: Cell, value: Any, subject: str, own: tuple[str, ...], ground: Ground
) -> Seen:
    known = ground.by_id.get(subject)
    clash = frozenset((subject, name) for name in own if (subject, name) in ground.conflicts)
    if clash:
        return Seen(pointer, node, "conflict", "subject", value, clash)
    old = frozenset((subject, name) for name in own if known and name in known.stale)
    if old:
        return Seen(pointer, node, "stale", "subject", value, old, stale_share=1.0)
    return Seen(pointer, node, "fresh", "subject", value)
