"""The list of forms: found, filtered, sorted, page by page; where a new form begins."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from builder import burdens, forms
from runtime import clock
from runtime.api import drafts, form_address
from runtime.storage.engine import reading, writing
from runtime.storage.publishing_tables import Admission
from runtime.storage.tables import FormVersion
from tests.rig.city import NOW, City

pytestmark = pytest.mark.databases("sqlite")
OWN = "disabled-persons"


def _shown(page: str) -> list[str]:
    return re.findall(r'name="form" value="([^"]+)"', page)


def _list(city: City, **asked: str) -> list[str]:
    return _shown(city.client("sunli").get("/builder/", query_string=asked).text)


def _draft(city: City, short: str, text: str) -> None:
    with writing(city.site.engine) as session:
        drafts.keep(session, form_address(short), text, 0, None)


def _text(city: City, short: str) -> dict[str, Any]:
    with reading(city.site.engine) as session:
        found = drafts.text_of(session, city.site.library, form_address(short))
        return dict(json.loads(found))


def test_it_tells_owner_state_burden_and_last_change(city: City) -> None:
    page = city.client("sunli").get("/builder/", query_string={"q": "DPF-07"}).text
    assert "Disabled Persons" in page
    assert "version 1" in page
    assert re.search(r"\d+ of \d+", page)
    assert "1 Nov 2026" in page


def test_it_says_the_hours_that_the_catalogue_says(city: City) -> None:
    client = city.client("sunli")
    catalogue = client.get("/builder/catalogue/forms.csv").data.decode("utf-8-sig")
    hours = {row["Number"]: row["Hours a year"] for row in csv.DictReader(io.StringIO(catalogue))}
    page = client.get("/builder/").text
    number, said = r'data-title="Number">([^<]+)<', r">([\d.,]+) hours a year<"
    rows = [(re.findall(number, row), re.findall(said, row)) for row in page.split("</tr>")]
    told = {of[0]: float(said[0]) for of, said in rows if of and said}
    assert told["DPF-07"] > 0
    assert set(told) == {number for number, said in hours.items() if said}
    for number, said in told.items():
        assert said == pytest.approx(float(hours[number]), abs=0.051)
    rows = 'data-title="Number">CA-09</td>'
    assert "+ 2 a row" in page[page.index(rows) :].partition("</tr>")[0]


def test_the_entries_behind_the_hours_are_read_once_a_day(city: City) -> None:
    """They are hundreds for each form, and a page lists fifty forms."""
    asked: list[str] = []

    def hear(*given: Any) -> None:
        asked.extend(re.findall(r"FROM (entry(?:_revision)?)\b", given[2]))

    client = city.client("sunli")
    event.listen(city.site.engine, "before_cursor_execute", hear)
    told = [client.get("/builder/").text.count("hours a year"), len(asked)]
    assert min(told) > 1
    asked.clear()
    assert client.get("/builder/").text.count("hours a year") == told[0]
    assert asked == []
    with clock.fixed(NOW + timedelta(days=1)):
        client.get("/builder/")
    assert asked


def test_a_name_is_made_of_the_title(city: City) -> None:
    client = city.client("sunli")
    for title, name in (
        ("Home visits, monthly", "home-visits-monthly"),
        ("Home visits, monthly", "home-visits-monthly-2"),
        ("残疾人", "can-ji-ren"),
        ("Department", "department-2"),
        ("☂", "form"),
    ):
        answer = client.post("/builder/forms", data={"department": OWN, "title": title})
        assert answer.location == f"/builder/forms/{OWN}/{name}"
        assert _text(city, f"{OWN}/{name}")["title"] == title
    assert "translations" not in _text(city, f"{OWN}/home-visits-monthly")
    assert _text(city, f"{OWN}/can-ji-ren")["translations"]["zh-CN"]["title"] == "残疾人"


def test_a_copy_may_have_a_title_of_its_own(city: City) -> None:
    data = {"department": OWN, "title": "Once more", "copy_of": f"{OWN}/needs-survey"}
    answer = city.client("sunli").post("/builder/forms", data=data)
    assert _text(city, answer.location.removeprefix("/builder/forms/"))["title"] == "Once more"
    data = {"department": OWN, "copy_of": f"{OWN}/needs-survey"}
    answer = city.client("sunli").post("/builder/forms", data=data)
    assert answer.location == f"/builder/forms/{OWN}/needs-survey-2"


@pytest.mark.parametrize(
    ("title", "says"), [("", "Give the form a title"), ("long " * 50, "at most 200 characters")]
)
def test_a_form_without_a_fit_title_is_not_begun(city: City, title: str, says: str) -> None:
    answer = city.client("sunli").post("/builder/forms", data={"department": OWN, "title": title})
    assert answer.status_code == 422
    assert says in answer.text
    assert title.strip() in answer.text


def test_it_is_read_anew_where_another_thread_forgets_meanwhile(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Forgetful(dict[Any, Any]):
        def __setitem__(self, _key: Any, _value: Any) -> None:
            self.clear()

        def update(self, *_more: Any, **_named: Any) -> None:
            self.clear()

    monkeypatch.setattr(forms, "_said", Forgetful())
    monkeypatch.setattr(burdens, "_known", Forgetful())
    _draft(city, f"{OWN}/loans", '{"title": "借出登记", "number": "X-1"}')
    page = city.client("sunli").get("/builder/").text
    assert "借出登记" in page
    assert re.search(r"\d+ of \d+", page)


def test_filters_narrow_it(city: City) -> None:
    _draft(city, f"{OWN}/loans", '{"title": "借出登记", "number": "X-1"}')
    assert all(short.startswith("civil") for short in _list(city, department="civil-affairs"))
    assert _list(city, state="draft") == [f"{OWN}/loans"]
    assert _list(city, q="jiechu") == [f"{OWN}/loans"]
    assert _list(city, q="X-1") == [f"{OWN}/loans"]
    assert f"{OWN}/loans" not in _list(city, state="published")
    assert _list(city, state="retired") == []


def test_a_retired_form_says_so(city: City) -> None:
    with writing(city.site.engine) as session:
        version = session.query(FormVersion).filter(FormVersion.address.contains("needs")).one()
        version.retired_at = version.published_at
    assert _list(city, state="retired") == [f"{OWN}/needs-survey"]
    assert ">retired<" in city.client("sunli").get("/builder/").text


def test_it_is_sorted_either_way(city: City) -> None:
    _draft(city, f"{OWN}/loans", "{ half")
    for order in ("name", "number", "changed", "burden"):
        one, other = _list(city, sort=order), _list(city, sort=order, turned="1")
        assert sorted(one) == sorted(other)
        assert one != other
    assert _list(city, sort="burden", turned="1")[-1] == f"{OWN}/loans"
    assert _list(city, sort="nonsense") == _list(city)


def test_a_long_list_has_pages(city: City) -> None:
    for n in range(60):
        _draft(city, f"{OWN}/form-{n}", '{"title": "Form"}')
    first, second = _list(city), _list(city, page="2")
    assert len(first) == 50
    assert not set(first) & set(second)
    assert _list(city, page="99") == second
    assert _list(city, page="-3") == first


def test_who_changed_it_last_is_named(city: City) -> None:
    client = city.client("sunli")
    client.post("/builder/forms", data={"department": OWN, "name": "mine"})
    page = client.get("/builder/", query_string={"q": "mine"}).text
    assert "<small>Sun Li" in page


def test_a_copy_is_of_the_own_department(city: City) -> None:
    client = city.client("sunli")
    data = {"department": OWN, "name": "copied", "copy_of": "fire-emergency/rented-homes-quarterly"}
    answer = client.post("/builder/forms", data=data)
    assert answer.location == f"/builder/forms/{OWN}/copied"
    made = _text(city, f"{OWN}/copied")
    assert made["department"] == OWN
    assert made["extends"] == "../housing/rented-homes-quarterly.json"
    assert "number" not in made
    assert "Rented" in client.get(answer.location).text


@pytest.mark.parametrize(
    ("copied", "draft", "says"),
    [
        ("civil-affairs/none", "", "There is no form civil-affairs/none."),
        (f"{OWN}/half", "{ half", "is no JSON object"),
        ("@@", "", "There is no form @@."),
    ],
)
def test_what_cannot_be_copied_is_named_and_nothing_typed_is_lost(
    city: City, copied: str, draft: str, says: str
) -> None:
    if draft:
        _draft(city, copied, draft)
    data = {"department": OWN, "name": "my-copy", "copy_of": copied}
    answer = city.client("sunli").post("/builder/forms", data=data)
    assert answer.status_code == 422
    assert says in answer.text
    assert 'value="my-copy"' in answer.text


def test_the_link_of_a_row_fills_in_what_is_copied(city: City) -> None:
    page = city.client("sunli").get("/builder/", query_string={"copy": f"{OWN}/needs-survey"}).text
    assert f'value="{OWN}/needs-survey" list=' in page


def test_who_designs_nothing_begins_nothing(city: City) -> None:
    page = city.client("hejun").get("/builder/").text
    assert 'id="new"' not in page
    assert "/builder/import" not in page


def test_what_waits_for_a_steward_says_so(city: City) -> None:
    _draft(city, f"{OWN}/loans", "{}")
    with writing(city.site.engine) as session:
        session.add(
            Admission(
                address=form_address(f"{OWN}/loans"), department=OWN, source="{}", asked_at=NOW
            )
        )
    assert _list(city, state="awaiting") == [f"{OWN}/loans"]
    assert _list(city, state="draft") == []
