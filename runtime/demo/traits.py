"""What is known of a resident from age alone, as often as in life: school, work, insurance, papers."""

from __future__ import annotations

from datetime import date
from typing import Any

from runtime.demo.cast import Person, World
from runtime.demo.life import FIRST, years

SCHOOL_BEGINS = date(2026, 9, 1)


def traits(world: World, person: Person) -> dict[str, Any]:
    """Fields of a resident on the first day; those that do not apply are None."""
    age = max(person.age(), 0)
    work = employment(world, age, person.sex)
    registered = person.home.registered
    return {
        "phone": world.numbers.phone() if age >= 14 else None,
        "residence_kind": residence(world, age, registered=registered),
        "residence_permit_until": None if registered else _permit(world),
        "education": education(world, age),
        "employment_status": work,
        "medical_insurance": insurance(world, work, registered=registered),
        "schooling": schooling(world, person.birth, FIRST),
        "guardian_name": _guardian(person, "name") if age < 14 else None,
        "guardian_phone": _guardian(person, "phone") if age < 14 else None,
        "volunteer": True if age >= 16 and world.chance(0.04) else None,
    }


def residence(world: World, age: int, *, registered: bool) -> str:
    """Registered here, only living here, or away."""
    if not registered:
        return "temporary"
    return "away" if 18 <= age <= 45 and world.chance(0.06) else "registered"


def schooling(world: World, birth: date, day: date) -> str | None:
    """Where a child learns on `day`; school years begin on 1 September."""
    begun = date(day.year if (day.month, day.day) >= (9, 1) else day.year - 1, 9, 1)
    age = years(birth, begun)
    if years(birth, day) >= 18 or age >= 18:
        return None
    stages = ((3, "not-yet"), (6, "kindergarten"), (12, "primary"), (15, "junior"), (18, "senior"))
    stage = next(name for limit, name in stages if age < limit)
    return "out" if stage in ("junior", "senior", "primary") and world.chance(0.003) else stage


def education(world: World, age: int) -> str | None:
    """The highest level that was finished."""
    if age < 7:
        return None
    if age < 13:
        return "90"
    if age < 16:
        return "80"
    if age < 19:
        return "70"
    if age < 40:
        shares = {"10": 5, "20": 30, "30": 25, "40": 14, "60": 12, "70": 13, "80": 1}
    elif age < 60:
        shares = {"10": 2, "20": 13, "30": 17, "40": 14, "60": 20, "70": 28, "80": 6}
    else:
        shares = {"20": 4, "30": 6, "40": 6, "60": 15, "70": 32, "80": 29, "90": 8}
    return world.pick({code: float(share) for code, share in shares.items()})


def employment(world: World, age: int, sex: str) -> str:
    """What somebody of that age does."""
    if age < 6:
        return "child"
    if age < 18 or (age < 23 and world.chance(0.7)):
        return "student"
    if age >= (60 if sex == "1" else 55):
        return world.pick({"retired": 78, "home": 12, "farming": 4, "flexible": 4, "unable": 2})
    shares = {"employed": 62, "self-employed": 9, "flexible": 12, "farming": 2, "seeking": 5}
    return world.pick({**shares, "home": 8 if sex == "2" else 2, "unable": 1.2})


def insurance(world: World, work: str, *, registered: bool) -> str:
    """Which basic medical insurance goes with that work."""
    if not registered and world.chance(0.45):
        return "elsewhere"
    if work in ("employed", "retired"):
        return world.pick({"employee": 82, "resident": 17, "none": 1})
    return world.pick({"employee": 8, "resident": 89, "none": 3})


def _permit(world: World) -> str:
    return world.day(date(2025, 11, 1), date(2026, 12, 31)).isoformat()


def _guardian(person: Person, field: str) -> str | None:
    found: str | None = person.home.people[0].life.known.get(field)
    return found
