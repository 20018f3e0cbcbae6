"""What a row would do to what is known, and why not: one row of the dry run. Reads and writes nothing itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.facts.from_number import from_number
from runtime.facts.registers import Register
from runtime.facts.timeline import UNIT, Timeline
from runtime.fields.dates import in_words
from runtime.imports.decide import Decision, Sender, decide
from runtime.imports.fields import FieldsOf
from runtime.imports.held import Held, SaidBy
from runtime.imports.identity import SEVERAL, Known, compared
from runtime.imports.ids import subject_id
from runtime.imports.needed import wanted
from runtime.imports.places import ADDRESS, Places
from runtime.imports.rows import ROW, Told
from runtime.imports.somebody_else import somebody_else
from runtime.language import gettext as _
from runtime.storage.import_tables import Import


@dataclass(slots=True)
class Work:
    """All that a dry run holds while it walks the rows."""

    found: Import
    fields: FieldsOf
    register: Register
    sender: Sender
    places: Places
    known: Known
    by_address: Mapping[str, int]
    allowed: frozenset[int] | None
    """The units in which whoever imports may; None: all."""


def weigh(
    work: Work, told: Told, subject: str | None, held: Mapping[str, Held], said_by: SaidBy
) -> dict[str, Any]:
    """The row as it is kept, of what it would do to its subject (None: somebody new) as that is held."""
    if told.into is not None and not told.problems:
        text = _("Taken together with row %(n)s.", n=told.into)
        return _row(told, "same", problems=[(ROW, text)])
    if not told.problems:
        told.problems.extend(_refused(work, told, subject, held))
    if told.problems:
        label = work.fields.label_of(told.values)
        of = subject if subject and subject != SEVERAL else ""
        return _row(told, "error", of, label=label, problems=told.problems)
    if subject is None:
        told.values |= from_number(work.register.schema, told.values)
        unit = unit_of_new(work, told)
        return _row(
            told,
            "add",
            subject_id(work.found.id, told.n),
            unit=unit,
            label=work.fields.label_of(told.values),
        )
    now = held[subject]
    if others := somebody_else(work.fields, work.sender, told.values, now.timeline):
        text = _somebody_else(work.fields, told.values, next(iter(others)))
        row = _row(told, "conflict", subject, now.revision, now.unit_id, problems=[(ROW, text)])
        return row | {"label": work.fields.label_of(told.values), "old": others}
    made = decide(told.values, now.timeline, work.sender, said_by.of(subject))
    label = work.fields.label_of(told.values)
    row = _row(told, made.kind, subject, now.revision, now.unit_id, label, made)
    row["problems"] = _kept(work, told, now, made)
    if row["problems"]:
        row["kind"] = "conflict"
    return row


def _refused(
    work: Work, told: Told, subject: str | None, held: Mapping[str, Held]
) -> Iterator[tuple[int, str]]:
    """Why nothing of the row can be taken."""
    identity = work.fields.identity
    if not any(all(name in told.values for name in names) for names in identity):
        yield (
            ROW,
            _(
                "It does not say who or what it is about; wanted: %(fields)s.",
                fields=wanted(work.fields),
            ),
        )
    elif subject == SEVERAL:
        yield from _several(work, [held[one] for one in work.known.fitting(told.values)])
    elif subject is None:
        unit = unit_of_new(work, told)
        if unit is None:
            yield ROW, _("It is new here, and nothing says to which unit it belongs.")
        elif not _may(work, unit):
            yield ROW, _("It belongs to a unit in which you may not import.")
        elif _is_nameless(work.fields, told.values):
            yield ROW, _nameless(work.fields)
        elif gone := work.places.missing_on(unit, work.sender.as_of):
            yield (
                ROW,
                _(
                    "The unit to which it is to belong does not exist on %(day)s.",
                    day=in_words(gone),
                ),
            )
    elif elsewhere(work, held[subject]):
        yield ROW, _met()
    elif held[subject].unit_id is None:
        yield ROW, _("It has left or ended; record first that it is back.")


def _is_nameless(fields: FieldsOf, told: Mapping[str, Any]) -> bool:
    """Whether a row says nothing of what its subject is called."""
    return bool(fields.label) and all(told.get(name) is None for name in fields.label)


def _nameless(fields: FieldsOf) -> str:
    titles = _(" or ").join(fields.title_of(name) for name in fields.label)
    return _(
        "It is new here, and nothing says what it is called; wanted: %(fields)s.", fields=titles
    )


def _several(work: Work, fitting: Sequence[Held]) -> Iterator[tuple[int, str]]:
    """Of those elsewhere only that there are such is told, as of a single one."""
    away = [one for one in fitting if elsewhere(work, one)]
    if not away or len(away) < len(fitting):
        yield ROW, _("More than one in the register fits; it is not clear which is meant.")
    if away:
        yield ROW, _met()


def _met() -> str:
    return _("Another unit has or had it; that you came upon it is noted.")


def elsewhere(work: Work, now: Held) -> bool:
    """Whether a subject is, or was last, in a unit in which whoever imports may not."""
    return not _may(work, now.unit_id or _latest(now.timeline).get(UNIT))


def _may(work: Work, unit: int | None) -> bool:
    return work.allowed is None or unit in work.allowed


def unit_of_new(work: Work, told: Told) -> int | None:
    """The unit of somebody or something new: as its row says, as its address says, or as chosen on upload."""
    if told.unit is not None:
        return told.unit
    address = told.values.get(ADDRESS)
    by_address = work.by_address.get(compared(address)) if address else None
    return by_address or work.found.unit_id


def _somebody_else(fields: FieldsOf, told: Mapping[str, Any], name: str) -> str:
    number = next(names for names in fields.identity if told.keys() >= set(names))
    return _(
        "Under this %(number)s the register knows somebody or something called wholly otherwise (%(field)s);"
        " nothing of the row is taken. Correct the sheet, or record the change by hand.",
        number=" + ".join(map(fields.title_of, number)),
        field=fields.title_of(name),
    )


def _kept(work: Work, told: Told, now: Held, made: Decision) -> list[tuple[int, str]]:
    """What of the row is not taken, since something newer or better known stands against it."""
    found = [
        (
            ROW,
            _(
                "%(field)s: what is known since %(day)s stays.",
                field=work.fields.title_of(name),
                day=in_words(day),
            ),
        )
        for name, day in made.conflicts.items()
    ]
    if told.unit is not None and not work.places.is_within(now.unit_id, told.unit):
        found.append((ROW, _("The register has it in another unit; it is not moved.")))
    return found


def _latest(timeline: Timeline) -> dict[str, Any]:
    """The last that was said of each field; of the unit the last to which it belonged."""
    said: dict[str, Any] = {}
    for _day, patch in timeline:
        said |= {name: value for name, value in patch.items() if (name, value) != (UNIT, None)}
    return said


def _row(
    told: Told,
    kind: str,
    subject: str = "",
    revision: int = 0,
    unit: int | None = None,
    label: str = "",
    made: Decision | None = None,
    problems: Sequence[tuple[int, str]] = (),
) -> dict[str, Any]:
    return {
        "n": told.n,
        "kind": kind,
        "subject_id": subject,
        "revision": revision,
        "unit_id": unit,
        "label": label,
        "told": told.values,
        "old": made.old if made else {},
        "problems": [list(problem) for problem in problems],
    }
