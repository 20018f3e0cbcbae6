"""Periods: which stretch of days a report is about, as DHIS2 writes them. Not for what is owed when."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

from runtime.language import current, using
from runtime.language import gettext as _

FIRST_YEAR, LAST_YEAR = 1900, 2999
"""The years that a period may be named after: beyond them a number is a slip of the finger."""

_DAY = timedelta(days=1)
_YEAR = "(?P<year>[0-9]{4})"
_MONTH = "(?P<month>0[1-9]|1[0-2])"

_FORMS = {
    "yearly": re.compile(_YEAR),
    "halfYearly": re.compile(_YEAR + "S(?P<part>[12])"),
    "quarterly": re.compile(_YEAR + "Q(?P<part>[1-4])"),
    "monthly": re.compile(_YEAR + _MONTH),
    "tenDays": re.compile(_YEAR + _MONTH + "T(?P<part>[123])"),
    "weekly": re.compile(_YEAR + "W(?P<part>[0-9]{1,2})"),
    "daily": re.compile(_YEAR + _MONTH + "(?P<part>[0-9]{2})"),
}

FREQUENCIES = tuple(_FORMS)
"""How often, from the longest period to the shortest."""


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of whole days with a frequency; `text` is its one written form, such as `202610`.

    Make one with `parse` or `of`. Weeks are those of ISO 8601, Monday to Sunday, and belong to the year of
    their Thursday; the third `tenDays` of a month runs to the month's end.
    """

    text: str
    frequency: str
    first: date
    last: date

    def __str__(self) -> str:
        return self.text

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @classmethod
    def parse(cls, text: str) -> Period:
        """The period written as `text`; raises `ValueError` that says what is wrong with it."""
        for frequency, form in _FORMS.items():
            if found := form.fullmatch(text):
                return cls.of(frequency, _day_within(text, frequency, found))
        raise ValueError(
            _(
                "“%(text)s” is not a period; write it like 2026, 2026S1, 2026Q3, 202611, 202611T1, "
                "2026W45 or 20261122.",
                text=text,
            )
        )

    @classmethod
    def of(cls, frequency: str, day: date) -> Period:
        """The period of that `frequency` in which `day` lies; raises `ValueError` for an unknown one."""
        if frequency not in _FORMS:
            known = ", ".join(FREQUENCIES)
            raise ValueError(
                _("“%(it)s” is not a frequency; there are %(known)s.", it=frequency, known=known)
            )
        _check_year(day.isocalendar().year if frequency == "weekly" else day.year)
        first, last = _STRETCHES[frequency](day)
        return cls(_written(frequency, first), frequency, first, last)

    def previous(self) -> Period:
        """The period just before, of the same frequency."""
        return Period.of(self.frequency, self.first - _DAY)

    def next(self) -> Period:
        """The period just after, of the same frequency."""
        return Period.of(self.frequency, self.last + _DAY)

    def title(self, language: str | None = None) -> str:
        """Its name for people, in `language` or the one in force: “October 2026”, “2026年10月”."""
        with using(language or current()):
            return _(_title_pattern(self), **_title_values(self))


_A_YEAR = {
    "yearly": 1, "halfYearly": 2, "quarterly": 4, "monthly": 12, "tenDays": 36, "weekly": 52, "daily": 365,
}  # fmt: skip


def a_year(frequency: str) -> int:
    """How many periods of that frequency a year has; raises `ValueError` for an unknown one."""
    if frequency not in _A_YEAR:
        raise ValueError(frequency)
    return _A_YEAR[frequency]


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(
            _(
                "The year %(year)s is outside %(first)s to %(last)s.",
                year=f"{year:04}",
                first=FIRST_YEAR,
                last=LAST_YEAR,
            )
        )


def _day_within(text: str, frequency: str, found: re.Match[str]) -> date:
    """A day of the period that was written; the parts are checked here against the calendar."""
    parts = {name: int(value) for name, value in found.groupdict().items()}
    year, month, part = parts["year"], parts.get("month", 1), parts.get("part", 1)
    _check_year(year)
    try:
        match frequency:
            case "weekly":
                return date.fromisocalendar(year, part, 1)
            case "daily":
                return date(year, month, part)
            case "tenDays":
                return date(year, month, 10 * part - 9)
            case "quarterly" | "halfYearly":
                months = 3 if frequency == "quarterly" else 6
                return date(year, months * (part - 1) + 1, 1)
            case _:
                return date(year, month, 1)
    except ValueError:
        if frequency == "weekly":
            wrong = _("“%(text)s” names a week that the calendar does not have.", text=text)
        else:
            wrong = _("“%(text)s” names a day that the calendar does not have.", text=text)
        raise ValueError(wrong) from None


def _months(count: int) -> Callable[[date], tuple[date, date]]:
    """Stretches of `count` months from January on."""

    def stretch(day: date) -> tuple[date, date]:
        first = date(day.year, (day.month - 1) // count * count + 1, 1)
        return first, _month_end(date(first.year, first.month + count - 1, 1))

    return stretch


def _month_end(day: date) -> date:
    return (day.replace(day=28) + 4 * _DAY).replace(day=1) - _DAY


def _ten_days(day: date) -> tuple[date, date]:
    third = min((day.day - 1) // 10, 2)
    first = day.replace(day=10 * third + 1)
    return first, _month_end(day) if third == 2 else first + 9 * _DAY


def _week(day: date) -> tuple[date, date]:
    monday = day - (day.isoweekday() - 1) * _DAY
    return monday, monday + 6 * _DAY


_STRETCHES: dict[str, Callable[[date], tuple[date, date]]] = {
    "yearly": _months(12),
    "halfYearly": _months(6),
    "quarterly": _months(3),
    "monthly": _months(1),
    "tenDays": _ten_days,
    "weekly": _week,
    "daily": lambda day: (day, day),
}


def _written(frequency: str, first: date) -> str:
    match frequency:
        case "yearly":
            return f"{first.year}"
        case "halfYearly":
            return f"{first.year}S{first.month // 6 + 1}"
        case "quarterly":
            return f"{first.year}Q{first.month // 3 + 1}"
        case "monthly":
            return f"{first:%Y%m}"
        case "tenDays":
            return f"{first:%Y%m}T{first.day // 10 + 1}"
        case "weekly":
            year, week, _day = first.isocalendar()
            return f"{year}W{week}"
        case _:
            return f"{first:%Y%m%d}"


_PATTERNS: dict[str, tuple[str, ...]] = {
    "yearly": ("%(year)s",),
    "halfYearly": ("First half of %(year)s", "Second half of %(year)s"),
    "quarterly": (
        "First quarter of %(year)s",
        "Second quarter of %(year)s",
        "Third quarter of %(year)s",
        "Fourth quarter of %(year)s",
    ),
    "monthly": ("%(month_name)s %(year)s",),
    "tenDays": (
        "1–10 %(month_name)s %(year)s",
        "11–20 %(month_name)s %(year)s",
        "21–%(last_day)s %(month_name)s %(year)s",
    ),
    "weekly": ("Week %(week)s of %(year)s",),
    "daily": ("%(day)s %(month_name)s %(year)s",),
}


def _title_pattern(period: Period) -> str:
    patterns = _PATTERNS[period.frequency]
    return patterns[int(period.text[-1]) - 1 if len(patterns) > 1 else 0]


def _title_values(period: Period) -> dict[str, object]:
    first = period.first
    weekly = period.frequency == "weekly"
    return {
        "year": first.isocalendar().year if weekly else first.year,
        "week": first.isocalendar().week,
        "month": first.month,
        "month_name": format_date(first, "MMMM", locale=current().replace("-", "_")),
        "day": first.day,
        "last_day": period.last.day,
    }
