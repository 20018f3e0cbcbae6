"""Aid cases of the sample city: asked for, decided, paid month by month, ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from runtime.demo.cast import AID_OF_HOME, Home, Person, World
from runtime.demo.life import FIRST, LAST, Life

PAY_DAY = 10
RATES = {80: 100, 90: 200, 100: 500}
"""Yuan a month by rate of the elderly allowance."""

MINIMUM, DESTITUTE, CARE, LIVING = 860, 1290, 120, 100
"""Yuan a month: for each person, for each person, by grade 1 or 2, and for the disabled in hardship."""


def minimum(world: World, home: Home, kind: str) -> list[Life]:
    """Low-income aid for a household: paid where it is the allowance or support; for some it begins this year."""
    head, people = home.people[0], home.there(home.life.begin)
    new = kind == "minimum" and world.chance(0.22)
    applied = world.day(FIRST, LAST) if new else _long_ago(world)
    since = applied + timedelta(days=world.rng.randint(12, 38))
    since = max(since, home.life.begin) if new else since
    granted = not new or world.chance(0.8)
    if granted:
        _is_poor(home, kind, since, world.rng.randint(300, 1400))
    if kind not in ("minimum", "destitute"):
        return []
    amount = (DESTITUTE if kind == "destitute" else MINIMUM) * len(people)
    if kind == "minimum":
        amount = amount * world.rng.randint(35, 75) // 100
    case = _case(world, head, kind, applied, amount)
    if not granted:
        case.say(since, state="refused")
        return [case]
    # It ends when things have got better, or with the person who asked.
    ends = world.day() if world.chance(0.06) else None
    _run(case, head, since, ends, "improved")
    if ends and since < ends:
        for subject in (home.life, *(person.life for person in people)):
            subject.clear(ends, *AID_OF_HOME, "low_income_since")
    return [case]


def _is_poor(home: Home, kind: str, since: date, income: int) -> None:
    people, day = home.there(home.life.begin), max(since, home.life.begin)
    if not home.there(day):
        return
    home.life.say(
        day,
        low_income_class=kind,
        income_per_head=Decimal(income).quantize(Decimal("0.00")),
        aid_persons=len(people),
    )
    for person in people:
        person.life.say(day, low_income_class=kind, low_income_since=since.isoformat())


def elderly(world: World, person: Person, rate: int, since: date, ends: date | None) -> list[Life]:
    """The allowance of the old, from the month in which it is due."""
    case = _case(world, person, "elderly", since - timedelta(days=20), RATES[rate])
    _run(case, person, since, ends if ends and ends <= LAST else None, "age")
    return [case]


def care(world: World, person: Person) -> list[Life]:
    """The two subsidies for disabled persons: for severe grades, and for those in hardship."""
    known, cases = person.life.known, []
    if person.life.known.get("disability_grade") in ("1", "2") and world.chance(0.9):
        amount = CARE if known["disability_grade"] == "2" else CARE + 60
        cases.append(_monthly(world, person, "care", amount))
    if known.get("disability_grade") and known.get("low_income_class") in ("minimum", "borderline"):
        cases.append(_monthly(world, person, "living", LIVING))
    return cases


def occasional(world: World, person: Person) -> list[Life]:
    """Help that is given once, or for a special reason."""
    known, age = person.life.known, person.age()
    poor = bool(known.get("low_income_class"))
    shares = {
        "temporary": 0.03 if poor else 0.002,
        "medical": 0.09 if poor else 0.002,
        "education": 0.3 if poor and 15 <= age <= 22 else 0.0,
        "veteran": 0.06 if known.get("veteran_kind") else 0.0,
    }
    cases = [_once(world, person, kind) for kind, share in shares.items() if world.chance(share)]
    if known.get("child_difficulty") == "orphan":
        cases.append(_monthly(world, person, "orphan", 1450))
    if person is person.home.people[0] and poor and person.home.life.known.get("monthly_rent"):
        cases.append(_monthly(world, person, "rent", 320))
    return cases


def _once(world: World, person: Person, kind: str) -> Life:
    applied = world.day(max(FIRST, person.life.begin))
    if kind == "education":
        applied = max(applied, date(2026, 8, 20))
    amount = world.rng.randint(3, 40) * 100
    case = _case(world, person, kind, applied, amount)
    decided = applied + timedelta(days=world.rng.randint(3, 32))
    if world.chance(0.12):
        case.say(decided, state="refused")
        return case
    case.say(decided, granted_date=decided.isoformat(), state="granted")
    paid = decided + timedelta(days=world.rng.randint(2, 15))
    case.say(paid, paid_date=paid.isoformat(), state="paid")
    over = {"ended_date": paid.isoformat(), "end_reason": "once", "state": "ended"}
    case.say(paid + timedelta(days=1), **over)
    return case


def _monthly(world: World, person: Person, kind: str, amount: int) -> Life:
    applied = world.day(FIRST) if world.chance(0.08) else _long_ago(world)
    applied = max(applied, person.life.begin) if applied >= FIRST else applied
    case = _case(world, person, kind, applied, amount)
    _run(case, person, applied + timedelta(days=world.rng.randint(8, 34)), None, "other")
    return case


def _case(world: World, person: Person, kind: str, applied: date, amount: int) -> Life:
    """A new case, which goes with the person from grid to grid and is not forgotten when it has ended."""
    begin = max(applied, person.life.begin)
    case = world.life("aid", begin)
    if begin >= person.life.end:
        case.leave(begin)  # nobody is there any more to ask: it never comes about
    unit = next((u for day, u in reversed(person.moves) if day <= begin), None)
    case.move(
        begin,
        unit or person.life.told[0][2]["_unit"],
        case_number=f"{kind[:3].upper()}{applied:%Y%m}-{world.numbers.serial('case'):07}",
        person_identity_number=person.life.known["identity_number"],
        person_name=person.name,
        kind=kind,
        applied_date=applied.isoformat(),
        decision_due=(applied + timedelta(days=30)).isoformat(),
        amount=Decimal(amount).quantize(Decimal("0.00")),
        state="applied",
    )
    for day, to in person.moves:
        if day > begin:
            case.move(day, to)
    return case


def _run(case: Life, person: Person, since: date, ends: date | None, why: str) -> None:
    """Granted, paid on each pay day while the person is here, and ended when that is over."""
    last = min(ends or LAST, person.life.end)
    if person.life.end <= (ends or LAST):
        ends, why = person.life.end, person.why
    if since >= last and since >= FIRST:
        case.say(max(last, case.begin), state="checking")
        return
    case.say(max(since, case.begin), granted_date=since.isoformat(), state="granted")
    for day in _pay_days(max(since, case.begin), last):
        case.say(day, paid_date=day.isoformat(), state="paid")
    if ends and ends <= LAST:
        case.say(ends, ended_date=ends.isoformat(), end_reason=why, state="ended")


def _pay_days(first: date, last: date) -> Iterator[date]:
    for month in range(FIRST.month, LAST.month + 1):
        day = date(FIRST.year, month, PAY_DAY)
        if first <= day < last:
            yield day


def _long_ago(world: World) -> date:
    return world.day(date(2019, 1, 1), date(2025, 11, 15))
