"""After an upgrade everybody is found by the words of the new code; stopped half-way it goes on."""

from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import delete, select, text

from runtime.facts import search
from runtime.facts.changes import Step, record_many
from runtime.facts.registers import Register
from runtime.facts.words_anew import every_day, renew
from runtime.storage.engine import reading, writing
from runtime.storage.unit_tables import SearchRenewal, SearchWord

PEOPLE = Register(
    "resident",
    {
        "label": ["name"],
        "properties": {"name": {"type": "string"}, "address": {"type": "string"}},
    },
)
LIBRARY = SimpleNamespace(registers=lambda: ["resident"], register=lambda _name: PEOPLE.schema)
COUNT = 250


@pytest.fixture
def old(world):
    """A database in which nobody is found by a part of the address, as it was before."""
    steps = [
        Step(
            subject_id=f"s{n:03}",
            values={"_unit": world.units["A"], "name": f"王{n}", "address": f"荷花街道长乐街{n}号"},
            effective=date(2026, 1, 1),
        )
        for n in range(COUNT)
    ]
    record_many(world.engine, PEOPLE, steps)
    record_many(
        world.engine,
        PEOPLE,
        [Step(subject_id="s000", values={"_unit": None}, effective=date(2026, 2, 1))],
    )
    with writing(world.engine) as session:
        session.execute(delete(SearchWord).where(SearchWord.word.like("长乐街%")))
        session.execute(text("UPDATE search_word SET word = 'old' || word WHERE word LIKE '荷花%'"))
    return world


def found(world, query):
    with reading(world.engine) as session:
        return len(
            search.find(session, "resident", world.units["C"], query, date(2026, 11, 1), 999)
        )


def test_whoever_was_there_before_is_found_anew(old):
    assert (found(old, "长乐街"), found(old, "old荷花")) == (0, COUNT - 1)
    assert renew(old.engine, LIBRARY) == COUNT
    assert (found(old, "长乐街"), found(old, "old荷花")) == (COUNT - 1, 0)
    assert found(old, "长乐街17号") == 1
    assert renew(old.engine, LIBRARY) == 0, "once is enough"


def test_stopped_half_way_it_goes_on_from_there(old):
    def stop(done, total):
        assert total == COUNT
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        renew(old.engine, LIBRARY, stop)
    there = found(old, "长乐街")
    assert 0 < there < COUNT - 1
    run = SimpleNamespace(
        site=SimpleNamespace(engine=old.engine, library=LIBRARY), progress=lambda *_: None
    )
    assert every_day(run) == {"subjects": COUNT - 1 - there}, (
        "the one who has left was gone through"
    )
    assert found(old, "长乐街") == COUNT - 1


def test_other_words_begin_it_anew(old, monkeypatch):
    renew(old.engine, LIBRARY)
    monkeypatch.setattr("runtime.facts.words_anew.WORDS", search.WORDS + 1)
    assert renew(old.engine, LIBRARY) == COUNT
    with reading(old.engine) as session:
        held = session.scalars(select(SearchRenewal)).one()
        assert (held.words, held.after) == (search.WORDS + 1, None)
