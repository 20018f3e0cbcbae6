"""Two designers at one form, and what was changed from version to version, through the front door."""

import json
import re

import pytest

from tests.builder.admitting import admitted
from tests.builder.test_views import FORM, _text_in
from tests.rig.city import City

HISTORY = FORM.removesuffix("json") + "history"
pytestmark = pytest.mark.databases(quick=["sqlite"])


def read(client):
    return json.loads(_text_in(client.get(FORM).text))


def shown_in(page):
    return re.search(r'name="_shown" value="(\w+)"', page)[1]


def keep(client, base, document, step="keep", revision=0, **more):
    data = {
        "text": json.dumps(document),
        "_base": json.dumps(base),
        "_do": step,
        "_revision": str(revision),
        **more,
    }
    return client.post(FORM, data=data)


def test_what_two_change_in_different_places_is_all_kept(city: City) -> None:
    one, two = city.client("sunli"), city.client("sunli")
    base = read(one)
    assert keep(one, base, {**base, "number": "DPF-99"}).status_code == 302
    assert keep(two, base, {**base, "required": ["holders"]}).status_code == 302
    page = two.get(FORM).text
    assert "Somebody else meanwhile: changed the number from “DPF-07” to “DPF-99”" in page
    kept = read(one)
    assert (kept["number"], kept["required"]) == ("DPF-99", ["holders"])


@pytest.mark.parametrize(("whose", "number"), [("mine", "DPF-2"), ("theirs", "DPF-1")])
def test_where_two_change_the_same_both_are_shown_and_one_is_chosen(
    city: City, whose: str, number: str
) -> None:
    one, two = city.client("sunli"), city.client("sunli")
    base = read(one)
    keep(one, base, {**base, "number": "DPF-1", "frequency": "quarterly"})
    mine = {**base, "number": "DPF-2", "required": ["holders"]}
    answer = keep(two, base, mine)
    assert answer.status_code == 409
    for said in ("“DPF-07” to “DPF-2”", "“DPF-07” to “DPF-1”"):
        assert said in answer.text
    assert json.loads(_text_in(answer.text)) == base
    assert keep(two, base, mine, whose, _shown=shown_in(answer.text)).status_code == 302
    kept = read(two)
    assert (kept["number"], kept["frequency"], kept["required"]) == (
        number,
        "quarterly",
        ["holders"],
    )


def test_whose_stays_is_asked_again_where_it_was_changed_once_more(city: City) -> None:
    one, two = city.client("sunli"), city.client("sunli")
    base = read(one)
    keep(one, base, {**base, "number": "DPF-1"})
    shown = shown_in(keep(two, base, {**base, "number": "DPF-2"}).text)
    keep(one, read(one), {**base, "number": "DPF-3"})
    answer = keep(two, base, {**base, "number": "DPF-2"}, "mine", _shown=shown)
    assert answer.status_code == 409
    assert "DPF-3" in answer.text


def test_what_was_published_meanwhile_is_not_lost(city: City) -> None:
    one, two = city.client("sunli"), city.client("sunli")
    base = read(one)
    keep(one, base, {**base, "number": "DPF-1"})
    admitted(city, FORM)
    assert keep(two, base, {**base, "required": ["holders"]}).status_code == 302
    assert "Somebody else meanwhile: changed the number" in two.get(FORM).text
    kept = read(two)
    assert (kept["number"], kept["required"]) == ("DPF-1", ["holders"])
    page = two.get(FORM).text
    assert "version 2" in page
    assert "version 3" not in page


def test_a_draft_that_was_begun_anew_is_not_the_one_that_was_opened(city: City) -> None:
    one, two = city.client("sunli"), city.client("sunli")
    base = read(one)
    keep(one, base, {**base, "number": "DPF-1"})
    opened = read(two)
    keep(one, opened, opened)
    admitted(city, FORM)
    keep(one, opened, {**opened, "number": "DPF-3"})
    keep(two, opened, {**opened, "required": ["holders"]}, revision=1)
    kept = read(two)
    assert (kept["number"], kept["required"]) == ("DPF-3", ["holders"])


@pytest.mark.parametrize(
    "reference", ["http://[", "../../indicators/elderly.json#/title/x", "%", 3]
)
def test_a_draft_that_refers_to_anything_can_be_opened(city: City, reference: object) -> None:
    client = city.client("sunli")
    base = read(client)
    odd = {**base["properties"], "odd": {"$ref": reference}}
    keep(client, base, {**base, "properties": odd})
    assert client.get(FORM).status_code == 200


def test_history_says_in_sentences_what_was_changed(city: City) -> None:
    client = city.client("sunli")
    base = read(client)
    first, last = base["layout"][0], base["layout"][1:]
    changed = {
        **base,
        "layout": [*last, first],
        "required": ["holders"],
        "properties": {**base["properties"], "extra": {"title": "Extra", "type": "string"}},
    }
    assert keep(client, base, changed).status_code == 302
    admitted(city, FORM)
    page = client.get(HISTORY).text
    for sentence in (
        "made “Services this month” optional",
        "added “Extra”",
        "moved “1 Certificate",
    ):
        assert sentence in page, sentence
    keep(client, changed, {**changed, "number": "DPF-8"})
    assert "changed the number from “DPF-07” to “DPF-8”" in client.get(HISTORY).text


def test_history_is_told_in_chinese(city: City) -> None:
    client = city.client("sunli", "zh-CN")
    base = read(client)
    keep(client, base, {**base, "required": ["holders"]})
    assert "改为选填" in client.get(HISTORY).text
