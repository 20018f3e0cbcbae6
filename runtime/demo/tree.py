"""The units of the sample city: how many, what they are called, and how they hang."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from runtime.demo import names
from runtime.facts import units
from runtime.storage.engine import reading, writing
from runtime.storage.tables import Unit

RESIDENTS_PER_COMMUNITY, RESIDENTS_PER_GRID = 800, 250
COMMUNITIES_PER_STREET, STREETS_PER_DISTRICT = 5, 3

REHUNG_ON = date(2026, 7, 1)
"""On this day one community comes under another street."""

_AT_ONCE = 20
"""Units per transaction, which stays short."""

CITY_CODE = "9901"
"""No place in China has a code that begins with 99."""


@dataclass(frozen=True, slots=True)
class Place:
    """A unit to be: `above` is its parent's code."""

    code: str
    level: str
    english: str
    chinese: str
    above: str = ""

    @property
    def title(self) -> dict[str, str]:
        """Its name as the table of units keeps it."""
        return {"en": self.english, "zh-CN": self.chinese}


def planned(residents: int) -> list[Place]:
    """Every unit of a city of that many residents, those above first."""
    communities = max(3, round(residents / RESIDENTS_PER_COMMUNITY))
    streets = max(2, ceil(communities / COMMUNITIES_PER_STREET))
    districts = ceil(streets / STREETS_PER_DISTRICT)
    grids = max(2, round(residents / communities / RESIDENTS_PER_GRID))
    city = Place(CITY_CODE + "00", "city", *names.CITY)
    found = [city]
    found += [_district(n, city) for n in range(districts)]
    found += [_street(n, found[1 + n * districts // streets]) for n in range(streets)]
    first = len(found) - streets
    for n in range(communities):
        community = _community(n, found[first + n * streets // communities])
        found += [community, *_grids(community, grids)]
    return found


def grids(places: Sequence[Place]) -> list[Place]:
    """Those where people live."""
    return [place for place in places if place.level == "grid"]


def built(engine: Engine, places: Sequence[Place]) -> dict[str, int]:
    """Add the units that are not there yet, and hang one community elsewhere later on: code -> id."""
    with reading(engine) as session:
        ids = {unit.code: unit.id for unit in session.scalars(select(Unit))}
    new = [place for place in places if place.code not in ids]
    for at in range(0, len(new), _AT_ONCE):
        with writing(engine) as session:
            for place in new[at : at + _AT_ONCE]:
                ids[place.code] = _added(session, place, ids)
    moving, street = rehung(places)
    with writing(engine) as session:
        units.hang(session, ids[moving.code], ids[street.code], REHUNG_ON)
    return ids


def _added(session: Session, place: Place, ids: Mapping[str, int]) -> int:
    above = ids.get(place.above)
    return units.add_unit(session, place.code, place.level, place.title, above).id


def rehung(places: Sequence[Place]) -> tuple[Place, Place]:
    """The community that comes under another street, and that street: both in the same district."""
    streets = [place for place in places if place.level == "street"]
    second, to = streets[1], streets[2] if len(streets) > 2 else streets[0]
    below = [place for place in places if place.above == second.code]
    return below[-1], to


def _district(n: int, city: Place) -> Place:
    english, chinese = _nth(names.DISTRICTS, n)
    return Place(f"{CITY_CODE}{n + 1:02}", "district", english, chinese, city.code)


def _street(n: int, district: Place) -> Place:
    english, chinese = _nth(names.STREETS, n)
    return Place(f"{district.code}{n + 1:03}", "street", english, chinese + "街道", district.code)


def _community(n: int, street: Place) -> Place:
    turn, name = divmod(n, len(names.COMMUNITIES))
    english, chinese = names.COMMUNITIES[name]
    quarter, its = names.QUARTERS[turn % len(names.QUARTERS)]
    number = turn // len(names.QUARTERS)
    words = [english, quarter, "Community", str(number + 1) if number else ""]
    return Place(
        f"{street.code}{n + 1:04}",
        "community",
        " ".join(word for word in words if word),
        chinese + its + (str(number + 1) if number else "") + "社区",
        street.code,
    )


def _grids(community: Place, count: int) -> Iterator[Place]:
    for n in range(1, count + 1):
        yield Place(
            f"{community.code}{n:02}",
            "grid",
            f"{community.english.removesuffix(' Community')} Grid {n}",
            f"{community.chinese}第{n}网格",
            community.code,
        )


def _nth(listed: tuple[names.Name, ...], n: int) -> names.Name:
    turn, at = divmod(n, len(listed))
    english, chinese = listed[at]
    return (english, chinese) if not turn else (f"{english} {turn + 1}", f"{chinese}{turn + 1}")
