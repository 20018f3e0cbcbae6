"""The table of rates: whole, about fields that there are, and chance that is always the same."""

import msgspec
import pytest

from runtime.demo.city import REGISTERS
from runtime.replay.rates import Rates, read, share, shipped
from runtime.settings import Settings
from runtime.site import open_site


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    site = open_site(Settings(home=tmp_path_factory.mktemp("home"), database_url="sqlite://"))
    return site.library


def test_every_field_of_the_table_is_one_of_the_registers(library):
    there = {f"{r}.{name}" for r in REGISTERS for name in library.register(r)["properties"]}
    listed = [name for names in shipped().kinds.values() for name in names]
    assert set(listed) <= there
    assert len(listed) == len(set(listed))


def test_every_field_that_grows_old_has_a_kind_of_its_own(library):
    """Those that have no kind never grow old: a department's paper says so once and for all."""
    for register in REGISTERS:
        for name, field in library.register(register)["properties"].items():
            if field.get("maxAge"):
                assert shipped().kind(register, name) != "record", (register, name)


def test_every_department_of_the_table_looks_after_fields(library):
    stewards = {f["steward"] for r in REGISTERS for f in library.register(r)["properties"].values()}
    assert {delivery.department for delivery in shipped().deliveries} == stewards


def test_three_departments_are_there_on_the_first_day():
    first = [d.department for d in shipped().deliveries if d.since == "202601"]
    assert first == ["civil-affairs", "disabled-persons", "market-regulation"]


def test_minutes():
    rates = shipped()
    assert rates.minutes({"typed": 4}) == 1.0
    assert rates.minutes({"typed": 2, "confirmed": 3, "reviewed": 15}) == 1.0
    assert rates.minutes({}) == 0


def test_another_table_is_no_table():
    with pytest.raises(msgspec.ValidationError):
        read(b'{"about": 1}')


def test_chance_is_always_the_same_and_spread_evenly():
    drawn = [share(1, "a", n) for n in range(4000)]
    assert drawn == [share(1, "a", n) for n in range(4000)]
    assert drawn != [share(2, "a", n) for n in range(4000)]
    assert all(0 <= one < 1 for one in drawn)
    assert 0.46 < sum(drawn) / len(drawn) < 0.54


def test_a_table_read_again_is_the_same():
    assert read(msgspec.json.encode(shipped())) == shipped()
    assert isinstance(shipped(), Rates)
