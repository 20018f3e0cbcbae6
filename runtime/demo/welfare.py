"""Who of the sample city needs help: disability, low income, old age, children in difficulty, veterans; and visits."""

from __future__ import annotations

from datetime import date, timedelta

from runtime.demo.aid import care, elderly, minimum, occasional
from runtime.demo.cast import Home, Person, World
from runtime.demo.life import DAY, FIRST, LAST, Life, birthday

_DEVICES = {
    "1": ("white-cane", "visual-aid"),
    "2": ("hearing-aid",),
    "4": ("wheelchair", "walker", "prosthesis", "hand-rail", "bath-chair", "care-bed"),
    "7": ("wheelchair", "care-bed", "mattress"),
}


def help_for(world: World, home: Home) -> list[Life]:
    """Tell what help the people of a household need and get; gives their aid cases."""
    cases: list[Life] = []
    for person in home.people:
        _disability(world, person)
        _veteran(world, person)
        cases += _old_age(world, person)
    cases += _low_income(world, home)
    for person in home.people:
        _childhood(world, person)
        cases += care(world, person)
        cases += occasional(world, person)
        _visits(world, person)
    return cases


def _disability(world: World, person: Person) -> None:
    age = max(person.age(), 0)
    if not world.chance(0.016 if age < 18 else 0.034 if age < 60 else 0.148):
        return
    kind = world.pick({"1": 15, "2": 24, "3": 2, "4": 29, "5": 9, "6": 15, "7": 6})
    grade = world.pick({"1": 13, "2": 24, "3": 28, "4": 35})
    new = world.chance(0.04)
    day = world.day(person.life.begin + DAY) if new else person.life.begin
    until = world.day(day, day + timedelta(days=3650))
    devices = [d for d in _DEVICES.get(kind, ()) if world.chance(0.18)]
    person.life.say(
        day,
        disability_kind=kind,
        disability_grade=grade,
        disability_certificate=_certificate(world, person, kind, grade),
        disability_certificate_until=until.isoformat(),
        home_adapted=True if world.chance(0.08) else None,
        device_needs=devices or None,
    )
    if world.chance(0.05):
        _regrade(world, person, kind, grade, day)
    elif until <= LAST and world.chance(0.75):
        renewed = max(until + timedelta(days=world.rng.randint(-20, 40)), day + DAY)
        later = (renewed + timedelta(days=3650)).isoformat()
        person.life.say(renewed, disability_certificate_until=later)


def _regrade(world: World, person: Person, kind: str, grade: str, since: date) -> None:
    other = world.rng.choice([g for g in "1234" if abs(int(g) - int(grade)) == 1])
    day = world.day(since + DAY)
    person.life.say(
        day,
        disability_grade=other,
        disability_certificate=_certificate(world, person, kind, other),
        disability_certificate_until=(day + timedelta(days=3650)).isoformat(),
    )


def _certificate(world: World, person: Person, kind: str, grade: str) -> str:
    return world.numbers.certificate(person.life.known["identity_number"], kind, grade)


def _old_age(world: World, person: Person) -> list[Life]:
    age = person.age()
    if age < 60:
        return []
    begin = person.life.begin
    if age >= 65 and world.chance(0.7):
        frail = {"0": 74, "1": 14, "2": 6, "3": 4, "4": 2}
        frailer = {"0": 38, "1": 27, "2": 16, "3": 11, "4": 8}
        ability = world.pick({c: float(w) for c, w in (frailer if age >= 80 else frail).items()})
        need = {"0": "none", "1": "follow-up", "2": "medicine", "3": "home-care", "4": "home-care"}
        person.life.say(begin, elderly_ability=ability, care_need=need[ability])
    if person.life.known.get("living_alone"):
        contact, phone = world.surname() + world.given_name("1"), world.numbers.phone()
        person.life.say(begin, emergency_contact=contact, emergency_phone=phone)
    if person.life.known["residence_kind"] != "registered":
        return []
    return [case for rate in (80, 90, 100) for case in _allowance(world, person, rate)]


def _allowance(world: World, person: Person, rate: int) -> list[Life]:
    """The rate that is due from the month after the birthday; some ask late, a few never."""
    due, over = birthday(person.birth, rate), birthday(person.birth, min(rate + 10, 130))
    if over <= FIRST or due >= LAST or (rate < 100 and not world.chance(0.96)):
        return []
    since = (due.replace(day=1) + timedelta(days=32 + 30 * world.rng.randrange(2))).replace(day=1)
    day = max(since, person.life.begin)
    person.life.say(day, elderly_allowance=str(rate), elderly_allowance_since=since.isoformat())
    ends = over.replace(day=1) + timedelta(days=31) if rate < 100 else None
    return elderly(world, person, rate, since, ends)


def _low_income(world: World, home: Home) -> list[Life]:
    head = home.people[0]
    old_alone = len(home.people) == 1 and head.age() >= 60
    single = len(home.people) > 1 and home.people[1].life.known["relation_to_head"] in "23"
    if not home.registered or not world.chance(0.07 if single else 0.055 if old_alone else 0.024):
        return []
    kinds = {"minimum": 58.0, "borderline": 24.0, "burden": 12.0}
    kind = world.pick(kinds | {"destitute": 30.0} if old_alone else kinds)
    return minimum(world, home, kind)


def _childhood(world: World, person: Person) -> None:
    if not -1 <= person.age() < 18 or person.age(LAST) >= 18:
        return
    life = person.life
    if life.known.get("disability_grade") in ("1", "2"):
        life.say(life.begin, child_difficulty="ill")
    elif life.known.get("low_income_class"):
        life.say(life.begin, child_difficulty="poor-family")
    elif world.chance(0.008):
        kinds = {"orphan": 1.0, "unsupported": 2.0, "ill": 2.0, "left-behind": 4.0}
        life.say(world.day(life.begin, LAST), child_difficulty=world.pick(kinds))
    if life.known.get("disability_grade") in ("1", "2") and person.age() >= 6:
        life.say(life.begin, schooling=world.pick({"special": 0.7, "at-home": 0.3}))


def _veteran(world: World, person: Person) -> None:
    age = person.age()
    if not 19 <= age <= 96 or not world.chance(0.05 if person.sex == "1" else 0.004):
        return
    fresh = age <= 26 and world.chance(0.5)
    left = world.day() if fresh else birthday(person.birth, 22 + world.rng.randrange(3))
    left = min(left, FIRST - DAY) if not fresh else left
    kinds = {"conscript": 62.0, "sergeant": 20.0, "officer": 9.0, "disabled": 4.0}
    kind = world.pick(kinds | {"demobilised": 12.0} if age > 70 else kinds)
    person.life.say(
        max(left, person.life.begin),
        veteran_kind=kind,
        discharge_date=left.isoformat(),
        veteran_card=world.numbers.veteran_card() if world.chance(0.93) else None,
    )
    if fresh and world.chance(0.4):
        person.life.say(max(left, person.life.begin), employment_status="seeking")


_VISITED = ("disability_grade", "low_income_class", "veteran_kind", "child_difficulty")


def _visits(world: World, person: Person) -> None:
    """Those who need it are visited every few weeks, some less often than they should be."""
    known = person.life.known
    alone = known.get("living_alone") and person.age() >= 60
    if not alone and not any(known.get(name) for name in _VISITED):
        return
    every = world.rng.choice((24, 28, 35, 60, 90))
    day = FIRST - timedelta(days=world.rng.randrange(every))
    while day <= LAST:
        if day >= person.life.begin:
            person.life.say(day, visited_on=day.isoformat())
        day += timedelta(days=max(7, every + world.rng.randint(-8, 12)))
