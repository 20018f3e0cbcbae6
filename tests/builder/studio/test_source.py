"""Whatever is typed into the JSON tab: never a fault, problems in place, and the last good form stays."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.studio.typed import MOST
from runtime.api import drafts, form_address
from runtime.storage.engine import reading
from tests.rig.city import City
from tests.rig.profiles import FULL_MATRIX

pytestmark = pytest.mark.databases(quick=["sqlite"])
SHORT = "disabled-persons/residents-monthly"
STUDIO = f"/builder/forms/{SHORT}"
JSON = f"{STUDIO}/json"
TABS = ("", "/json", "/history", "/translations", "/preview", "/rules", "/publish")


def text_in(page: str, name: str = "text") -> str:
    found = re.search(rf'<textarea id="{name}"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    assert found, page[:2000]
    return html.unescape(found.group(1))


def state_in(page: str) -> dict[str, str]:
    state = re.search(r'<div id="source-state".*?</div>', page, re.DOTALL)
    assert state
    pairs = re.findall(r'name="(\w+)" value="([^"]*)"', state[0])
    return dict(pairs)


def kept(city: City) -> Any:
    with reading(city.site.engine) as session:
        return drafts.find(session, form_address(SHORT))


class Typing:
    """A designer at the JSON tab, with what their page holds."""

    def __init__(self, city: City, name: str = "sunli", language: str = "en") -> None:
        self.client = city.client(name, language)
        self.open()

    def open(self) -> None:
        page = self.client.get(JSON).text
        self.text, self.base, self.state = text_in(page), text_in(page, "base"), state_in(page)

    def type(self, text: str, step: str = "keep", **more: str) -> Any:
        answer = self.client.post(
            JSON,
            data={"text": text, "_base": self.base, "_do": step, **self.state, **more},
            headers={"HX-Request": "true"},
        )
        if answer.status_code == 200:
            self.state = state_in(answer.text)
            if not self.state["_waited"]:
                replaced = 'id="replaced"' in answer.text
                self.base = text_in(answer.text, "replaced") if replaced else text
        return answer


HALF = ["", "{", "[1, 2]", "3", "null", '"x"', "NaN", '{"a": NaN}', '{"a": 1, "a": 2}', "\x00\x01\x02", "{\x00}",
        '{"title": "\\ud800"}', '{"\\udc00\\ud800": 1}', '{"title": "a\\u0000b"}', "[" * 900_000, '{"a":' * 90_000,
        "9" * 5000, '{"a": 1e99999999999999999999}', "\ud7ff\ue000🙈" * 10, "'; drop table form_draft; --",
        "<script>alert(1)</script></textarea>", "\r\r\n\n", "{" + '"a": 1, ' * 1000]  # fmt: skip


@pytest.mark.parametrize("text", HALF, ids=lambda text: ascii(text[:20]))
def test_what_is_no_form_is_kept_beside_the_form(city: City, text: str) -> None:
    one = Typing(city)
    good = one.text
    answer = one.type(text)
    assert answer.status_code == 200
    assert 'data-line="' in answer.text
    draft = kept(city)
    assert draft.source == good
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
    assert text_in(one.client.get(JSON).text) == plain
    assert text_in(one.client.get(JSON, query_string={"as": "form"}).text) == good
    for tab in TABS:
        page = one.client.get(STUDIO + tab)
        assert page.status_code == 200
        assert "waits in the JSON tab" in page.text
    one.client.post(JSON, data={"_do": "drop", "_waited": one.state["_waited"]})
    assert text_in(one.client.get(JSON).text) == good
    assert kept(city).unfinished == ""


ODD = [{"title": "x", "frequency": "monthl", "properties": {"a": {"type": "integer", "title": "a"}}},
       {}, {"type": "object"}, {"layout": 3}, {"layout": [3, {"id": 3}, {"id": "a", "kind": "section", "items": {}}]},
       {"properties": []}, {"properties": {"a": 3, "b": None, "c": [], "d": True}}, {"title": {"en": 3}},
       {"title": 3, "translations": []}, {"$ref": "#"}, {"properties": {"a": {"$ref": "#"}}},
       {"properties": {"a": {"$ref": "http://["}}}, {"allOf": [{"$ref": "#/allOf/0"}]},
       {"$schema": "http://json-schema.org/draft-03/schema#"},
       {"$id": "x", "$schema": 3}, {"extends": "../a.json"}, {"extends": 3, "remove": 3},
       {"level": "x", "due": 3, "outputs": []},
       {"layout": [{"id": "t", "kind": "crossTable", "at": "/a", "rows": 3, "columns": {"by": 3}}],
        "properties": {"a": {"by": 3}}},
       {"properties": {"a": {"type": "array", "minItems": 10**12, "items": {"$ref": "#/properties/a"}}}},
       {"properties": {"": {"title": ""}, "a/b~c": {"title": "\u202e"}}, "layout": [{"id": "", "kind": "", "at": ""}]},
       {"department": "civil-affairs", "number": {"items": 3}}, {"if": {"properties": 3}, "then": 3, "else": []},
       {"properties": {"a": {"type": "integer", "minimum": 10**4000}}}]  # fmt: skip


@pytest.mark.parametrize("document", ODD, ids=lambda one: json.dumps(one)[:40])
def test_any_object_can_be_looked_at_on_every_tab(city: City, document: Any) -> None:
    one = Typing(city)
    assert one.type(json.dumps(document)).status_code == 200
    for tab in TABS:
        assert one.client.get(STUDIO + tab).status_code == 200, tab
    assert one.client.get(f"{STUDIO}/problems").status_code == 200
    for key in set(re.findall(r'data-key="([^"]*)"', one.client.get(STUDIO).text)):
        part = one.client.get(f"{STUDIO}/part", query_string={"at": html.unescape(key)})
        assert part.status_code == 200, key
    assert one.client.get(f"{STUDIO}/preview/screen").status_code in (200, 404)


def _mutations(document: Any) -> st.SearchStrategy[Any]:
    """The form with one of its places said otherwise."""
    places: list[tuple[Any, ...]] = []

    def walk(value: Any, path: tuple[Any, ...]) -> None:
        places.append(path)
        pairs = (
            value.items()
            if isinstance(value, dict)
            else enumerate(value)
            if isinstance(value, list)
            else ()
        )
        for key, inner in pairs:
            walk(inner, (*path, key))

    walk(document, ())
    anything = st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from([10**30, "#", "/x", "cell"]),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
            ["type", "properties", "items", "layout", "kind", "at", "id", "title", "$ref", "by", "oneOf", "fill"]),
            inner, max_size=3),
        max_leaves=5,
    )  # fmt: skip

    def put(value: Any, path: tuple[Any, ...], fresh: Any) -> Any:
        if not path:
            return fresh
        copy = dict(value) if isinstance(value, dict) else list(value)
        copy[path[0]] = put(value[path[0]], path[1:], fresh)
        return copy

    return st.tuples(st.sampled_from(places), anything).map(lambda pair: put(document, *pair))


@pytest.mark.databases("sqlite")
def test_any_text_leaves_every_tab_and_the_last_good_form(city: City) -> None:
    one = Typing(city)
    document = json.loads(one.text)
    texts = (
        st.text(max_size=40)
        | st.text(alphabet='{}[]":,\\ua1d80ef \n', max_size=40)
        | _mutations(document).map(lambda value: json.dumps(value, indent=1))
        | st.tuples(st.integers(0, len(one.text)), st.text(max_size=3)).map(
            lambda cut: one.text[: cut[0]] + cut[1] + one.text[cut[0] + 1 :]
        )
    )

    @settings(
        max_examples=120 if FULL_MATRIX else 30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(texts)
    def law(text: str) -> None:
        before = kept(city)
        good = before.source if before else one.text
        answer = one.type(text)
        assert answer.status_code == 200, text
        after = kept(city)
        if one.state["_waited"]:
            assert after.source == good
        else:
            assert isinstance(json.loads(after.source), dict)
        for tab in TABS:
            assert one.client.get(STUDIO + tab).status_code == 200, (tab, text)
        screen = one.client.get(f"{STUDIO}/preview/screen", query_string={"data": "empty"})
        assert screen.status_code in (200, 404), text

    law()


def test_a_text_that_is_too_large_comes_back_and_is_not_kept(city: City) -> None:
    one = Typing(city)
    large = json.dumps({"title": "x" * MOST})
    answer = one.client.post(JSON, data={"text": large, "_base": one.base, "_do": "keep"})  # fmt: skip
    assert answer.status_code == 413
    assert text_in(answer.text) == large
    assert "1,000 kB at most" in answer.text
    assert kept(city) is None


def test_a_problem_is_led_to_by_line_and_column(city: City) -> None:
    answer = Typing(city).type('{\n "🙈": 1,\n "b": NaN}')
    assert "line 3, column 7" in answer.text
    start = answer.text.split('data-start="')[1].split('"')[0]
    assert int(start) == len('{\n "🙈": 1,\n "b": '.encode("utf-16-le")) // 2


def test_what_somebody_did_in_build_is_there_when_the_text_is_finished(city: City) -> None:
    one, other = Typing(city), city.client("sunli")
    document = json.loads(one.text)
    one.type(one.text[:-10])
    said = other.post(
        f"{STUDIO}/steps", data={"do": "set", "at": "", "number": "DPF-99", "was.number": "DPF-07"}
    )
    assert said.status_code == 302
    one.open()
    answer = one.type(json.dumps({**document, "frequency": "quarterly"}))
    assert "changed the number from “DPF-07” to “DPF-99”" in answer.text
    found = json.loads(kept(city).source)
    assert (found["number"], found["frequency"]) == ("DPF-99", "quarterly")


@pytest.mark.databases("sqlite", "postgresql")
def test_two_unfinished_texts_are_both_shown(city: City) -> None:
    one, two = Typing(city), Typing(city)
    one.type("{ first")
    answer = two.type("{ second")
    assert answer.status_code == 409
    assert "{ first" in answer.text
    assert kept(city).unfinished.count("first") == 1
    assert two.type("{ second", "mine", _waits="1").status_code == 200
    assert one.type("{ first more").status_code == 409


def test_what_was_typed_is_one_step_that_is_taken_back(city: City) -> None:
    one = Typing(city)
    document = json.loads(one.text)
    for number in ("1", "12", "123"):
        assert one.type(json.dumps({**document, "number": number})).status_code == 200
    assert json.loads(kept(city).source)["number"] == "123"
    answer = one.client.post(f"{STUDIO}/steps", data={"do": "undo"})
    assert answer.status_code == 302
    assert json.loads(kept(city).source) == document
    assert (
        "There is nothing to take back"
        in one.client.post(f"{STUDIO}/steps", data={"do": "undo"}, follow_redirects=True).text
    )


def test_format_puts_each_value_on_a_line(city: City) -> None:
    one = Typing(city)
    answer = one.type('{"title": "x", "n": 1.50}', "format")
    assert text_in(answer.text, "replaced") == '{\n  "title": "x",\n  "n": 1.50\n}'
    assert one.type('{"title": ', "format").status_code == 200


def test_whoever_may_not_change_the_form_looks_only(city: City) -> None:
    page = city.client("hejun").get(JSON).text
    assert "readonly" in page
    assert 'value="keep"' not in page
    assert city.client("hejun").post(JSON, data={"text": "{}", "_do": "keep"}).status_code == 403
