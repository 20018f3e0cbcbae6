"""Two designers at the very same moment: of two changes none is lost, whichever way each was made."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest

from builder.studio.kept_text import Begun, keep_text
from builder.studio.steps import carry_out, set_text, undo
from builder.studio.typed import Typed
from runtime import drafts
from runtime.api import Conflict, Library, Session, form_address
from runtime.storage.engine import reading, writing
from tests.rig.city import City

ADDRESS = form_address("disabled-persons/zz")
FORM: dict[str, Any] = {
    **json.loads(drafts.blank("disabled-persons", "T")),
    "properties": {"p": {"type": "string", "title": "p"}},
}
TEXT = json.dumps(FORM)
MINE = json.dumps({**FORM, "title": "MINE"})
Change = Callable[[Session, Library], object]


def typed(session: Session, library: Library) -> object:
    return keep_text(session, library, ADDRESS, Typed(library, ADDRESS, MINE), Begun(TEXT, 2), 1)


def stepped(session: Session, library: Library) -> object:
    return carry_out(session, library, ADDRESS, lambda d: {**d, "title": "MINE"}, 1)


def set_back(session: Session, library: Library) -> object:
    return set_text(session, library, ADDRESS, MINE, 1)


def undone(session: Session, library: Library) -> object:
    return undo(session, library, ADDRESS, 1)


def theirs(session: Session, library: Library) -> object:
    return carry_out(session, library, ADDRESS, lambda d: {**d, "number": "THEIRS"}, 1)


def at_once(city: City, first: Change, second: Change) -> None:
    """`second` begins while `first` is done and not yet kept."""
    engine, library = city.site.engine, city.site.library

    def later() -> None:
        with writing(engine) as session:
            second(session, library)

    with ThreadPoolExecutor(1) as pool:
        with writing(engine) as session:
            first(session, library)
            other = pool.submit(later)
            wait([other], timeout=0.5)
        other.result()


def begun(city: City) -> None:
    with writing(city.site.engine) as session:
        drafts.keep(session, ADDRESS, json.dumps({**FORM, "number": "1"}), 0, 1)
        carry_out(session, city.site.library, ADDRESS, lambda d: {**d, "number": ""}, 1)


@pytest.mark.parametrize("mine", [typed, stepped])
def test_both_changes_stay(city: City, mine: Change) -> None:
    with writing(city.site.engine) as session:
        drafts.keep(session, ADDRESS, TEXT, 0, 1)
    at_once(city, theirs, mine)
    with reading(city.site.engine) as session:
        found = json.loads(drafts.text_of(session, city.site.library, ADDRESS))
    assert (found["number"], found["title"]) == ("THEIRS", "MINE")


def test_what_was_set_back_is_noted_as_a_change_of_what_was_there(city: City) -> None:
    with writing(city.site.engine) as session:
        drafts.keep(session, ADDRESS, TEXT, 0, 1)
    at_once(city, theirs, set_back)
    with writing(city.site.engine) as session:
        undo(session, city.site.library, ADDRESS, 1)
        found = json.loads(drafts.text_of(session, city.site.library, ADDRESS))
    assert (found["number"], found["title"]) == ("THEIRS", FORM["title"])


def test_what_is_taken_back_is_what_was_done_last(city: City) -> None:
    begun(city)
    at_once(city, theirs, undone)
    with reading(city.site.engine) as session:
        found = json.loads(drafts.text_of(session, city.site.library, ADDRESS))
    assert found["number"] == ""


def test_a_step_during_publishing_begins_a_draft_of_the_version(city: City) -> None:
    with writing(city.site.engine) as session:
        drafts.keep(session, ADDRESS, TEXT, 0, None)

    def published(session: Session, library: Library) -> object:
        return drafts.publish(session, library, ADDRESS, 1, 1)

    at_once(city, published, stepped)
    with reading(city.site.engine) as session:
        found = json.loads(drafts.text_of(session, city.site.library, ADDRESS))
        (version,) = drafts.versions(session, ADDRESS)
    assert found["title"] == "MINE"
    assert json.loads(version.source)["title"] == FORM["title"]


def test_publishing_after_a_step_is_refused(city: City) -> None:
    with writing(city.site.engine) as session:
        drafts.keep(session, ADDRESS, TEXT, 0, None)

    def published(session: Session, library: Library) -> object:
        return drafts.publish(session, library, ADDRESS, 1, 1)

    with pytest.raises(Conflict):
        at_once(city, stepped, published)
    with reading(city.site.engine) as session:
        found = json.loads(drafts.text_of(session, city.site.library, ADDRESS))
    assert found["title"] == "MINE"
