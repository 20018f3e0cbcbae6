"""The dated tree of units: city > district > street > community > grid. Not for who may see which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache

from sqlalchemy import BindParameter, ColumnElement, Date, Select, and_, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from runtime.errors import EntryError, NotFound
from runtime.fields.dates import in_words
from runtime.language import gettext as _
from runtime.storage.tables import FOREVER, Unit, UnitParent

LEVELS = ("city", "district", "street", "community", "grid")
"""From the top down; a unit hangs below one of a level further up."""

FIRST_DAY = date(1900, 1, 1)
"""Nothing is known of the days before."""


def add_unit(
    session: Session,
    code: str,
    level: str,
    title: Mapping[str, str],
    parent_id: int | None = None,
    from_day: date = FIRST_DAY,
) -> Unit:
    """Add a unit below `parent_id` (None: at the top) from `from_day` on.

    Raises `EntryError` for an unknown level, a code that is taken, or a parent that is not above it.
    """
    _check_level(level)
    if session.scalar(select(Unit.id).where(Unit.code == code)) is not None:
        raise EntryError(_("There is a unit with the code “%(code)s” already.", code=code))
    unit = Unit(code=code, level=level, title=dict(title))
    session.add(unit)
    session.flush()
    hang(session, unit.id, parent_id, from_day)
    return unit


def hang(session: Session, unit_id: int, parent_id: int | None, from_day: date) -> None:
    """Let the unit hang below `parent_id` from `from_day` on, up to the next day on which it moves.

    Levels go strictly downwards, so that the tree can never close into a ring. Raises `EntryError` where
    they do not, for a day before `FIRST_DAY`, and where the unit above does not exist on that day.
    """
    above = None if parent_id is None else get(session, parent_id)
    _check_hang(get(session, unit_id), above, from_day)
    if above is not None:
        require_existing(session, above.id, from_day)
    there = session.scalars(
        select(UnitParent).where(
            UnitParent.unit_id == unit_id,
            UnitParent.from_day <= from_day,
            UnitParent.to_day >= from_day,
        )
    ).one_or_none()
    if there is not None and there.from_day == from_day:
        there.parent_id = parent_id
    else:
        to_day = there.to_day if there else _day_before_next(session, unit_id, from_day)
        if there:
            there.to_day = from_day - timedelta(days=1)
        session.add(
            UnitParent(unit_id=unit_id, from_day=from_day, to_day=to_day, parent_id=parent_id)
        )
    session.flush()


def get(session: Session, unit_id: int) -> Unit:
    """The unit; raises `NotFound`."""
    unit = session.get(Unit, unit_id)
    if unit is None:
        raise NotFound(_("There is no unit with the number %(id)s.", id=unit_id))
    return unit


def require_existing(session: Session, unit_id: int, day: date) -> None:
    """Raise an `EntryError` unless the unit exists on `day`: hangs somewhere, or stands at the top."""
    there = select(UnitParent.unit_id).where(UnitParent.unit_id == unit_id, _on(day))
    if session.scalar(there) is None:
        code = get(session, unit_id).code
        raise EntryError(
            _("The unit “%(code)s” does not exist on %(day)s.", code=code, day=in_words(day))
        )


def require_within(session: Session, stretches: Iterable[tuple[date, date, int]]) -> None:
    """Raise an `EntryError` when one of these (first day, last day, unit) reaches beyond the unit's own days.

    Whoever belonged to a unit that does not exist would be counted nowhere.
    """
    wanted = list(stretches)
    days = spans(session, {unit_id for _first, _last, unit_id in wanted})
    for first, last, unit_id in wanted:
        begun, ended = days.get(unit_id, (FIRST_DAY, FOREVER))
        if not (begun <= first and last <= ended):
            outside = first if first < begun else max(first, ended + timedelta(days=1))
            require_existing(session, unit_id, outside)


def spans(session: Session, unit_ids: Iterable[int] | None = None) -> dict[int, tuple[date, date]]:
    """Unit -> the first and the last day on which it exists; of all units, or of these."""
    query = select(
        UnitParent.unit_id, func.min(UnitParent.from_day), func.max(UnitParent.to_day)
    ).group_by(UnitParent.unit_id)
    if unit_ids is not None:
        query = query.where(UnitParent.unit_id.in_(unit_ids))
    return {unit_id: (first, last) for unit_id, first, last in session.execute(query)}


def existing(
    unit_ids: Iterable[int], spans: Mapping[int, tuple[date, date]], day: date
) -> list[int]:
    """Of units of one name those that are meant on `day`: that exist from then on, else that do on it, else all."""
    every = list(unit_ids)
    there = [one for one in every if one in spans and spans[one][0] <= day <= spans[one][1]]
    return [one for one in there if spans[one][1] == FOREVER] or there or every


def by_code(session: Session, code: str) -> Unit:
    """The unit with that code; raises `NotFound`."""
    unit = session.scalar(select(Unit).where(Unit.code == code))
    if unit is None:
        raise NotFound(_("There is no unit with the code “%(code)s”.", code=code))
    return unit


def children(session: Session, unit_id: int | None, day: date) -> Sequence[Unit]:
    """The units that hang directly below on `day` (None: those at the top), by code."""
    hangs = and_(UnitParent.unit_id == Unit.id, _on(day))
    below_it = (
        UnitParent.parent_id.is_(None) if unit_id is None else UnitParent.parent_id == unit_id
    )
    return session.scalars(
        select(Unit).join(UnitParent, hangs).where(below_it).order_by(Unit.code)
    ).all()


def below(session: Session, unit_id: int, day: date) -> list[int]:
    """The ids of all units below on `day`, and of the unit itself; raises `NotFound`."""
    ids = [row.id for row in session.execute(below_query(unit_id, day))]
    if not ids:
        get(session, unit_id)
    return ids


def below_query(unit_id: int, day: date) -> Select[tuple[int]]:
    """The same as a query, for `IN (…)` in another."""
    tree = select(Unit.id).where(Unit.id == unit_id).cte("tree", recursive=True)
    tree = tree.union_all(
        select(UnitParent.unit_id).join(tree, UnitParent.parent_id == tree.c.id).where(_on(day))
    )
    return select(tree.c.id)


def within(
    session: Session, unit_id: int, among: Iterable[int | None], day: date
) -> frozenset[int]:
    """Those of the units `among` that are this unit, or hang below it on `day`.

    The database is asked only where another unit is among them.
    """
    others = {one for one in among if one is not None}
    found = others & {unit_id}
    if others := others - found:
        query = select(Unit.id).where(Unit.id.in_(others), Unit.id.in_(below_query(unit_id, day)))
        found |= set(session.scalars(query))
    return frozenset(found)


def path(session: Session, unit_id: int, day: date) -> list[Unit]:
    """The units from the top down to this one, as they hung on `day`; raises `NotFound`."""
    found = session.scalars(_path_query(), {"unit": unit_id, "day": day}).all()
    if not found:
        get(session, unit_id)
    return sorted(found, key=lambda unit: LEVELS.index(unit.level))


@cache
def _path_query() -> Select[Unit]:
    """Put together once: each page asks, to know whether a unit lies within those of its user's roles."""
    up = select(Unit.id).where(Unit.id == bindparam("unit")).cte("up", recursive=True)
    day = bindparam("day", type_=Date)
    up = up.union_all(
        select(UnitParent.parent_id)
        .join(up, UnitParent.unit_id == up.c.id)
        .where(UnitParent.parent_id.is_not(None), _on(day))
    )
    return select(Unit).join(up, Unit.id == up.c.id)


def parent(session: Session, unit_id: int, day: date) -> Unit | None:
    """The unit directly above on `day`, or None."""
    above = aliased(UnitParent)
    return session.scalar(
        select(Unit)
        .join(above, above.parent_id == Unit.id)
        .where(above.unit_id == unit_id, above.from_day <= day, above.to_day >= day)
    )


def _on(day: date | BindParameter[date]) -> ColumnElement[bool]:
    return and_(UnitParent.from_day <= day, UnitParent.to_day >= day)


def _check_level(level: str) -> None:
    if level not in LEVELS:
        raise EntryError(
            _(
                "“%(level)s” is not a level; there are %(known)s.",
                level=level,
                known=", ".join(LEVELS),
            )
        )


def _check_hang(unit: Unit, above: Unit | None, from_day: date) -> None:
    if from_day < FIRST_DAY:
        raise EntryError(_("Nothing can be dated before %(day)s.", day=in_words(FIRST_DAY)))
    if above is not None and LEVELS.index(above.level) >= LEVELS.index(unit.level):
        raise EntryError(
            _(
                "A unit of the level “%(level)s” cannot hang below one of the level “%(above)s”.",
                level=unit.level,
                above=above.level,
            )
        )


def _day_before_next(session: Session, unit_id: int, from_day: date) -> date:
    following = session.scalar(
        select(UnitParent.from_day)
        .where(UnitParent.unit_id == unit_id, UnitParent.from_day > from_day)
        .order_by(UnitParent.from_day)
        .limit(1)
    )
    return following - timedelta(days=1) if following else FOREVER
