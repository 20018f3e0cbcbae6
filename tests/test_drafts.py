"""Form drafts: kept whatever is typed, judged, published."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from time import sleep

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from runtime import drafts
from runtime.built_in import definitions_folder
from runtime.definitions.json import dumps, loads
from runtime.definitions.load import Library
from runtime.errors import Conflict, DefinitionError, NotFound
from runtime.judging import judge
from runtime.storage.engine import make_engine, reading, writing
from runtime.storage.migrate import upgrade

FORM = "https://yibiao.example/defs/forms/disabled-persons/residents-monthly.json"
NEW = "https://yibiao.example/defs/forms/disabled-persons/loans.json"
LIBRARY = Library.read([definitions_folder()])


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    upgrade(made)
    yield made
    made.dispose()


def test_a_draft_keeps_any_text(engine: Engine) -> None:
    with writing(engine) as session:
        drafts.keep(session, NEW, "{ not json \x7f 一表\r\n", 0, None)
    with reading(engine) as session:
        assert drafts.text_of(session, LIBRARY, NEW) == "{ not json \x7f 一表\n"


def test_a_form_without_draft_and_version_is_as_it_shipped(engine: Engine) -> None:
    with reading(engine) as session:
        assert loads(drafts.text_of(session, LIBRARY, FORM)) == LIBRARY.source(FORM)
        assert drafts.text_of(session, LIBRARY, NEW) == ""


def test_of_two_designers_the_second_is_told(engine: Engine) -> None:
    with writing(engine) as session:
        drafts.keep(session, NEW, "first", 0, None)
    for revision in (0, 2):
        with pytest.raises(Conflict), writing(engine) as session:
            drafts.keep(session, NEW, "second", revision, None)
    with reading(engine) as session:
        assert drafts.text_of(session, LIBRARY, NEW) == "first"


def test_of_two_who_begin_a_draft_at_once_the_second_adds_to_it(engine: Engine) -> None:
    """Each reads the draft before it changes it; while there is none yet, there is no row to wait for."""

    def adds(_turn: int) -> None:
        with writing(engine) as session:
            drafts.find(session, NEW, to_change=True)
            text = drafts.text_of(session, LIBRARY, NEW)
            sleep(0.2)  # long enough that all have looked
            there = drafts.find(session, NEW, to_change=True)
            drafts.keep(session, NEW, text + "x", there.revision if there else 0, None)

    with ThreadPoolExecutor(3) as three:
        list(three.map(adds, range(3)))
    with reading(engine) as session:
        assert drafts.text_of(session, LIBRARY, NEW) == "xxx"


def test_a_sound_draft_becomes_the_next_version(engine: Engine) -> None:
    form = LIBRARY.source(FORM)
    for number, title in enumerate(["One", "Two"], 1):
        with writing(engine) as session:
            drafts.keep(session, FORM, dumps({**form, "title": title}), 0, None)
            assert drafts.publish(session, LIBRARY, FORM, 1, None).number == number
    with reading(engine) as session:
        assert drafts.find(session, FORM) is None
        assert [v.number for v in drafts.versions(session, FORM)] == [2, 1]
        assert drafts.latest_versions(session)[FORM].title["en"] == "Two"
        assert loads(drafts.text_of(session, LIBRARY, FORM))["title"] == "Two"


def test_a_draft_with_errors_is_refused_and_stays(engine: Engine) -> None:
    with writing(engine) as session:
        drafts.keep(session, FORM, '{"type": "object"', 0, None)
    with pytest.raises(DefinitionError) as refused, writing(engine) as session:
        drafts.publish(session, LIBRARY, FORM, 1, None)
    assert refused.value.problems[0].code == "not-json"
    with reading(engine) as session:
        assert drafts.begun(session) == {FORM}


def test_a_draft_can_be_thrown_away(engine: Engine) -> None:
    with writing(engine) as session:
        drafts.keep(session, NEW, "x", 0, None)
        drafts.discard(session, NEW, 1, None)
        assert drafts.find(session, NEW) is None
        with pytest.raises(NotFound):
            drafts.publish(session, LIBRARY, NEW, 1, None)


@pytest.mark.parametrize(
    "change",
    [
        lambda session: drafts.keep(session, FORM, "mine", 1, None),
        lambda session: drafts.keep_unfinished(session, LIBRARY, FORM, "{", 1, None),
        lambda session: drafts.publish(session, LIBRARY, FORM, 1, None),
        lambda session: drafts.discard(session, FORM, 1, None),
    ],
    ids=["keep", "keep_unfinished", "publish", "discard"],
)
def test_what_others_keep_at_the_same_moment_is_not_lost(
    engine: Engine, change: Callable[[Session], object]
) -> None:
    text = dumps(LIBRARY.source(FORM))
    with writing(engine) as session:
        drafts.keep(session, FORM, text, 0, None)

    def later() -> None:
        with writing(engine) as session:
            known = drafts.find(session, FORM)
            assert known is not None  # what is known of it is old when its turn comes
            change(session)

    with ThreadPoolExecutor(1) as pool:
        with writing(engine) as session:
            drafts.keep(session, FORM, f"{text} ", 1, None)
            other = pool.submit(later)
            wait([other], timeout=0.5)
        with pytest.raises(Conflict):
            other.result()
    with reading(engine) as session:
        assert drafts.text_of(session, LIBRARY, FORM) == f"{text} "


def test_a_blank_form_has_no_errors() -> None:
    judged = judge(LIBRARY, NEW, drafts.blank("disabled-persons", "Loans"))
    assert [p for p in judged.problems if p.severity == "error"] == []
    assert judged.may_be_published


@given(
    st.text()
    | st.sampled_from(["null", "[]", "{}", '{"$ref": "#"}', '{"type": 3}', '{"properties": []}'])
)
def test_judging_never_raises(text: str) -> None:
    judged = judge(LIBRARY, FORM, text)
    assert judged.plan is not None or judged.problems
