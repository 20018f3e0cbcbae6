"""The dictionary changed through its pages: kept, told, reaching everybody, taken back; and by whom not."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html

from runtime.api import BASE, made_here
from runtime.site import open_site
from runtime.storage.engine import reading
from tests.rig.city import City

pytestmark = pytest.mark.databases("sqlite")
PHONE = "/builder/dictionary/registers/resident/phone"
RESIDENT = f"{BASE}dictionary/resident.json"


def _form(page: str) -> dict[str, Any]:
    """The controls of the page's form as a browser would post them."""
    return _posted(html.fromstring(page).get_element_by_id("editing"))


def _posted(form: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in form.form_values():
        if name in found:
            found[name] = [*([found[name]] if isinstance(found[name], str) else found[name]), value]
        else:
            found[name] = value
    return found


def _changed(client: FlaskClient, path: str, **values: Any) -> Any:
    """The edit page posted with these values, and once more where the effects are shown first."""
    page = client.get(f"{path}/edit")
    assert page.status_code == 200, page.text
    data = {
        **_form(page.text),
        "_do": "keep",
        **{k.replace("__", "@"): v for k, v in values.items()},
    }
    answer = client.post(f"{path}/edit", data=data)
    if answer.status_code == 200 and "_seen_effects" in answer.text:
        mark = re.search(r'name="_seen_effects" value="(\w+)"', answer.text)
        assert mark is not None
        answer = client.post(f"{path}/edit", data={**data, "_seen_effects": mark[1]})
    return answer


@pytest.mark.parametrize(
    "path",
    [
        "/builder/dictionary",
        "/builder/dictionary?q=cjdj",
        PHONE,
        "/builder/dictionary/registers/resident",
        "/builder/dictionary/registers/resident/age",
        "/builder/dictionary/registers/resident/phone/fresh",
        "/builder/dictionary/indicators/disability",
        "/builder/dictionary/indicators/disability/holders",
        "/builder/dictionary/indicators/disability/holders/edit",
        "/builder/dictionary/codes/disability-grade",
        "/builder/dictionary/codes/disability-grade/-edit",
        "/builder/dictionary/codes/disability-grade/-merge",
        "/builder/dictionary/registers/resident/-new",
        "/builder/dictionary/registers/resident/-edit",
        "/builder/dictionary/indicators/disability/-new?name=Phone",
        "/builder/dictionary/begin/registers",
        "/builder/dictionary/begin/codes",
        "/builder/dictionary/alike",
        "/builder/dictionary/changes",
        f"{PHONE}/edit",
        f"{PHONE}/rename",
        f"{PHONE}/merge",
        "/builder/radar?title=Telephone&home=registers/resident",
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_pages_are_there_for_a_steward(city: City, path: str, language: str) -> None:
    answer = city.client("hejun", language).get(path)
    assert answer.status_code == 200, answer.text[:2000]


def test_a_changed_title_reaches_everybody_and_is_taken_back(city: City) -> None:
    steward = city.client("hejun")
    answer = _changed(
        steward, PHONE, title="Contact number", title__zh_CN="联络号码", reason="As on the paper"
    )
    assert answer.status_code == 302, answer.text
    page = steward.get(PHONE).text
    assert "Contact number" in page
    assert "As on the paper" in page
    assert "Contact number" in city.client("sunli").get("/builder/dictionary?q=phone").text
    fields = city.site.library.register("resident")["properties"]
    assert fields["phone"]["title"] == "Contact number"
    assert city.site.register("resident").schema["properties"]["phone"]["title"] == "Contact number"
    number = re.search(r"/steps/(\d+)/undo", page)
    assert number is not None
    assert steward.post(f"/builder/dictionary/steps/{number[1]}/undo").status_code == 302
    steward.get(PHONE)
    assert city.site.library.register("resident")["properties"]["phone"]["title"] == "Phone"
    with reading(city.site.engine) as session:
        assert made_here.here(session) == frozenset()


def test_another_process_notices(city: City) -> None:
    other = open_site(city.site.settings)
    try:
        assert other.library.register("resident")["properties"]["phone"]["title"] == "Phone"
        _changed(city.client("hejun"), PHONE, title="Contact number")
        with reading(other.engine) as session:
            other.notice(session)
        assert (
            other.library.register("resident")["properties"]["phone"]["title"] == "Contact number"
        )
    finally:
        other.close()


def test_whom_it_reaches_is_told_before_and_which_forms_are_late_after(city: City) -> None:
    steward = city.client("hejun")
    page = steward.get(f"{PHONE}/edit").text
    data = {**_form(page), "_do": "keep", "maxLength": "20"}
    told = steward.post(f"{PHONE}/edit", data=data)
    assert told.status_code == 200
    assert "not compatible" in told.text
    assert "_seen_effects" in told.text
    assert "Contact" not in steward.get(PHONE).text
    answer = _changed(
        steward, "/builder/dictionary/registers/resident/disability_grade", title="Grade"
    )
    assert answer.status_code == 302, answer.text
    late = steward.get("/builder/dictionary/changes").text
    assert "disabled-persons/residents-monthly" in late
    designer = city.client("sunli")
    designer.post(
        "/builder/dictionary/late",
        data={"form": ["disabled-persons/residents-monthly", "civil-affairs/low-income-monthly"]},
    )
    page = designer.get("/builder/dictionary/changes").text
    assert "open draft" in page
    assert "1 form belongs" in page


def test_designers_change_nothing(city: City) -> None:
    designer = city.client("sunli")
    assert "Change</a>" not in designer.get(PHONE).text
    for path in (f"{PHONE}/edit", f"{PHONE}/rename", f"{PHONE}/merge"):
        assert designer.get(path).status_code == 403
        assert designer.post(path, data={"title": "x", "name": "x", "into": "x"}).status_code == 403
    assert designer.post(f"{PHONE}/retire").status_code == 403
    assert city.client("chenwei").get(PHONE).status_code == 403
    assert city.client().get(PHONE).status_code == 302


def test_two_stewards_at_one_field_are_told(city: City) -> None:
    one, other = city.client("hejun"), city.client("hejun")
    data = {**_form(other.get(f"{PHONE}/edit").text), "_do": "keep", "title": "Mine"}
    _changed(one, PHONE, title="Theirs")
    first = other.post(f"{PHONE}/edit", data=data)
    mark = re.search(r'name="_seen_effects" value="(\w+)"', first.text)
    answer = other.post(f"{PHONE}/edit", data={**data, "_seen_effects": mark[1] if mark else ""})
    assert answer.status_code == 409
    assert 'value="Mine"' in answer.text


def test_wrong_input_is_told_and_nothing_typed_is_lost(city: City) -> None:
    steward = city.client("hejun")
    answer = _changed(steward, PHONE, title="", minLength="many", purpose="<b>To call</b>")
    assert answer.status_code == 422
    assert "This is not a number." in answer.text
    assert "&lt;b&gt;To call&lt;/b&gt;" in answer.text
    answer = _changed(steward, PHONE, minLength="1e999999999")
    assert answer.status_code == 422
    assert "This is not a number." in answer.text
    answer = _changed(steward, PHONE, sensitivity="personal", purpose="", purpose__zh_CN="")
    assert answer.status_code == 422
    assert "purpose" in answer.text


def test_an_indicator_is_composed_without_code(city: City) -> None:
    steward = city.client("hejun")
    path = "/builder/dictionary/indicators/elderly/living_alone"
    page = steward.get(f"{path}/edit").text
    assert "lives alone is yes" in page
    data = {**_form(page), "where.0.value": "65"}
    looked = steward.post(
        f"{path}/edit", data={**data, "where.do": "add:"}, headers={"HX-Request": "true"}
    )
    assert looked.status_code == 200
    assert "where.2.field" in looked.text
    answer = _changed(steward, path, **{"where.0.value": "65"})
    assert answer.status_code == 302, answer.text
    fill = city.site.library.source(f"{BASE}indicators/elderly.json")["properties"]["living_alone"][
        "fill"
    ]
    assert fill["where"]["properties"]["age"] == {"minimum": 65}
    assert "at least 65" in steward.get(path).text


def test_a_designer_adds_a_field_and_gives_a_reason_for_what_is_nearly_there(city: City) -> None:
    designer = city.client("sunli")
    path = "/builder/dictionary/registers/resident/-new"
    data = {
        **_form(designer.get(path).text),
        "_do": "keep",
        "title": "Telephone",
        "title@zh-CN": "电话",
        "definition": "Number by which the carer is reached",
        "definition@zh-CN": "照护人的电话",
        "sensitivity": "internal",
        "shape": "phone",
        "key": "carer_telephone",
    }
    refused = designer.post(path, data=data)
    assert refused.status_code == 422
    assert "Say why none of these will do" in refused.text
    answer = designer.post(path, data={**data, "reason": "It is the carer's"})
    assert answer.status_code == 302, answer.text
    assert (
        city.site.library.register("resident")["properties"]["carer_telephone"]["format"] == "phone"
    )
    steward = city.client("hejun")
    assert "It is the carer&#39;s" in steward.get(PHONE).text
    assert "It is the carer&#39;s" in steward.get("/builder/dictionary/changes").text
    assert (
        designer.post(
            path, data={**data, "steward": "housing", "reason": "x", "key": "another"}
        ).status_code
        == 403
    )


def test_a_code_is_added_and_retired(city: City) -> None:
    steward = city.client("hejun")
    path = "/builder/dictionary/codes/disability-grade/-edit"
    data = {**_form(steward.get(path).text), "_do": "keep"}
    free = max(int(n) for n in re.findall(r"code\.(\d+)", " ".join(data))) - 2
    data |= {f"code.{free}": "9", f"title.{free}": "Not graded", f"title.{free}@zh-CN": "未评级"}
    first = steward.post(path, data=data)
    mark = re.search(r'name="_seen_effects" value="(\w+)"', first.text)
    assert mark is not None, first.text
    assert "not compatible" not in first.text
    answer = steward.post(path, data={**data, "_seen_effects": mark[1]})
    assert answer.status_code == 302, answer.text
    page = steward.get("/builder/dictionary/codes/disability-grade").text
    assert "Not graded" in page
    assert "added the choice “Not graded”" in page


def test_while_nothing_is_named_nothing_is_said_to_be_alike(city: City) -> None:
    steward, says = city.client("hejun"), "Nothing in the dictionary is like it."
    new = "/builder/dictionary/registers/resident/-new"
    assert says not in steward.get(new).text
    assert steward.get("/builder/radar?title=&home=registers/resident").text == ""
    assert says in steward.get("/builder/radar?title=Zeppelins&home=registers/resident").text


def test_a_field_is_retired_and_brought_back(city: City) -> None:
    steward = city.client("hejun")
    steward.post(f"{PHONE}/retire", data={"reason": "Nobody asks"})
    page = steward.get(PHONE).text
    assert "retired" in page
    radar = city.client("sunli").get("/builder/radar?title=Phone&home=registers/resident").text
    assert "resident/phone" not in radar
    steward.post(f"{PHONE}/retire", data={"_do": "back", "_seen": "99"})
    assert "deprecated" not in city.site.files.register("resident")["properties"]["phone"]


def test_a_register_a_group_and_a_code_list_are_begun(city: City) -> None:
    steward = city.client("hejun")
    for folder, kind in (
        ("registers", "dictionary"),
        ("indicators", "indicators"),
        ("codes", "code-lists"),
    ):
        data = {
            "title": "Trees", "title@zh-CN": "树木", "home": f"trees-{folder}", "steward": "housing",
            "first": "tree_number", "first_title": "Number", "first_title@zh-CN": "编号",
            "definition": "Trees in streets",
        }  # fmt: skip
        answer = steward.post(f"/builder/dictionary/begin/{folder}", data=data)
        assert answer.status_code == 302, answer.text
        assert f"{BASE}{kind}/trees-{folder}.json" in city.site.library
        assert steward.post(f"/builder/dictionary/begin/{folder}", data=data).status_code == 422
        assert steward.get(f"/builder/dictionary/{folder}/trees-{folder}").status_code == 200
    assert city.client("chenwei").get("/registers/").status_code == 200


def test_pairs_are_told_apart(city: City) -> None:
    steward = city.client("hejun")
    steward.post(
        "/builder/dictionary/registers/resident/-new",
        data={
            **_form(steward.get("/builder/dictionary/registers/resident/-new").text),
            "title": "Telephone", "key": "second_phone", "steward": "housing", "sensitivity": "internal",
            "shape": "phone", "reason": "x", "title@zh-CN": "电话", "definition": "y", "definition@zh-CN": "z",
        },
    )  # fmt: skip
    page = steward.get("/builder/dictionary/alike").text
    assert "second_phone" in page
    both = {"one": f"{RESIDENT}#/properties/phone", "other": f"{RESIDENT}#/properties/second_phone"}
    steward.post("/builder/dictionary/alike/apart", data=both)
    assert "second_phone" in steward.get("/builder/dictionary/alike").text
    steward.post(
        "/builder/dictionary/alike/apart", data={**both, "reason": "A landline", "_seen": "9"}
    )
    assert "second_phone" not in steward.get("/builder/dictionary/alike").text


ABSURD = [
    "",
    "\x00",
    "<script>",
    "x" * 5_000,
    "https://yibiao.example/defs/dictionary/resident.json#/properties/",
    "٣",
    "-1",
    "{}",
]
NAMES = """
    title title@zh-CN synonyms steward sensitivity shape codes minimum retention latest kind
    operation register field on by where.mode where.0.field where.0.test where.0.value where.1.mode
    where.1.0.field where.do key reason into code name one other address form home first first_title
    _do _seen _seen_effects _back code.0 old.0 title.0 from.0 to.0
""".split()  # noqa: SIM905 - one line per name would hide them
PLACES = [
    "registers/resident/phone",
    "registers/resident/age",
    "indicators/elderly/living_alone",
    "codes/sex",
    "registers/resident",
    "indicators/elderly",
]


@pytest.mark.parametrize("place", PLACES)
def test_whatever_is_posted_nothing_breaks(city: City, place: str) -> None:
    steward = city.client("hejun")
    home = place.count("/") == 1
    steps = (
        ("-edit", "-new", "-retire", "-merge") if home else ("edit", "retire", "rename", "merge")
    )
    for value in ABSURD:
        data = dict.fromkeys(NAMES, value)
        for step in steps:
            path = f"/builder/dictionary/{place}/{step}"
            assert steward.post(path, data=data).status_code < 500, (path, value[:40])
            assert steward.get(path, query_string=data).status_code < 500, (path, value[:40])
        for path in (
            "alike/apart",
            "take-in",
            "late",
            "begin/registers",
            "begin/codes",
            "steps/1/undo",
            "steps/9/carry",
        ):
            assert steward.post(f"/builder/dictionary/{path}", data=data).status_code < 500, (
                path,
                value[:40],
            )
        radar = steward.get("/builder/radar", query_string=data)
        assert radar.status_code < 500
