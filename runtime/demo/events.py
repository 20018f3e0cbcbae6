"""What befalls households and their people in the year: weddings, deaths, removals, school, papers renewed."""

from __future__ import annotations

from datetime import date, timedelta

from runtime.demo.cast import AID_OF_HOME, Home, Person, World
from runtime.demo.homes import spouse_of
from runtime.demo.life import DAY, FIRST, LAST, NEVER, birthday
from runtime.demo.traits import SCHOOL_BEGINS, schooling

DEATHS = ((60, 0.0006), (70, 0.006), (80, 0.016), (90, 0.05), (200, 0.14))
"""Up to that age, the share that dies within the ten months."""


def live(world: World, home: Home) -> None:
    """Let the year pass for a household and all its people."""
    _maybe_wedding(world, home)
    for person in home.people:
        _maybe_death(world, person)
        _school(world, person)
        _papers(world, person)
        _maybe_away(world, person)
    _lease(world, home)
    if world.chance(0.03):
        _move(world, home, world.day(max(home.life.begin, FIRST) + DAY))
    elif world.chance(0.012):
        _depart(world, home, world.day(max(home.life.begin, FIRST) + DAY))
    _count(home)
    _confirm(world, home)


def _maybe_wedding(world: World, home: Home) -> None:
    head = home.people[0]
    free = len(home.people) == 1 and head.life.known["marital_status"] != "20"
    if free and 23 <= head.age() <= 38 and world.chance(0.07):
        day = world.day(home.life.begin + DAY)
        head.life.say(day, marital_status="20")
        spouse_of(world, head, day)


def _maybe_death(world: World, person: Person) -> None:
    share = next(share for limit, share in DEATHS if person.age() < limit)
    if world.chance(share):
        person.why = "died"
        day = world.day(person.life.begin + DAY)
        person.life.leave(day)
        _bereave(person, day)


def _bereave(person: Person, day: date) -> None:
    """The spouse is widowed; when it was the head, the eldest who stays becomes the head."""
    home = person.home
    pairs = {"0": "1", "1": "0"}
    relation = person.life.known["relation_to_head"]
    rest = [other for other in home.there(day) if other is not person]
    for other in rest:
        married = other.life.known["marital_status"] == "20"
        same = other.life.known["relation_to_head"] == pairs.get(relation, relation)
        if married and person.life.known["marital_status"] == "20" and same:
            other.life.say(day, marital_status="30")
    adults = [other for other in rest if other.age(day) >= 16]
    if relation == "0" and adults:
        head = next((p for p in adults if p.life.known["relation_to_head"] == "1"), adults[0])
        head.life.say(day, relation_to_head="0")
        home.life.say(day, head_name=head.name, phone=head.life.known.get("phone"))


def _school(world: World, person: Person) -> None:
    before = person.life.known.get("schooling")
    if before is None:
        return
    after = schooling(world, person.birth, SCHOOL_BEGINS)
    if after is None:
        person.life.clear(birthday(person.birth, 18), "schooling")
    elif after != before:
        person.life.say(SCHOOL_BEGINS, schooling=after)
        if after == "primary":
            person.life.say(SCHOOL_BEGINS, employment_status="student")


def _papers(world: World, person: Person) -> None:
    until = person.life.known.get("residence_permit_until")
    if until and world.chance(0.85):
        ends = date.fromisoformat(until)
        day = ends + timedelta(days=world.rng.randint(-15, 12))
        renewed = (ends + timedelta(days=365)).isoformat()
        person.life.say(max(day, person.life.begin + DAY), residence_permit_until=renewed)


def _maybe_away(world: World, person: Person) -> None:
    """Some of the young go elsewhere to study or work: the registered stay in the books, the others leave."""
    if 18 <= person.age() <= 30 and person is not person.home.people[0] and world.chance(0.03):
        day = world.day(max(person.life.begin + DAY, SCHOOL_BEGINS - timedelta(days=30)))
        if person.home.registered:
            person.life.say(day, residence_kind="away")
        elif day < person.life.end:
            person.why = "moved"
            person.life.leave(day)


def _lease(world: World, home: Home) -> None:
    until = home.life.known.get("lease_until")
    if until is None:
        return
    ends = date.fromisoformat(until)
    if world.chance(0.85):
        day = max(ends + timedelta(days=world.rng.randint(-20, 10)), home.life.begin + DAY)
        home.life.say(day, lease_until=(ends + timedelta(days=365)).isoformat())
    elif home.life.begin < ends <= LAST:
        _depart(world, home, ends + DAY)


def _move(world: World, home: Home, day: date) -> None:
    """The whole household moves to another grid of the city."""
    place, unit = world.rng.choice(world.grids)
    if unit == home.unit or home.life.end <= day:
        return
    address = world.address(place)
    home.life.move(day, unit, address=address)
    for person in home.people:
        if person.life.begin < day:
            person.life.move(day, unit, address=address)
            person.moves.append((day, unit))
        else:
            person.life.told[0][2].update(_unit=unit, address=address)


def _depart(world: World, home: Home, day: date) -> None:
    """The whole household leaves the city; its own dwelling stays, empty, a rented one is another's soon."""
    for person in home.people:
        if day < person.life.end:
            person.why = "moved"
            person.life.leave(day)
    if not home.registered or world.chance(0.3):
        home.life.leave(day)


def _count(home: Home) -> None:
    """Say how many live in it whenever that changes, and who of the old lives alone."""
    days = {home.life.begin}
    for person in home.people:
        days |= {person.life.begin, person.life.end}
    alone: Person | None = None
    for day in sorted(days - {NEVER}):
        there = home.there(day)
        if day > home.life.begin:
            home.life.say(day, persons=len(there))
        if not there:
            home.life.say(day, vacant=True)
            home.life.clear(day, "head_name", "phone", *AID_OF_HOME)
        if alone and len(there) > 1:
            alone.life.say(day, living_alone=False)
            alone = None
        if len(there) == 1 and there[0] is not alone:
            alone = there[0]
            begins = max(day, birthday(alone.birth, 60))
            alone.life.say(begins, living_alone=True)


def _confirm(world: World, home: Home) -> None:
    """Somebody from the community comes by, and finds most of it still so."""
    if world.chance(0.22):
        day = world.day(FIRST + timedelta(days=30))
        home.life.confirm(day, "persons", "phone", "tenure", "vacant")
        for person in home.people:
            person.life.confirm(day, "phone", "address", "employment_status", "living_alone")
