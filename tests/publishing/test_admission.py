"""A designer asks, a steward admits or returns; what was changed since is asked anew."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from runtime import drafts
from runtime.definitions.json import dumps
from runtime.entry import audit, versions
from runtime.errors import Conflict, DefinitionError, EntryError, NotAllowed, NotFound
from runtime.publishing import admission, retiring
from runtime.site import Site, initialise
from runtime.storage.engine import reading, writing
from runtime.storage.tables import User

FORM = "https://yibiao.example/defs/forms/disabled-persons/residents-monthly.json"
OTHER = "https://yibiao.example/defs/forms/disabled-persons/needs-survey.json"
Decision = Callable[..., object]


def who(session: Session, name: str) -> User:
    return session.scalars(select(User).where(User.name == name)).one()


def drafted(site: Site, **said: Any) -> int:
    with writing(site.engine) as session:
        held = drafts.find(session, FORM)
        text = dumps({**site.library.source(FORM), **said}, indent=2)
        return drafts.keep(session, FORM, text, held.revision if held else 0, None).revision


def asked(site: Site, revision: int, note: str = "") -> int:
    with writing(site.engine) as session:
        return admission.ask(session, site.library, FORM, revision, who(session, "sunli"), note).id


def admitted(site: Site, number: int, name: str = "hejun") -> int:
    with writing(site.engine) as session:
        held = admission.require(session, number, FORM)
        return admission.admit(session, site.library, held, who(session, name)).number


def returned(site: Site, number: int, reason: str) -> None:
    with writing(site.engine) as session:
        held = admission.require(session, number, FORM)
        admission.send_back(session, held, who(session, "hejun"), reason)


def test_what_is_asked_and_admitted_is_the_next_version(site: Site) -> None:
    number = asked(site, drafted(site, title="Anew"), "one cell fewer")
    with writing(site.engine) as session:
        steward = who(session, "hejun")
        (waiting,) = admission.awaiting(session, steward)
        assert (waiting.id, waiting.note, waiting.state) == (number, "one cell fewer", "awaiting")
        version = admission.admit(session, site.library, waiting, steward)
        assert (version.number, version.published_by) == (2, steward.id)
    with reading(site.engine) as session:
        held = admission.current(session, FORM)
        assert held is not None
        assert (held.state, held.version_id) == ("admitted", version.id)
        assert drafts.find(session, FORM) is None
        steps = [e.action for e in audit.events(session, "form", FORM)][-3:]
        assert steps == ["form.ask", "form.publish", "form.admit"]
        assert admission.awaiting(session, who(session, "hejun")) == []


def test_a_text_that_was_changed_since_is_asked_anew(site: Site) -> None:
    number = asked(site, drafted(site, title="One"))
    revision = drafted(site, title="Two")
    with pytest.raises(Conflict):
        admitted(site, number)
    asked(site, revision)
    with writing(site.engine) as session:
        assert admission.require(session, number, FORM).state == "withdrawn"
        now = admission.current(session, FORM)
        assert now is not None
        admission.admit(session, site.library, now, who(session, "hejun"))
    with reading(site.engine) as session:
        assert versions.require_latest(session, FORM).title["en"] == "Two"


def test_it_is_returned_with_a_reason(site: Site) -> None:
    number = asked(site, drafted(site, title="One"))
    with pytest.raises(EntryError):
        returned(site, number, "  ")
    returned(site, number, "Asked by two others already")
    with reading(site.engine) as session:
        held = admission.require(session, number, FORM)
        assert (held.state, held.reason) == ("returned", "Asked by two others already")
        assert drafts.find(session, FORM) is not None
    with pytest.raises(Conflict):
        admitted(site, number)


def test_neither_may_do_what_is_the_others(site: Site) -> None:
    number = asked(site, drafted(site, title="One"))
    for name in ("sunli", "chenwei", "admin"):
        with pytest.raises(NotAllowed):
            admitted(site, number, name)
    for name in ("hejun", "chenwei"):
        with pytest.raises(NotAllowed), writing(site.engine) as session:
            admission.ask(session, site.library, FORM, 1, who(session, name))
    with pytest.raises(NotFound), writing(site.engine) as session:
        admission.require(session, number, OTHER)


def test_a_draft_with_errors_cannot_be_asked(site: Site) -> None:
    revision = drafted(site, properties={"a": {"$ref": "../../nowhere.json"}})
    with pytest.raises(DefinitionError):
        asked(site, revision)


def test_a_retired_form_is_begun_no_more_and_says_why(site: Site) -> None:
    with writing(site.engine) as session:
        steward = who(session, "hejun")
        with pytest.raises(EntryError):
            retiring.retire(session, FORM, steward, "", OTHER)
        with pytest.raises(EntryError):
            retiring.retire(session, FORM, steward, "It is", FORM)
        retiring.retire(session, FORM, steward, "Asked by the survey", OTHER)
    with pytest.raises(NotAllowed), writing(site.engine) as session:
        retiring.retire(session, OTHER, who(session, "sunli"), "Mine")
    initialise(site)
    with reading(site.engine) as session:
        assert versions.latest(session, FORM) is None
        held = retiring.why_retired(session, FORM)
        assert held is not None
        assert held.merged_into == OTHER
        assert [one.address for one in retiring.retired(session)] == [FORM]


def test_a_new_version_of_a_retired_form_is_asked_again(site: Site) -> None:
    with writing(site.engine) as session:
        retiring.retire(session, FORM, who(session, "hejun"), "For now")
    asked(site, drafted(site, title="Once more"))
    with writing(site.engine) as session:
        held = admission.current(session, FORM)
        assert held is not None
        version = admission.admit(session, site.library, held, who(session, "hejun"))
        assert version.number == 2
        assert retiring.retired(session) == []


def test_what_was_asked_of_a_draft_thrown_away_or_a_form_retired_waits_no_more(site: Site) -> None:
    revision = drafted(site, title="One")
    first = asked(site, revision)
    with writing(site.engine) as session:
        drafts.discard(session, FORM, revision, who(session, "sunli").id)
    second = asked(site, drafted(site, title="Two"))
    with writing(site.engine) as session:
        retiring.retire(session, FORM, who(session, "hejun"), "No more")
    with reading(site.engine) as session:
        held = [admission.require(session, number, FORM) for number in (first, second)]
        assert [one.state for one in held] == ["withdrawn", "withdrawn"]
        assert [one.reason for one in held] == [
            "The draft was thrown away.",
            "The form was retired.",
        ]
        steps = [e.action for e in audit.events(session, "form", FORM)]
        assert steps.count("form.withdraw") == 2
        assert admission.waiting(session) == frozenset()


def test_a_text_that_is_no_form_yet_does_not_keep_from_admitting_and_stays(site: Site) -> None:
    revision = drafted(site, title="One")
    number = asked(site, revision)
    with writing(site.engine) as session:
        drafts.keep_unfinished(session, site.library, FORM, "{ not yet", revision, None)
    assert admitted(site, number) == 2
    with reading(site.engine) as session:
        held = drafts.find(session, FORM)
        assert held is not None
        assert held.unfinished == "{ not yet"
        assert held.source == versions.require_latest(session, FORM).source


def admits(site: Site, session: Session, number: int) -> object:
    held = admission.require(session, number, FORM)
    return admission.admit(session, site.library, held, who(session, "hejun"))


def returns(_site: Site, session: Session, number: int) -> None:
    held = admission.require(session, number, FORM)
    admission.send_back(session, held, who(session, "hejun"), "No")


def withdraws(_site: Site, session: Session, number: int) -> None:
    held = admission.require(session, number, FORM)
    admission.withdraw(session, held, who(session, "sunli"))


def discards(_site: Site, session: Session, _number: int) -> None:
    drafts.discard(session, FORM, 1, who(session, "sunli").id)


def at_once(site: Site, first: Decision, second: Decision, number: int) -> None:
    """`second` begins while `first` is done and not yet kept."""

    def later() -> None:
        with writing(site.engine) as session:
            second(site, session, number)

    with ThreadPoolExecutor(1) as pool:
        with writing(site.engine) as session:
            first(site, session, number)
            other = pool.submit(later)
            wait([other], timeout=0.5)
        other.result()


@pytest.mark.parametrize(
    ("first", "second"),
    [(admits, returns), (admits, withdraws), (returns, admits), (withdraws, admits)],
)
def test_of_two_who_decide_at_once_the_second_is_told(
    site: Site, first: Decision, second: Decision
) -> None:
    number = asked(site, drafted(site, title="One"))
    with pytest.raises(Conflict):
        at_once(site, first, second, number)
    with reading(site.engine) as session:
        held = admission.require(session, number, FORM)
        assert held.state == {"admits": "admitted", "returns": "returned"}.get(
            getattr(first, "__name__", ""), "withdrawn"
        )
        assert (held.version_id is not None) == (first is admits)


@pytest.mark.parametrize("decides", [admits, returns])
def test_what_was_asked_of_a_draft_that_is_thrown_away_is_decided_no_more(
    site: Site, decides: Decision
) -> None:
    number = asked(site, drafted(site, title="One"))
    with pytest.raises(Conflict):
        at_once(site, discards, decides, number)
    with reading(site.engine) as session:
        assert admission.require(session, number, FORM).state == "withdrawn"


def test_a_draft_that_was_admitted_meanwhile_is_not_thrown_away(site: Site) -> None:
    number = asked(site, drafted(site, title="One"))
    at_once(site, admits, discards, number)
    with reading(site.engine) as session:
        assert admission.require(session, number, FORM).state == "admitted"
        assert versions.require_latest(session, FORM).number == 2
