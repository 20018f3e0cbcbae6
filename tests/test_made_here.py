"""Definitions changed at a site are kept with their steps, laid over the files, and never lost to what ships later."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError

from runtime import made_here
from runtime.definitions.address import BASE
from runtime.definitions.json import dumps, loads
from runtime.definitions.load import Library
from runtime.definitions.moves import Move
from runtime.errors import Conflict
from runtime.made_here import Made
from runtime.storage.engine import make_engine, reading, writing
from runtime.storage.tables import AuditEvent
from tests.storage.conftest import migrate

RESIDENT = f"{BASE}dictionary/resident.json"
FORM = f"{BASE}forms/a/one.json"
FIELD = {"title": "Name", "type": "string"}
REGISTER = {"title": "Residents", "type": "object", "properties": {"name": FIELD}}
FILES = Library.of(
    {
        RESIDENT: REGISTER,
        FORM: {
            "title": "One",
            "properties": {"x": {"$ref": "../../dictionary/resident.json#/properties/name"}},
        },
    }
)
PLACE = f"{RESIDENT}#/properties/name"


@pytest.fixture
def engine(prepared_database):
    engine = make_engine(prepared_database("migrated", migrate))
    yield engine
    engine.dispose()


def _keep(engine, made, seen=None, files=FILES):
    with writing(engine) as session:
        made_here.alone(session)
        newest = made_here.revision(session) if seen is None else seen
        return made_here.keep(session, files, made, newest, None).id


def _titled(title, **more):
    document = {**REGISTER, "properties": {"name": {**FIELD, "title": title}}}
    return Made("change", PLACE, "a", {RESIDENT: document}, **more)


def _library(engine, files=FILES):
    with reading(engine) as session:
        return made_here.laid_over(session, files)


def test_nothing_changed_is_the_files_themselves(engine):
    assert _library(engine) is FILES


def test_what_was_changed_lies_over_the_files(engine):
    _keep(engine, _titled("Full name"))
    assert _library(engine).source(RESIDENT)["properties"]["name"]["title"] == "Full name"
    assert FILES.source(RESIDENT)["properties"]["name"]["title"] == "Name"


def test_what_is_again_as_it_shipped_is_the_file_again(engine):
    _keep(engine, _titled("Full name"))
    _keep(engine, _titled("Name"))
    with reading(engine) as session:
        assert made_here.here(session) == frozenset()
        assert [step.kind for step in made_here.steps(session)] == ["change", "change"]


def test_a_new_definition_comes_and_goes(engine):
    other = f"{BASE}dictionary/tree.json"
    _keep(engine, Made("make", other, "a", {other: REGISTER}))
    assert other in _library(engine)
    _keep(engine, Made("undo", other, "a", {other: None}, undoes=1))
    assert other not in _library(engine)


def test_who_saw_an_older_one_is_told(engine):
    first = _keep(engine, _titled("Full name"))
    with pytest.raises(Conflict):
        _keep(engine, _titled("Whole name"), seen=first - 1)
    other = {**_library(engine).source(RESIDENT), "title": "People"}
    _keep(engine, Made("change", RESIDENT, "a", {RESIDENT: other}), seen=first - 1)


def test_a_step_is_taken_back_once(engine):
    first = _keep(engine, _titled("Full name"))
    _keep(engine, Made("undo", PLACE, "a", {RESIDENT: None}, undoes=first))
    with pytest.raises(Conflict):
        _keep(engine, Made("undo", PLACE, "a", {RESIDENT: None}, undoes=first))
    with reading(engine) as session:
        assert made_here.undone(session) == {first}


def test_a_move_is_followed_through_the_files_until_it_is_taken_back(engine):
    move = Move(PLACE, f"{RESIDENT}#/properties/full_name")
    document = {**REGISTER, "properties": {"full_name": FIELD}}
    first = _keep(engine, Made("rename", PLACE, "a", {RESIDENT: document}, moves=(move,)))
    assert _library(engine).source(FORM)["properties"]["x"]["$ref"].endswith("/full_name")
    text = dumps(FILES.source(FORM))
    with reading(engine) as session:
        (step,) = made_here.steps(session)
        then, now = made_here.moves_since(session), made_here.moves_since(session, step.at)
        assert (then, now) == ((move,), ())
        library = made_here.laid_over(session, FILES)
        assert made_here.text_moved(session, library, FORM, text, step.at) == text
        assert made_here.text_moved(session, library, FORM, "{ half", step.at) == "{ half"
    _keep(engine, Made("undo", PLACE, "a", {RESIDENT: REGISTER}, undoes=first))
    assert _library(engine) is FILES


def test_what_ships_later_does_not_overwrite_and_is_told(engine):
    _keep(engine, _titled("Full name"))
    newer = FILES.with_document(RESIDENT, {**REGISTER, "title": "Persons"})
    assert _library(engine, newer).source(RESIDENT)["properties"]["name"]["title"] == "Full name"
    with reading(engine) as session:
        assert made_here.behind(session, FILES) == {}
        assert made_here.behind(session, newer) == {
            RESIDENT: (REGISTER, {**REGISTER, "title": "Persons"})
        }
    with writing(engine) as session:
        made_here.took_in(session, newer, RESIDENT)
    with reading(engine) as session:
        assert made_here.behind(session, newer) == {}


def test_steps_are_found_by_what_they_are_about_and_noted_in_the_log(engine):
    _keep(engine, _titled("Full name", reason="As on the paper"))
    with reading(engine) as session:
        for about in (PLACE, RESIDENT):
            assert [step.reason for step in made_here.steps(session, about=about)] == [
                "As on the paper"
            ]
        assert made_here.steps(session, about=f"{RESIDENT}#/properties/nam_") == []
        assert made_here.steps(session, kind="merge") == []
        (event,) = session.query(AuditEvent).all()
        assert event.action == "dictionary.change"
        assert loads(dumps(event.details))["definitions"] == [RESIDENT]


def test_steps_stay_whoever_asks_the_database(engine):
    _keep(engine, _titled("Full name"))
    for statement in ("DELETE FROM definition_step", "UPDATE definition_step SET reason = 'x'"):
        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.exec_driver_sql(statement)
