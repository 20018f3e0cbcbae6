"""What the same cells held in earlier reports: by how much a number has changed, and whether it is unusual. Pure.

A number is unusual when it lies outside the median ± three times the median absolute deviation of the reports
before (up to `MOST`, at least `LEAST`), a tenth of the median and 1 being allowed in any case, so that a series
that never moved does not make one more a surprise. It looks like a slipped digit when it is ten times or a tenth
of what was reported last, one of the two being `LARGE` or more. After 0 such a number is unusual too. Each is pointed
out and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median
from typing import Any

from runtime.definitions.address import pointer as pointer_of
from runtime.entry.face import CellFace
from runtime.fields.numbers import Number
from runtime.language import gettext as _
from runtime.rules.where import exact, is_number

MOST, LEAST, LARGE = 12, 4, 20
Numbers = Mapping[str, int | Decimal]
"""The numbers of a report by the pointers of their cells, those in lists left aside."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """Earlier reports of the same form and unit, newest first; they are the same when their `key` is."""

    key: tuple[Any, ...]
    last: Numbers = field(compare=False)
    """What was reported for the period just before; empty where nothing was."""
    reports: tuple[Numbers, ...] = field(compare=False)

    def beside(self, face: CellFace, pointer: str, value: Any) -> tuple[str, str]:
        """What is said beside a cell: last period's value with the change, and that the number is unusual."""
        if not isinstance(face.type, Number):
            return "", ""
        before, was = self.last.get(pointer), ""
        if before is not None:
            shown, changed = face.display(before), difference(face, value, before)
            was = _("last %(was)s", was=shown)
            if changed and exact(value) != before:
                was = _("last %(was)s (%(change)s)", was=shown, change=changed)
        if not is_number(value):
            return was, ""
        series = [found for one in self.reports if (found := one.get(pointer)) is not None]
        return was, _unusual(face, exact(value), series, before)


def difference(face: CellFace, value: Any, before: Any) -> str:
    """By how much a number has changed since it was `before`, with its sign; "" for what is no number."""
    counts = isinstance(face.type, Number)  # a code may be a number too, and has no difference
    if not (counts and is_number(value) and is_number(before)):
        return ""
    by = exact(value) - exact(before)
    sign = "+" if by > 0 else "−" if by < 0 else "±"
    return sign + face.display(abs(by))


def _unusual(
    face: CellFace,
    value: int | Decimal,
    series: Sequence[int | Decimal],
    last: int | Decimal | None,
) -> str:
    if is_slip(value, last):
        return _("a digit too many or too few?")
    if is_outlier(value, series):
        low, high = face.display(min(series)), face.display(max(series))
        return _("unusual: so far %(low)s to %(high)s", low=low, high=high)
    if last == 0 and abs(Decimal(value)) >= LARGE:
        return _("unusual: last it was %(was)s", was=face.display(last))
    return ""


def is_outlier(value: int | Decimal, series: Sequence[int | Decimal]) -> bool:
    """Whether the number lies far from those reported before."""
    if len(series) < LEAST:
        return False
    numbers = [Decimal(one) for one in series]
    middle = median(numbers)
    spread = median(abs(one - middle) for one in numbers)
    return abs(Decimal(value) - middle) > max(3 * spread, abs(middle) / 10, Decimal(1))


def is_slip(value: int | Decimal, last: int | Decimal | None) -> bool:
    """Whether the number is ten times what was reported last, or a tenth of it."""
    if last is None or not last or not value:
        return False
    small, large = sorted((abs(Decimal(value)), abs(Decimal(last))))
    return large >= LARGE and large >= 10 * small


def numbers_of(data: Any) -> Numbers:
    """The numbers of a report; the n-th row of a list may be about somebody else each time, and is left aside."""
    return dict(_numbers(data, ""))


def _numbers(data: Any, above: str) -> Iterator[tuple[str, int | Decimal]]:
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _numbers(value, above + pointer_of(name))
    elif is_number(data):
        yield above, exact(data)
