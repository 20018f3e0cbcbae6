"""Businesses and venues of the sample city: opened, inspected, mended, renewed, closed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from runtime.demo.cast import World
from runtime.demo.homes import Grid
from runtime.demo.life import DAY, FIRST, LAST, Life
from runtime.demo.names import SHOPS

_FOOD = ("restaurant", "canteen", "school", "care-home")

_INDUSTRY = {
    "restaurant": "H",
    "canteen": "C",
    "shop": "F",
    "hotel": "H",
    "school": "P",
    "care-home": "Q",
    "clinic": "Q",
    "workshop": "C",
    "leisure": "R",
    "market": "F",
}

_VENUES = {
    "restaurant": 30.0,
    "shop": 34.0,
    "workshop": 8.0,
    "clinic": 4.0,
    "leisure": 6.0,
    "hotel": 4.0,
    "canteen": 4.0,
    "school": 4.0,
    "care-home": 2.0,
    "market": 1.0,
}

_OTHERS = {
    "C": 10.0,
    "E": 12.0,
    "F": 26.0,
    "G": 8.0,
    "I": 14.0,
    "J": 2.0,
    "K": 6.0,
    "L": 14.0,
    "O": 8.0,
}


DEFECTS = ("疏散通道堆放杂物", "灭火器过期", "电气线路私拉乱接", "应急照明损坏", "安全出口上锁")
"""What a fire inspection finds."""


def trade_in(world: World, grid: Grid, businesses: int) -> list[Life]:
    """The businesses of a grid, two in three of them with a venue."""
    found = []
    for _ in range(businesses):
        kind = world.pick(_VENUES) if world.chance(0.66) else ""
        business = _business(world, grid, kind)
        found.append(business)
        if kind:
            found.append(_venue(world, grid, kind, business))
    return found


def _business(world: World, grid: Grid, kind: str) -> Life:
    begin = world.day(FIRST + DAY) if world.chance(0.09) else FIRST
    life = world.life("business", begin)
    registered = begin if begin > FIRST else world.day(date(2009, 1, 1), date(2025, 12, 20))
    name, form = _called(world, kind)
    life.move(
        begin,
        grid[1],
        name=name,
        uscc=world.numbers.credit_code(),
        kind=form,
        industry=_INDUSTRY[kind] if kind else world.pick(_OTHERS),
        state=world.pick({"operating": 91, "suspended": 6, "moved": 3})
        if begin == FIRST
        else "operating",
        legal_representative=world.surname() + world.given_name(world.rng.choice("12")),
        phone=world.numbers.phone(),
        address=world.address(grid[0]),
        registered_on=registered.isoformat(),
        employees=world.rng.randint(1, 6) if form == "sole" else world.rng.randint(3, 80),
        special_equipment=world.rng.randint(1, 4) if world.chance(0.12) else 0,
    )
    if form != "sole" and world.chance(0.5):
        _licence(world, life, "licence_until", 0.9)
    if kind in _FOOD:
        life.say(begin, food_licence=world.numbers.licence())
        _licence(world, life, "food_licence_until", 0.8)
    _fate(world, life)
    return life


def _called(world: World, kind: str) -> tuple[str, str]:
    """A name and a legal form that go together."""
    if kind in ("restaurant", "shop", "hotel", "leisure", "clinic", "workshop"):
        name = world.surname() + world.given_name("1")[:1] + world.rng.choice(SHOPS[kind])
        return name, "sole" if world.chance(0.8) else "company"
    if kind:
        name = f"星澜{world.surname()}{world.given_name('2')[:1]}{world.rng.choice(SHOPS[kind])}"
        return name, "company"
    company: str = world.fake.company()
    forms = {"company": 72.0, "branch": 10.0, "sole": 12.0, "partnership": 5.0, "cooperative": 1.0}
    return f"星澜{company}", world.pick(forms)


def _licence(world: World, life: Life, field: str, renewed: float) -> None:
    """Valid for five years; most are renewed around the day on which they run out, some too late, some not."""
    until = world.day(date(2026, 1, 10), date(2030, 12, 31))
    life.say(life.begin, **{field: until.isoformat()})
    if until <= LAST and world.chance(renewed):
        day = max(until + timedelta(days=world.rng.randint(-25, 25)), life.begin + DAY)
        life.say(day, **{field: (until + timedelta(days=1826)).isoformat()})


def _fate(world: World, life: Life) -> None:
    if life.known["state"] == "operating" and world.chance(0.05):
        state = world.pick({"suspended": 4, "closed": 5, "moved": 1})
        life.say(world.day(life.begin + DAY), state=state)
    elif world.chance(0.3):
        day = world.day(life.begin + DAY)
        life.confirm(day, "state", "phone", "address", "employees")


def _venue(world: World, grid: Grid, kind: str, business: Life) -> Life:
    life = world.life("venue", business.begin)
    known = business.known
    food = kind in _FOOD or (kind == "shop" and world.chance(0.08))
    life.move(
        life.begin,
        grid[1],
        venue_number=f"V{grid[0].code[4:]}-{world.numbers.serial('venue'):05}",
        name=known["name"],
        kind=kind,
        business_uscc=known["uscc"],
        address=known["address"],
        contact_name=known["legal_representative"],
        contact_phone=known["phone"],
        floor_area=Decimal(world.rng.randint(180, 4200)).scaleb(-1),
        lodging_inside=world.chance(0.06 if kind in ("shop", "workshop", "restaurant") else 0.01),
        extinguishers=world.rng.randint(1, 8),
        extinguishers_until=world.day(FIRST, date(2028, 6, 30)).isoformat(),
        gas_alarm=world.chance(0.88) if kind in _FOOD else None,
        food_service=_service(world, kind) if food else None,
    )
    _fire_inspections(world, life)
    if food:
        _food_inspections(world, life)
    return life


def _service(world: World, kind: str) -> str:
    named = {"canteen": "canteen", "school": "school", "care-home": "care-home"}
    return named.get(kind) or world.pick({"restaurant": 5.0, "snack": 3.0, "drinks": 2.0})


def _fire_inspections(world: World, life: Life) -> None:
    """Two or three a year; defects are to be mended within weeks, and mostly are."""
    day = FIRST - timedelta(days=world.rng.randrange(200))
    while day <= LAST:
        result = world.pick({"passed": 70, "minor": 22, "serious": 4, "closed": 4})
        found: dict[str, Any] = {"fire_inspected_on": day.isoformat(), "fire_result": result}
        if result in ("minor", "serious"):
            due = day + timedelta(days=15 if result == "minor" else 30)
            found["remedy_due"] = due.isoformat()
            found["fire_defects"] = DEFECTS[day.toordinal() % len(DEFECTS)]
            _mended(world, life, day, due)
        life.say(max(day, life.begin), **found)
        day += timedelta(days=world.rng.randint(60, 230))
    until = date.fromisoformat(life.known["extinguishers_until"])
    if until <= LAST and world.chance(0.7):
        changed = max(until + timedelta(days=world.rng.randint(-20, 45)), life.begin + DAY)
        life.say(changed, extinguishers_until=(until + timedelta(days=730)).isoformat())


def _mended(world: World, life: Life, day: date, due: date) -> None:
    mended = day + timedelta(days=world.rng.randint(2, 20 + (due - day).days))
    if day >= FIRST and world.chance(0.88):
        life.say(mended, remedied_on=mended.isoformat())


def _food_inspections(world: World, life: Life) -> None:
    day = FIRST - timedelta(days=world.rng.randrange(120))
    while day <= LAST:
        grade = world.pick({"A": 34, "B": 52, "C": 14})
        life.say(max(day, life.begin), food_inspected_on=day.isoformat(), food_grade=grade)
        day += timedelta(days=world.rng.randint(80, 200))
