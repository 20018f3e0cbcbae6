"""What the communities of the sample city do, as their staff write it down: drills, calls, meals, quick tests.

Each community draws from a chance of its own, so that the log changes nothing of the people.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from runtime.demo.life import FIRST, LAST, Life, drawn_id


class Habit(NamedTuple):
    """How often something is done (times a month), how many at a time, and how many persons take part."""

    times: float
    quantity: tuple[int, int] | None = None
    persons: tuple[int, int] | None = None


HABITS = {
    "drill": Habit(0.6, persons=(12, 90)),
    "leaflets": Habit(1.5, quantity=(20, 150)),
    "bicycles": Habit(2.0, quantity=(1, 6)),
    "hearing": Habit(0.7, persons=(7, 21)),
    "home-check": Habit(3.0, quantity=(1, 5)),
    "meals": Habit(4.3, quantity=(15, 90)),
    "care-calls": Habit(4.3, quantity=(4, 25)),
    "child-visit": Habit(0.7, quantity=(1, 3)),
    "rehabilitation": Habit(0.8),
    "food-complaint": Habit(0.9),
    "veterans-enquiry": Habit(2.5, quantity=(1, 4)),
}

TESTS = 3.0
"""Quick tests in a month; one in ten fails."""
FOODS = ("豆芽", "韭菜", "活鱼", "猪肉", "豆制品", "凉拌菜", "食用油", "辣椒粉")
FOUND = ("有机磷农药残留", "吊白块", "孔雀石绿", "亚硝酸盐", "过氧化值")
VENUES = ("社区食堂", "早餐店", "面馆", "菜市场摊位", "熟食店", "小超市")

_DAYS = (LAST - FIRST).days + 1
_MONTHS = _DAYS / 30.4


def log_of(mark: str, code: str, unit: int) -> tuple[list[Life], Random]:
    """The lines of a community's log and its quick tests, and the chance from which their changes get ids."""
    rng = Random(f"log of {mark} {code}")
    lives = [*_activities(rng, unit), *_samples(rng, unit)]
    return lives, rng


def _activities(rng: Random, unit: int) -> Iterator[Life]:
    for kind, habit in HABITS.items():
        for day in _days(rng, habit.times):
            life = Life("activity", drawn_id(rng), day)
            life.move(
                day,
                unit,
                kind=kind,
                held_on=day.isoformat(),
                quantity=rng.randint(*habit.quantity) if habit.quantity else None,
                persons=rng.randint(*habit.persons) if habit.persons else None,
            )
            yield life


def _samples(rng: Random, unit: int) -> Iterator[Life]:
    for day in _days(rng, TESTS):
        life = Life("sample", drawn_id(rng), day)
        passed = rng.random() >= 0.1
        life.move(
            day,
            unit,
            tested_on=day.isoformat(),
            food=rng.choice(FOODS),
            sampled_venue=rng.choice(VENUES),
            passed=passed,
            substance=None if passed else rng.choice(FOUND),
        )
        if not passed:
            life.say(day + timedelta(days=rng.randint(0, 6)), disposed=True)
        yield life


def _days(rng: Random, times: float) -> list[date]:
    """The days of something that is done so many times a month."""
    wanted = round(times * _MONTHS * rng.uniform(0.7, 1.3))
    return sorted(FIRST + timedelta(days=rng.randrange(_DAYS)) for _ in range(wanted))
