"""The Build tab by its front door: steps are kept, taken back and done again; two designers; who may; wrong input."""

from __future__ import annotations

import json
import re
from threading import Thread
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.builder.studio.test_source import Typing
from tests.builder.test_views import _text_in
from tests.rig.city import City

PLACE = "/builder/forms/disabled-persons/residents-monthly"
OTHERS = "/builder/forms/civil-affairs/low-income-monthly"
HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.databases(quick=["sqlite"])


def _do(client: FlaskClient, form: str = PLACE, **posted: str) -> TestResponse:
    return client.post(f"{form}/steps", data=posted, headers=HTMX)


def _form(client: FlaskClient, place: str = PLACE) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_text_in(client.get(f"{place}/json").text))
    return found


def _spoken(answer: TestResponse) -> str:
    found = re.search(r'<p id="spoken"[^>]*>([^<]*)</p>', answer.text)
    assert found, answer.text
    return found[1].strip()


def test_each_step_is_kept_said_and_can_be_taken_back_without_limit(city: City) -> None:
    client = city.client("sunli")
    before = _form(client)
    said = [
        _spoken(_do(client, do="add", at="services", what="type:integer")),
        _spoken(_do(client, do="label", at="whole-number", text="Cars")),
        _spoken(_do(client, do="up", at="whole-number")),
        _spoken(_do(client, do="rename", at="whole-number", name="vehicles")),
        _spoken(_do(client, do="remove", at="remarks")),
    ]
    assert said[0] == "added “Whole number”"
    assert said[1] == (
        "changed the title of “Cars” from “Whole number” to “Cars”; “Cars” is named cars in the data"
    )
    assert said[2] == "moved “Cars” to the end of the columns"
    assert said[4] == "took out “Remarks”"
    form = _form(client)
    assert form["properties"]["vehicles"]["title"] == "Cars"
    assert "remarks" not in form["properties"]
    for _turn in said:
        _do(client, do="undo")
    assert _form(client) == before
    assert _spoken(_do(client, do="undo")) == "There is nothing to take back."
    for _turn in said:
        _do(client, do="redo")
    assert _form(client) == form
    assert _spoken(_do(client, do="redo")) == "There is nothing to do again."


def test_a_new_step_ends_what_could_be_done_again(city: City) -> None:
    client = city.client("sunli")
    _do(client, do="add", at="", what="part:note")
    _do(client, do="undo")
    _do(client, do="add", at="", what="part:section")
    assert _spoken(_do(client, do="redo")) == "There is nothing to do again."


def test_the_answer_holds_what_has_changed_and_nothing_else(city: City) -> None:
    client = city.client("sunli")
    page = _do(client, do="label", at="services", text="Help").text
    assert 'id="n-services"' in page
    assert 'id="n-by_2d_grade"' not in page
    assert ">Help</h2>" in page


@pytest.mark.databases("sqlite", "postgresql")
def test_undo_takes_back_ones_own_and_leaves_what_others_did(city: City) -> None:
    mine, theirs = city.client("sunli"), city.client("hejun")
    _do(mine, do="label", at="services", text="Help")
    assert _do(theirs, do="label", at="by-grade", text="By grade").status_code in (200, 403)
    _do(mine, do="undo")
    assert _form(mine)["layout"][1]["title"] == "2 Services this month"


def test_what_somebody_took_away_meanwhile_is_said_and_nothing_is_kept(city: City) -> None:
    client = city.client("sunli")
    _do(client, do="remove", at="remarks")
    before = _form(client)
    answer = _do(client, do="label", at="remarks", text="Late")
    assert "no longer there" in _spoken(answer)
    assert _form(client) == before


def test_a_property_that_somebody_set_otherwise_is_not_written_over(city: City) -> None:
    client = city.client("sunli")
    _do(client, do="set", at="", **{"was.number": "DPF-07", "number": "DPF-08"})
    answer = _do(client, do="set", at="", **{"was.number": "DPF-07", "number": "DPF-09"})
    assert "DPF-08" in _spoken(answer)
    assert _form(client)["number"] == "DPF-08"


@pytest.mark.parametrize(
    ("name", "posted", "says"),
    [
        ("due", "soon", "must be a number of days"),
        ("due", "9999", "366 at most"),
    ],
)
def test_a_wrong_value_names_the_property(city: City, name: str, posted: str, says: str) -> None:
    client = city.client("sunli")
    answer = _do(client, do="set", at="", **{f"was.{name}": "5", name: posted})
    assert says in _spoken(answer)


@pytest.mark.parametrize("posted", ["1e999999999", "-1e-999999999", "NaN"])
def test_a_number_that_nobody_can_write_out_is_refused(city: City, posted: str) -> None:
    client = city.client("sunli")
    _do(client, do="add", at="services", what="type:integer")
    sent = {"was.maximum": "", "maximum": posted}
    assert "must be a number" in _spoken(_do(client, do="set", at="whole-number", **sent))


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"do": "fly"},
        {"do": "add", "what": "field:nonsense"},
        {"do": "add", "what": "field:"},
        {"do": "use", "at": "remarks"},
        {"do": "use", "at": "remarks", "what": "field:#/x"},
        {"do": "add", "what": "type:nonsense"},
        {"do": "add", "what": ""},
        {"do": "rename", "at": "remarks", "name": "Not A Name"},
        {"do": "rename", "at": "remarks", "name": "services"},
        {"do": "move", "at": "services", "to": "service-columns", "place": "in"},
        {"do": "paste", "fragment": "{"},
        {"do": "up", "at": "by-grade"},
        {"do": "remove", "at": ""},
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    city: City, posted: dict[str, str]
) -> None:
    client = city.client("sunli")
    before = _form(client)
    answer = _do(client, **posted)
    assert answer.status_code in (200, 409, 422)
    assert 'role="alert"' in answer.text
    assert _form(client) == before


def test_without_htmx_the_page_comes_back_with_the_part_picked(city: City) -> None:
    client = city.client("sunli")
    answer = client.post(
        f"{PLACE}/steps", data={"do": "add", "at": "services", "what": "part:note"}
    )
    assert answer.status_code == 302
    page = client.get(answer.location).text
    assert "put “Note” on the form" in page
    assert re.search(r'data-key="note"[^>]*aria-current="true"', page)


def test_only_the_forms_of_the_own_department_are_changed(city: City) -> None:
    client = city.client("sunli")
    assert _do(client, OTHERS, do="add", at="", what="part:note").status_code == 403
    page = client.get(OTHERS).text
    assert "read only" in page
    assert "/steps" not in re.sub(r'data-steps="[^"]*"', "", page)


def test_a_part_is_copied_into_another_form(city: City) -> None:
    client = city.client("sunli")
    fragment = client.get(f"{PLACE}/copy", query_string={"at": "services"}).text
    client.post("/builder/forms", data={"department": "disabled-persons", "name": "copied"})
    place = "/builder/forms/disabled-persons/copied"
    _do(client, place, do="paste", at="", fragment=fragment)
    form = _form(client, place)
    assert {"visited", "devices_lent"} <= set(form["properties"])
    assert form["layout"][0]["title"] == "2 Services this month"


def test_a_copy_of_what_is_gone_is_refused_in_words(city: City) -> None:
    answer = city.client("sunli").get(f"{PLACE}/copy", query_string={"at": "gone"})
    assert (answer.status_code, answer.content_type) == (422, "text/plain; charset=utf-8")


def test_the_palette_finds_by_pinyin_and_says_what_is_there(city: City) -> None:
    client = city.client("sunli")
    page = client.get(f"{PLACE}/palette", query_string={"q": "cjr"}).text
    assert "disability" in page
    assert ">here</small>" in client.get(f"{PLACE}/palette", query_string={"q": "holders"}).text


def test_what_the_dictionary_has_not_is_offered_as_an_own_cell_called_so(city: City) -> None:
    client = city.client("sunli")
    page = client.get(f"{PLACE}/palette", query_string={"q": "Weather that day"}).text
    assert "Nothing answers to “Weather that day”" in page
    assert 'name="title" value="Weather that day"' in page
    assert 'value="type:long-text"' in page
    _do(client, do="add", what="type:long-text", at="remarks", title="Weather that day")
    assert _form(client)["properties"]["weather_that_day"]["title"] == "Weather that day"


def test_hints_are_said_without_the_words_of_json(city: City) -> None:
    client = city.client("sunli")
    client.post("/builder/forms", data={"department": "disabled-persons", "title": "Loans"})
    page = client.get("/builder/forms/disabled-persons/loans/problems").text
    assert "There is no 中文 for “title” yet." in page
    assert "Say how many days after the period&#39;s end it is due." in page
    page = client.get("/builder/forms/disabled-persons/loans/publish").text
    assert "No legal basis is named: by which" in page
    assert "`" not in page


BROKEN = {
    "properties": {"a": {"$ref": "x.json#/a"}, "b": 4},
    "layout": [{"id": "a", "kind": "cell", "at": "/a"}],
}


@pytest.mark.parametrize(
    "source",
    ["[]", "true", "{}", '{"layout": 3}', '{"layout": [3, {"id": 4}]}', json.dumps(BROKEN)],
)
def test_any_text_that_is_kept_can_be_looked_at(city: City, source: str) -> None:
    client = city.client("sunli")
    client.post(f"{PLACE}/json", data={"text": source, "_do": "keep", "_revision": "0"})
    for page in ("", "/part", "/palette", "/problems"):
        answer = client.get(PLACE + page, query_string={"at": "a"}, follow_redirects=True)
        assert answer.status_code == 200, page
    assert _do(client, do="add", at="", what="part:note").status_code in (200, 302, 422)


@pytest.mark.databases("sqlite", "postgresql")
def test_steps_of_two_at_once_are_all_kept(city: City) -> None:
    clients = [city.client("sunli") for _one in range(2)]

    def adds(client: FlaskClient, name: str) -> None:
        for turn in range(5):
            answer = _do(client, do="add", at="", what="part:note")
            assert answer.status_code == 200, (name, turn, answer.text)

    threads = [Thread(target=adds, args=(c, n)) for c, n in zip(clients, "ab", strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    notes = [item for item in _form(clients[0])["layout"] if item["kind"] == "note"]
    assert len(notes) == 10


def test_a_cell_that_the_dictionary_has_already_is_told_and_used_instead(city: City) -> None:
    client = city.client("sunli")
    _do(client, do="add", at="services", what="type:integer")
    _do(client, do="label", at="whole-number", text="Holders visited at home")
    panel = client.get(f"{PLACE}/part", query_string={"at": "whole-number"}).text
    assert "You may have this already" in panel
    what = "field:https://yibiao.example/defs/indicators/disability.json#/properties/visited"
    assert what in panel
    _do(client, do="use", at="whole-number", what=what)
    reference = _form(client)["properties"]["holders_visited_at_home"]["$ref"]
    assert reference == "../../indicators/disability.json#/properties/visited"
    assert "Use it instead" not in client.get(f"{PLACE}/part?at=whole-number").text


def test_a_part_of_any_script_is_named_in_headers_that_have_ascii_only(city: City) -> None:
    client = city.client("sunli")
    one = Typing(city)
    form = json.loads(one.text)
    form["properties"]["姓名"] = {"type": "string", "title": "Name"}
    assert one.type(json.dumps(form)).status_code == 200
    answer = _do(client, do="label", at="@/姓名", text="Full name")
    assert answer.status_code == 200
    for name, value in answer.headers:
        assert value.isascii(), name
    assert json.loads(answer.headers["HX-Trigger-After-Settle"])["studio:done"]["at"] == "@/姓名"


@pytest.mark.databases("sqlite")
def test_a_layout_that_names_no_place_can_be_worked_on(city: City) -> None:
    client, one = city.client("sunli"), Typing(city)
    form = json.loads(one.text)
    odd = [
        (kind, named)
        for kind in ("cell", "rows", "part", "crossTable")
        for named in ("a", "", "~", "/*")
    ]
    form["layout"] += [
        {"id": f"odd{n}", "kind": kind, "at": named} for n, (kind, named) in enumerate(odd)
    ]
    assert one.type(json.dumps(form)).status_code == 200
    for n, which in enumerate(odd):
        assert client.get(f"{PLACE}/part", query_string={"at": f"odd{n}"}).status_code == 200, which
        for verb in ("rename", "remove"):
            answer = _do(client, do=verb, at=f"odd{n}", name="y")
            assert answer.status_code in (200, 409, 422), (verb, which)
    assert _form(client)["properties"] == form["properties"]


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("slip", [{"frequency": "month"}, {"expires": "2027-13"}])
def test_a_slip_in_what_the_form_is_asked_for_leaves_every_page_standing(
    city: City, slip: dict[str, str]
) -> None:
    client, one = city.client("sunli"), Typing(city)
    assert one.type(json.dumps({**json.loads(one.text), **slip})).status_code == 200
    for page in ("", "/problems", "/publish", "/preview", "/rules", "/history", "/json"):
        assert client.get(f"{PLACE}{page}").status_code == 200, page


def test_a_place_in_the_json_picks_its_part(city: City) -> None:
    page = city.client("sunli").get(PLACE, query_string={"at": "/properties/remarks"}).text
    assert 'data-key="remarks"' in page
    assert '<input type="hidden" name="at" value="remarks">' in page
