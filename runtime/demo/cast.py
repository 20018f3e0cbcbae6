"""The people and homes of the sample city as they are made, and the source of all chance. Not what befalls them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from faker import Faker

from runtime.demo.life import FIRST, LAST, Life, drawn_id, years
from runtime.demo.names import ROADS
from runtime.demo.numbers import Numbers
from runtime.demo.tree import Place

AID_OF_HOME = ("low_income_class", "income_per_head", "aid_persons")
"""What of low-income aid is known of a household."""


@dataclass(slots=True)
class Person:
    """A resident; `moves` are the days on which the home moved within the city, `why` says how it ended."""

    life: Life
    sex: str
    birth: date
    home: Home
    moves: list[tuple[date, int]] = field(default_factory=list)
    why: str = ""

    def age(self, day: date = FIRST) -> int:
        """Whole years on `day`."""
        return years(self.birth, day)

    def here(self, day: date) -> bool:
        """Whether this person lives in the city on `day`."""
        return self.life.begin <= day < self.life.end

    @property
    def name(self) -> str:
        """The name in Chinese."""
        found: str = self.life.known["name"]
        return found


@dataclass(slots=True)
class Home:
    """A household: `place` and `unit` are its grid, `registered` whether its people have their papers here."""

    life: Life
    place: Place
    unit: int
    registered: bool
    people: list[Person] = field(default_factory=list)

    def there(self, day: date) -> list[Person]:
        """Those who live in it on `day`."""
        return [person for person in self.people if person.here(day)]


class World:
    """Chance, names and numbers: everything is drawn from here, in one order, so that a city can be had again."""

    def __init__(
        self, mark: str, grids: Sequence[tuple[Place, int]], above: dict[str, str]
    ) -> None:
        self.rng = Random(mark)
        self.ids = Random(_ids(mark))
        self.fake = Faker("zh_CN")
        self.fake.seed_instance(mark)
        self.numbers = Numbers(self.rng)
        self.grids = grids
        self.above = above

    def life(self, register: str, begin: date = FIRST) -> Life:
        """A subject that nothing is known of yet."""
        return Life(register, drawn_id(self.ids), begin)

    def chance(self, share: float) -> bool:
        """True in that share of all cases."""
        return self.rng.random() < share

    def day(self, first: date = FIRST, last: date = LAST) -> date:
        """A day between these two, both included."""
        return first + timedelta(days=self.rng.randrange(max((last - first).days, 0) + 1))

    def pick(self, weighted: dict[str, float]) -> str:
        """One of the keys, each as often as its weight says."""
        return self.rng.choices(list(weighted), list(weighted.values()))[0]

    def birth(self, age: int) -> date:
        """A day of birth of somebody who is `age` on the first day."""
        return FIRST.replace(year=FIRST.year - age) - timedelta(days=self.rng.randrange(365))

    def given_name(self, sex: str) -> str:
        """A given name."""
        name: str = self.fake.first_name_male() if sex == "1" else self.fake.first_name_female()
        return name

    def surname(self) -> str:
        """A family name."""
        name: str = self.fake.last_name()
        return name

    def address(self, place: Place) -> str:
        """An address in that grid."""
        road, rng = self.rng.choice(ROADS), self.rng
        room = f"{rng.randint(1, 18)}0{rng.randint(1, 4)}"
        return (
            f"星澜市{self.above[place.code]}{road}{rng.randint(1, 180)}号"
            f"{rng.randint(1, 12)}幢{rng.randint(1, 4)}单元{room}室"
        )


def first_id(mark: str) -> str:
    """The id of the first subject that a world of that mark makes."""
    return drawn_id(Random(_ids(mark)))


def _ids(mark: str) -> str:
    return f"ids of {mark}"
