"""The History tab through the front door: sentences, the difference of any two, the way back as a step."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager

import pytest

from builder.studio import history_tab
from builder.studio.lines import compared
from runtime.api import Session, drafts, form_address
from runtime.storage.engine import reading
from tests.builder.admitting import admitted
from tests.builder.studio.people import LI_NA, add_designer
from tests.builder.studio.test_build import HTMX
from tests.builder.studio.test_source import Typing
from tests.builder.studio.test_together import SHORT, STUDIO, document, known_in, step
from tests.rig.city import City

pytestmark = pytest.mark.databases(quick=["sqlite"])
HISTORY = f"{STUDIO}/history"


def test_steps_are_told_with_who_did_them(city: City) -> None:
    one, two = city.client("sunli"), city.client(add_designer(city))
    step(one, do="label", at="services", text="Help given")
    step(two, do="set", at="", number="DPF-99", **{"was.number": "DPF-07"})
    page = one.get(HISTORY).text
    steps = page[page.index('id="steps-title"') :]
    assert steps.index("DPF-99") < steps.index("Help given")
    for who in (LI_NA, "Sun Li 孙丽"):
        assert who in steps


def test_steps_are_told_though_one_between_was_taken_back(city: City) -> None:
    one, two = city.client("sunli"), city.client(add_designer(city))
    step(one, do="set", at="", number="A", **{"was.number": "DPF-07"})
    step(two, do="label", at="services", text="Help given")
    step(one, do="undo")
    page = one.get(HISTORY)
    assert page.status_code == 200
    assert "Help given" in page.text[page.text.index('id="steps-title"') :]


@pytest.mark.parametrize(
    ("view", "there"),
    [
        ("sentences", "changed the number from “DPF-07” to “DPF-8”"),
        ("unified", "<td>  &#34;number&#34;: &#34;DPF-8&#34;,</td>"),
        ("beside", '<td class="right">  &#34;number&#34;: &#34;DPF-8&#34;,</td>'),
        ("nonsense", "changed the number from “DPF-07” to “DPF-8”"),
    ],
)
def test_any_two_are_compared(city: City, view: str, there: str) -> None:
    one = Typing(city)
    document_ = json.loads(one.text)
    one.type(json.dumps({**document_, "number": "DPF-8"}))
    admitted(city, STUDIO)
    step(one.client, do="label", at="services", text="Help given")
    query = {"old": "1", "new": "2", "view": view}
    page = one.client.get(HISTORY, query_string=query).text
    difference = page[page.index('id="difference-title"') :]
    assert there in difference
    assert "Help given" not in difference
    for odd in ({"old": "²", "new": "99"}, {"old": "draft", "new": "1"}, {"old": "2", "new": "2"}):
        assert one.client.get(HISTORY, query_string={**odd, "view": view}).status_code == 200


def test_going_back_is_a_step_that_can_be_taken_back(city: City) -> None:
    one = Typing(city)
    first = one.text
    one.type(json.dumps({**json.loads(first), "number": "DPF-8"}))
    admitted(city, STUDIO)
    step(one.client, do="label", at="services", text="Help given")
    known = known_in(one.client.get(HISTORY).text)
    assert one.client.post(HISTORY, data={"version": "1", "known": known}).status_code == 302
    with reading(city.site.engine) as session:
        assert drafts.find(session, form_address(SHORT)).source == first
    assert step(one.client, do="undo").status_code == 200
    assert (document(city)["number"], document(city)["layout"][1]["title"]) == (
        "DPF-8",
        "Help given",
    )


def test_going_back_over_what_another_has_done_since_is_refused(city: City) -> None:
    one, two = city.client("sunli"), city.client(add_designer(city))
    step(one, do="label", at="services", text="Help given")
    known = known_in(one.get(HISTORY).text)
    step(two, do="set", at="", number="DPF-99", **{"was.number": "DPF-07"})
    answer = one.post(
        HISTORY, data={"version": "1", "known": known}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 409
    assert document(city)["number"] == "DPF-99"


def test_only_an_own_form_goes_back_and_to_what_there_is(city: City) -> None:
    assert city.client("hejun").post(HISTORY, data={"version": "1"}).status_code == 403
    for odd in ("9", "draft", "", "²"):
        assert city.client("sunli").post(HISTORY, data={"version": odd}).status_code == 404


def test_lines_are_compared() -> None:
    before, after = "\n".join("abcdefghijk"), "\n".join("abcXefghijkl")
    unified = [(one.kind, one.was or one.now) for one in compared(before, after)]
    assert ("gone", "d") in unified
    assert ("new", "X") in unified
    assert ("new", "l") in unified
    beside = [one for one in compared(before, after, beside=True) if one.kind == "changed"]
    assert [(one.was, one.now, one.old, one.new) for one in beside] == [("d", "X", 4, 4)]
    assert compared("a\nb", "a\nb") in ([], compared("a\nb", "a\nb"))
    assert compared("", "") == []


def test_very_different_texts_are_compared_soon() -> None:
    before = "\n".join(f"a{n}" for n in range(20_000))
    after = "\n".join(f"b{n}" for n in range(20_000))
    assert compared(before, after)[-1].kind == "gap"


def test_what_somebody_does_between_look_and_way_back_is_not_written_over(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = city.client("sunli"), city.client(add_designer(city))
    step(one, do="label", at="services", text="Help given")
    known = known_in(one.get(HISTORY).text)
    writes = history_tab.writes

    def after_another() -> AbstractContextManager[Session]:
        monkeypatch.setattr(history_tab, "writes", writes)
        with city.app.app_context():
            step(two, do="label", at="remarks", text="Notes")
        return writes()

    monkeypatch.setattr(history_tab, "writes", after_another)
    answer = one.post(HISTORY, data={"version": "1", "known": known}, headers=HTMX)
    assert answer.status_code == 409
    assert document(city)["properties"]["remarks"]["title"] == "Notes"
