"""Households of the sample city: who lives together, and what is known of them on their first day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from runtime.demo.cast import Home, Person, World
from runtime.demo.life import DAY, FIRST
from runtime.demo.names import ELSEWHERE
from runtime.demo.traits import traits
from runtime.demo.tree import Place

Grid = tuple[Place, int]
"""A grid and the id of its unit."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody to be: relation to the head, sex, age; of the head's family name or of another."""

    relation: str
    sex: str
    age: int
    marital: str = "10"
    family: bool = True


def _couple(world: World, low: int, high: int) -> list[Member]:
    age, other = world.rng.randint(low, high), world.rng.randint(-2, 5)
    man, woman = Member("0", "1", age, "20"), Member("1", "2", max(age - other, 22), "20", False)
    if world.chance(0.75):
        return [man, woman]
    return [Member("0", "2", woman.age, "20"), Member("1", "1", man.age, "20", False)]


def _children(world: World, parent: int, most: int = 2) -> list[Member]:
    count = 1 if most == 1 or world.chance(0.66) else 2
    ages = [parent - world.rng.randint(24, 33) for _ in range(count)]
    return [_child(world, age) for age in ages if 0 <= age <= 24]


def _child(world: World, age: int) -> Member:
    sex = world.rng.choice("12")
    return Member("2" if sex == "1" else "3", sex, age)


def _old_couple(world: World) -> list[Member]:
    return _couple(world, 61, 84)


def _old_alone(world: World) -> list[Member]:
    sex = world.pick({"1": 0.35, "2": 0.65})
    marital = world.pick({"30": 0.72, "40": 0.1, "10": 0.18})
    return [Member("0", sex, world.rng.randint(62, 96), marital)]


def _pair(world: World) -> list[Member]:
    return _couple(world, 24, 59)


def _family(world: World) -> list[Member]:
    parents = _couple(world, 26, 50)
    return parents + _children(world, min(parent.age for parent in parents))


def _three_generations(world: World) -> list[Member]:
    parents = _couple(world, 29, 50)
    age = max(parent.age for parent in parents) + world.rng.randint(23, 30)
    old = [Member("5", "2", age - 2, "20" if world.chance(0.55) else "30", False)]
    if old[0].marital == "20":
        old.append(Member("5", "1", age, "20"))
    return parents + _children(world, min(p.age for p in parents)) + old


def _alone(world: World) -> list[Member]:
    age = world.rng.randint(20, 59)
    marital = "10" if age < 28 else world.pick({"10": 0.6, "40": 0.35, "30": 0.05})
    return [Member("0", world.rng.choice("12"), age, marital)]


def _one_parent(world: World) -> list[Member]:
    age = world.rng.randint(27, 52)
    head = Member("0", world.pick({"1": 0.25, "2": 0.75}), age, world.pick({"40": 0.8, "30": 0.2}))
    return [head, *_children(world, age)]


def _shared(world: World) -> list[Member]:
    count = world.rng.randint(2, 4)
    return [
        Member("8" if n else "0", world.rng.choice("12"), world.rng.randint(19, 33), "10", not n)
        for n in range(count)
    ]


_KINDS: tuple[tuple[float, Callable[[World], list[Member]]], ...] = (
    (17, _old_couple),
    (8, _old_alone),
    (14, _pair),
    (29, _family),
    (11, _three_generations),
    (13, _alone),
    (4, _one_parent),
    (4, _shared),
)
_TENURE = {
    True: {"owned": 0.86, "public-rental": 0.05, "rented": 0.06, "lent": 0.03},
    False: {"rented": 0.84, "employer": 0.1, "lent": 0.06},
}


def new_home(world: World, grid: Grid) -> Home:
    """A household with all its people; one in thirty arrives only during the year."""
    begin = world.day(FIRST + DAY) if world.chance(0.033) else FIRST
    make = world.rng.choices([k for _, k in _KINDS], [weight for weight, _ in _KINDS])[0]
    members = make(world)
    old = members[0].age >= 60
    registered = make is not _shared and world.chance(0.92 if old else 0.7)
    home = Home(world.life("household", begin), *grid, registered)
    number = f"H{grid[0].code[4:]}-{world.numbers.serial(grid[0].code):04}"
    home.life.known = {"household_number": number, "address": world.address(grid[0])}
    surname = world.surname()
    for member in members:
        _join(world, home, member, surname, world.birth(member.age), begin)
    _maybe_baby(world, home, members, surname)
    _describe(world, home)
    return home


def vacant_home(world: World, grid: Grid) -> Home:
    """A dwelling in which nobody lives."""
    home = Home(world.life("household"), *grid, True)
    number = f"H{grid[0].code[4:]}-{world.numbers.serial(grid[0].code):04}"
    home.life.known = {"household_number": number, "address": world.address(grid[0])}
    _describe(world, home)
    home.life.say(FIRST, vacant=True)
    return home


def spouse_of(world: World, head: Person, day: date) -> Person:
    """Somebody from elsewhere who marries the head and moves in on `day`."""
    sex = "2" if head.sex == "1" else "1"
    age = max(22, head.age() + world.rng.randint(-3, 3))
    member = Member("1", sex, age, "20", False)
    return _join(world, head.home, member, world.surname(), world.birth(age), day)


def _join(
    world: World, home: Home, member: Member, surname: str, birth: date, begin: date
) -> Person:
    person = Person(world.life("resident", begin), member.sex, birth, home)
    family = surname if member.family else world.surname()
    person.life.move(
        begin,
        home.unit,
        name=family + world.given_name(member.sex),
        sex=member.sex,
        birth_date=birth.isoformat(),
        identity_number=world.numbers.identity(birth, member.sex),
        household_number=home.life.known["household_number"],
        address=home.life.known["address"],
        relation_to_head=member.relation,
        marital_status=member.marital,
        registered_place=None if home.registered else world.rng.choice(ELSEWHERE),
        **traits(world, person),
    )
    home.people.append(person)
    return person


def _maybe_baby(world: World, home: Home, members: list[Member], surname: str) -> None:
    mothers = [m for m in members if m.sex == "2" and m.marital == "20" and 22 <= m.age <= 38]
    if mothers and world.chance(0.045):
        birth = world.day(max(FIRST, home.life.begin) + DAY)
        _join(world, home, _child(world, 0), surname, birth, birth)


def _describe(world: World, home: Home) -> None:
    people = home.there(home.life.begin)
    tenure = world.pick(_TENURE[home.registered])
    building = world.pick({"tower": 0.5, "walk-up": 0.38, "single": 0.05, "self-built": 0.07})
    rooms = world.rng.randint(1, 3) + (len(people) > 2)
    area = 2200 * rooms + world.rng.randrange(1800) + (1500 if tenure == "owned" else 0)
    head: dict[str, Any] = {}
    if people:
        head = {"head_name": people[0].name, "phone": people[0].life.known.get("phone")}
    home.life.move(
        home.life.begin,
        home.unit,
        **home.life.known,
        **head,
        persons=len(people),
        tenure=tenure,
        building_kind=building,
        rooms=rooms,
        floor_area=Decimal(area).scaleb(-2),
        vacant=not people,
        gas_kind=world.pick({"none": 0.12, "piped": 0.7, "bottled": 0.18}),
        smoke_alarm=world.chance(0.25 if tenure == "owned" else 0.4),
        safety_grade=_safety(world, building),
    )
    if tenure in ("rented", "public-rental") and people:
        rent = world.rng.randint(9, 24) * (100 if tenure == "rented" else 30) * rooms
        home.life.say(
            home.life.begin,
            monthly_rent=Decimal(rent).quantize(Decimal("0.00")),
            lease_until=world.day(FIRST, date(2027, 6, 30)).isoformat(),
        )


def _safety(world: World, building: str) -> str | None:
    if building in ("tower", "walk-up"):
        return world.pick({"A": 0.95, "B": 0.05}) if world.chance(0.6) else None
    return world.pick({"A": 0.62, "B": 0.28, "C": 0.08, "D": 0.02})
