"""What departments did for single people, homes and businesses of the sample city: plaques, leases filed.

Chance is drawn from the subject's id, so that it changes nothing else of the city.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from runtime.demo.cast import Home
from runtime.demo.life import DAY, FIRST, LAST, Life

EARLIER = date(2022, 1, 1)
"""What was done before the city lives was done since this day."""


def serve(home: Home) -> None:
    """What was done for a household and its people."""
    _housed(home.life)
    for person in home.people:
        if "veteran_kind" in person.life.known:
            _veteran(person.life)


def checked(business: Life) -> None:
    """The community's helper comes by once or twice a year."""
    rng = _chance(business)
    day = FIRST - timedelta(days=rng.randrange(200))
    while day <= LAST:
        business.say(max(day, business.begin), checked_on=day.isoformat())
        day += timedelta(days=rng.randint(120, 260))


def _housed(life: Life) -> None:
    rng = _chance(life)
    if life.known.get("tenure") == "rented" and rng.random() < 0.5:
        day = _day(rng, EARLIER)
        life.say(max(day, life.begin), lease_filed_on=day.isoformat())
        if rng.random() < 0.03:
            life.say(life.begin, rental_waiting_since=_day(rng, EARLIER, FIRST).isoformat())


def _veteran(life: Life) -> None:
    rng = _chance(life)
    hung = _day(rng, EARLIER)
    life.say(max(hung, life.begin), plaque_on=hung.isoformat())
    if life.known.get("employment_status") == "seeking" and rng.random() < 0.5:
        day = max(_day(rng, FIRST), life.begin + DAY)
        life.say(day, placed_on=day.isoformat(), employment_status="employed")


def _chance(life: Life) -> Random:
    return Random(f"served {life.id}")


def _day(rng: Random, first: date, last: date = LAST) -> date:
    return first + timedelta(days=rng.randrange((last - first).days))
