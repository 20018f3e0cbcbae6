"""To which unit a new subject of a sheet belongs: by code or name, by its address, or as chosen on upload."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from runtime import clock
from runtime.facts import units
from runtime.fields.base import WrongInput
from runtime.imports.identity import subjects_with
from runtime.imports.spelling import as_text, key
from runtime.language import gettext as _
from runtime.storage.tables import FOREVER, Unit, UnitParent

ADDRESS = "address"
"""The field by which homes, businesses and venues are known to stand in a unit."""

_ENDINGS = (
    "社区",
    "居委会",
    "居民委员会",
    "村委会",
    "村",
    "街道办事处",
    "街道",
    "网格",
    "community",
    "grid",
)


class Places:
    """The units by what a sheet of a day may call them, and how they hang today."""

    def __init__(self, session: Session, day: date) -> None:
        self._day = day
        self._named: dict[str, set[int]] = {}
        self._codes: dict[str, int] = {}
        for unit in session.scalars(select(Unit)):
            self._codes[unit.code] = unit.id
            for title in unit.title.values():
                for word in {key(str(title)), _bare(key(str(title)))}:
                    self._named.setdefault(word, set()).add(unit.id)
        today = clock.today()
        hangs = select(UnitParent).where(UnitParent.from_day <= today, UnitParent.to_day >= today)
        self._above = {hang.unit_id: hang.parent_id for hang in session.scalars(hangs)}
        self._known: dict[Any, int] = {}
        self._spans = units.spans(session)

    def read(self, raw: Any) -> int:
        """The unit that a cell names; raises `WrongInput` where none or several are called so."""
        text = as_text(raw)
        if text not in self._known:
            self._known[text] = self._find(text)
        return self._known[text]

    def missing_on(self, unit_id: int, day: date) -> date | None:
        """The first day from `day` on on which the unit does not exist; None: it does, as far as is known."""
        first, last = self._spans.get(unit_id, (FOREVER, FOREVER))
        if not first <= day <= last:
            return day
        return None if last == FOREVER else last + timedelta(days=1)

    def _find(self, text: str) -> int:
        if text in self._codes:
            return self._codes[text]
        for word in (key(text), _bare(key(text))):
            if found := self._named.get(word):
                lowest = self._without_those_above(units.existing(found, self._spans, self._day))
                if len(lowest) == 1:
                    return lowest[0]
                raise WrongInput(
                    _("Several units are called “%(name)s”; write the code.", name=text)
                )
        raise WrongInput(_("There is no unit called “%(name)s”.", name=text))

    def _without_those_above(self, named: Collection[int]) -> list[int]:
        return [one for one in named if not any(self.is_within(one, o) for o in named if o != one)]

    def is_within(self, unit_id: int | None, above: int) -> bool:
        """Whether a unit is that one, or hangs below it."""
        while unit_id is not None:
            if unit_id == above:
                return True
            unit_id = self._above.get(unit_id)
        return False


def _bare(text: str) -> str:
    for ending in _ENDINGS:
        if text.endswith(ending) and len(text) > len(ending) + 1:
            return text.removesuffix(ending)
    return text


def units_by_address(
    session: Session,
    registers: Iterable[str],
    wanted: Container[str],
    allowed: Container[int] | None,
) -> dict[str, int]:
    """Compared address -> unit, of those addresses where somebody or something is known, in one unit only.

    Nothing is told of units that are not `allowed` (None: all are), not even that another one has the address too.
    """
    found: dict[str, set[int]] = {}
    for register in registers:
        for address, unit_id in subjects_with(session, register, ADDRESS, wanted):
            if allowed is None or unit_id in allowed:
                found.setdefault(address, set()).add(unit_id)
    return {address: min(units) for address, units in found.items() if len(units) == 1}
