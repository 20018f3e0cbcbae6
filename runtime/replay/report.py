"""What a replay or a site adds up to: months, forms, the cells that cost most, as plain data. Not for drawing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from runtime.entry.count import LOOKED_AT, Seen
from runtime.replay.rates import Rates

TOP = 15
"""Cells named for each form that are most often not filled."""
NO_KIND = "none"
"""Instead of the kind of provenance of what is empty or stands there without one."""


@dataclass(slots=True)
class Work:
    """What was done and seen in some reports; sums of it are sums of each part.

    `cells` = `filled` (fresh before anybody touched them) + `typed` + `confirmed` (all others, which a person has
    to look at). `facts` are what staff typed, confirmed or corrected of subjects behind figures and at visits.
    """

    reports: int = 0
    begun: int = 0
    submitted: int = 0
    cells: int = 0
    filled: int = 0
    typed: int = 0
    confirmed: int = 0
    nearly: int = 0
    counted_cells: int = 0
    counted_filled: int = 0
    right: int = 0
    wrong: int = 0
    first: int = 0
    again: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    unfilled: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """`(cell, state, why)` -> how often."""
    facts: Counter[str] = field(default_factory=Counter)

    def see(self, cell: Seen, nearly: float) -> None:
        """Count a cell as it was before anybody touched it."""
        self.cells += 1
        self.states[cell.state] += 1
        self.kinds[cell.kind or NO_KIND] += 1
        self.filled += cell.state == "fresh"
        self.confirmed += cell.state in LOOKED_AT
        self.typed += cell.state in ("missing", "typed", "overridden")
        self.nearly += cell.state == "stale" and cell.stale_share <= nearly
        if cell.value != 0:
            self.counted_cells += 1
            self.counted_filled += cell.state == "fresh"
        if cell.state != "fresh":
            self.unfilled[cell.name, cell.state, ", ".join(cell.unknown)] += 1

    def type_more(self, name: str) -> None:
        """Count a cell that appeared only by what was typed, and was typed in turn."""
        self.cells += 1
        self.typed += 1
        self.counted_cells += 1
        self.states["missing"] += 1
        self.kinds[NO_KIND] += 1
        self.unfilled[name, "missing", ""] += 1

    def add(self, other: Work) -> None:
        """Add what another has."""
        for name in _NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.kinds.update(other.kinds)
        self.states.update(other.states)
        self.unfilled.update(other.unfilled)
        self.facts.update(other.facts)


_NUMBERS = (
    "reports", "begun", "submitted", "cells", "filled", "typed", "confirmed", "nearly", "counted_cells",
    "counted_filled", "right", "wrong", "first", "again",
)  # fmt: skip


def sum_of(parts: Iterable[Work]) -> Work:
    """All of them together."""
    found = Work()
    for part in parts:
        found.add(part)
    return found


def as_month(period: str, work: Work, rates: Rates, *, compared: bool) -> dict[str, Any]:
    """One month, or one form's part of it.

    `compared` in a replay, where it is known how it really was and what was asked for, and nothing is left to type.
    """
    reviewed = {"typed": work.typed, "confirmed": work.confirmed, "reviewed": work.filled}
    told: dict[str, Any] = {
        "period": period,
        "reports": work.reports,
        "begun": work.begun,
        "submitted": work.submitted,
        "cells": work.cells,
        "filled": work.filled,
        "typed": work.typed,
        "confirmed": work.confirmed,
        "left": work.states["missing"],
        "per100": per_100(work.filled, work.cells),
        "byProvenance": dict(sorted(work.kinds.items())),
        "byState": dict(sorted(work.states.items())),
        "withoutZeros": {"cells": work.counted_cells, "filled": work.counted_filled},
        "minutes": round(rates.minutes(reviewed) + rates.minutes(work.facts), 1),
        "minutesByHand": rates.minutes({"typed": work.cells}),
    }
    if compared:
        told |= {
            "left": 0,
            "nearlyFresh": work.nearly,
            "asked": {"first": work.first, "again": work.again},
            "facts": dict(sorted(work.facts.items())),
            "comparedWithTruth": {"right": work.right, "wrong": work.wrong},
        }
    return told


def per_100(part: int, whole: int) -> float:
    """Of a hundred, to one decimal; 0 of nothing."""
    return round(100 * part / whole, 1) if whole else 0.0


def top_unfilled(work: Work, top: int = TOP) -> list[dict[str, Any]]:
    """The cells that are most often not filled, with their state, and the fields that nobody has sent."""
    ranked = sorted(work.unfilled.items(), key=lambda item: (-item[1], item[0]))
    return [
        {"cell": cell, "state": state, "times": times} | ({"unknown": why} if why else {})
        for (cell, state, why), times in ranked[:top]
    ]


def whole(
    months: Mapping[str, Mapping[str, Work]],
    forms: Mapping[str, Mapping[str, Any]],
    rates: Rates,
    about: Mapping[str, Any],
    visits: Mapping[str, Work],
    recorded: Mapping[str, Work],
) -> dict[str, Any]:
    """The whole file of a replay; `months` holds each month's work by form."""
    last = max(months)
    return {
        **about,
        "months": [
            _with_staff(
                as_month(period, sum_of(by_form.values()), rates, compared=True),
                visits[period].facts,
                recorded[period].facts,
                rates,
            )
            for period, by_form in sorted(months.items())
        ],
        "forms": [
            {**told, "form": form, "months": _of_form(form, months, rates)}
            | {"unfilled": top_unfilled(months[_latest(form, months)][form])}
            for form, told in sorted(forms.items())
        ],
        "unfilled": top_unfilled(sum_of(months[last].values()), 2 * TOP),
    }


def _with_staff(
    month: dict[str, Any], visits: Mapping[str, int], recorded: Mapping[str, int], rates: Rates
) -> dict[str, Any]:
    """The month with what staff did beside its reports.

    What they write into their own registers is the price of figures that fill themselves, and is in `minutes`; doors
    they knock at whatever is reported.
    """
    facts = recorded.get("typed", 0)
    minutes = rates.minutes({"typed": facts})
    return month | {
        "minutes": round(month["minutes"] + minutes, 1),
        "recorded": {"lines": recorded.get("lines", 0), "facts": facts, "minutes": minutes},
        "visits": dict(sorted(visits.items())),
    }


def _of_form(
    form: str, months: Mapping[str, Mapping[str, Work]], rates: Rates
) -> list[dict[str, Any]]:
    return [
        as_month(period, by_form[form], rates, compared=True)
        for period, by_form in sorted(months.items())
        if form in by_form
    ]


def _latest(form: str, months: Mapping[str, Mapping[str, Work]]) -> str:
    return max(period for period, by_form in months.items() if form in by_form)
