"""The dated tree: what hangs where on which day."""

from datetime import date

import pytest

from runtime.errors import EntryError, NotFound
from runtime.facts import units
from runtime.storage.engine import reading, writing

BEFORE, MOVED, AFTER = date(2026, 6, 30), date(2026, 7, 1), date(2026, 12, 1)


def codes(found):
    return [unit.code for unit in found]


def below(session, world, code, day):
    names = {number: name for name, number in world.units.items()}
    return {names[number] for number in units.below(session, world.units[code], day)}


@pytest.fixture
def moved(world):
    """Community A hangs below the second street from 1 July on."""
    with writing(world.engine) as session:
        units.hang(session, world.units["A"], world.units["S2"], MOVED)
    return world


def test_a_unit_that_moved_is_where_it_was_on_each_day(moved):
    with reading(moved.engine) as session:
        assert below(session, moved, "S1", BEFORE) == {"S1", "A", "B"}
        assert below(session, moved, "S1", MOVED) == {"S1", "B"}
        assert below(session, moved, "S2", MOVED) == {"S2", "A", "D"}
        assert below(session, moved, "C", BEFORE) == set(moved.units)
        assert codes(units.path(session, moved.units["A"], BEFORE)) == ["C", "S1", "A"]
        assert codes(units.path(session, moved.units["A"], AFTER)) == ["C", "S2", "A"]
        assert codes(units.children(session, moved.units["S2"], AFTER)) == ["A", "D"]
        assert units.parent(session, moved.units["A"], BEFORE).code == "S1"
        assert units.parent(session, moved.units["C"], BEFORE) is None
        assert codes(units.children(session, None, AFTER)) == ["C"]


def test_a_correction_between_two_moves_holds_until_the_next(moved):
    with writing(moved.engine) as session:
        units.hang(session, moved.units["A"], None, date(2026, 3, 1))
    with reading(moved.engine) as session:
        assert units.parent(session, moved.units["A"], date(2026, 2, 28)).code == "S1"
        assert units.parent(session, moved.units["A"], BEFORE) is None
        assert units.parent(session, moved.units["A"], MOVED).code == "S2"


def test_hung_twice_on_one_day_the_last_holds(moved):
    with writing(moved.engine) as session:
        units.hang(session, moved.units["A"], moved.units["S1"], MOVED)
    with reading(moved.engine) as session:
        assert below(session, moved, "S1", AFTER) == {"S1", "A", "B"}


def test_a_unit_begins_on_its_day_and_can_be_dated_back(world):
    with writing(world.engine) as session:
        grid = units.add_unit(session, "G", "grid", {"en": "G"}, world.units["A"], MOVED).id
    with writing(world.engine) as session:
        assert grid not in units.below(session, world.units["C"], BEFORE)
        assert grid in units.below(session, world.units["C"], MOVED)
        units.hang(session, grid, world.units["B"], date(2026, 6, 1))
    with reading(world.engine) as session:
        assert units.parent(session, grid, BEFORE).code == "B"
        assert units.parent(session, grid, MOVED).code == "A"


def test_levels_go_downwards(world):
    with writing(world.engine) as session:
        with pytest.raises(EntryError, match="“street” cannot hang below one of the level"):
            units.hang(session, world.units["S1"], world.units["A"], MOVED)
        with pytest.raises(EntryError, match="“village” is not a level"):
            units.add_unit(session, "V", "village", {"en": "V"})


def test_what_does_not_exist_is_said_so(world):
    with writing(world.engine) as session:
        assert units.by_code(session, "A").id == world.units["A"]
        for look in (
            lambda: units.by_code(session, "nowhere"),
            lambda: units.below(session, 999, MOVED),
            lambda: units.path(session, 999, MOVED),
            lambda: units.hang(session, 999, None, MOVED),
            lambda: units.hang(session, world.units["A"], 999, MOVED),
        ):
            with pytest.raises(NotFound):
                look()


def test_a_code_is_taken_once_and_no_day_is_too_early(world):
    with writing(world.engine) as session:
        with pytest.raises(EntryError, match="code “A” already"):
            units.add_unit(session, "A", "community", {"en": "A"})
        with pytest.raises(EntryError, match="before 1 Jan 1900"):
            units.hang(session, world.units["A"], None, date(1899, 12, 31))
