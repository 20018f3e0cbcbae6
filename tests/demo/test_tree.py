"""The units of the sample city: five levels, as many as the people want, each with a name of its own."""

from collections import Counter

import pytest

from runtime.demo.tree import planned, rehung
from runtime.facts.units import LEVELS


@pytest.mark.parametrize(
    ("residents", "communities", "grids"),
    [(1, 3, 6), (1_000, 3, 6), (20_000, 25, 75), (1_000_000, 1250, 3750)],
)
def test_units_grow_with_the_people(residents, communities, grids):
    places = planned(residents)
    count = Counter(place.level for place in places)
    assert set(count) == set(LEVELS)
    assert (count["community"], count["grid"]) == (communities, grids)
    codes = {place.code: place for place in places}
    assert len(codes) == len(places) == len({place.english for place in places})
    assert len({place.chinese for place in places}) == len(places)
    for place in places:
        above = codes.get(place.above)
        assert (above is None) == (place.level == "city")
        assert above is None or LEVELS.index(above.level) == LEVELS.index(place.level) - 1


def test_the_community_that_moves_is_not_lakeside():
    for residents in (100, 20_000):
        community, street = rehung(planned(residents))
        assert community.english != "Lakeside Community"
        assert community.above != street.code
